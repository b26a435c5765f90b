import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { ActiveRecording, Line } from '@shared/domain/recording';
import { sameRecordingId } from '@shared/domain/recording';
import type { ActiveFilter, CallOptions, RecorderApi } from '../ports/api';
import type { PollAnswer } from './events';
import { isLockedOut, isNotVisible } from './outcome';
import { isSameUser, ownedByFilter } from './ownership';
import { isSameStart } from './same-start';
import type { PollScope } from './state';

/** A Dial-In is never stopped with a device name (API reference §2b). */
export function lineToStop(line: Line): Line {
  return line.mode === 'dial-in' ? { ...line, deviceName: null } : line;
}

/** What a poll asks for. */
export interface PollQuestion {
  readonly line: Line;
  readonly username: string;
  readonly scope: PollScope;
  /** The ids of what is tracked already: none of them is a new id of anything else. */
  readonly known: readonly string[];
}

/**
 * Reads what runs (API reference §6): on the line, whoever records it; and, where asked for, what is recorded for the
 * user on other lines. By number where there is one: with a device name as well, a recording of the same line on
 * another phone would stay hidden.
 */
export async function readActive(
  api: RecorderApi,
  { line, username, scope, known }: PollQuestion,
  options: CallOptions,
): Promise<Result<PollAnswer>> {
  const byUser: ActiveFilter = { username };
  const byLine: ActiveFilter =
    line.directoryNumber !== null
      ? { directoryNumber: line.directoryNumber }
      : line.deviceName !== null
        ? { deviceName: line.deviceName }
        : byUser;
  const first = await api.activeRecordings(byLine, options);
  if (!first.ok) return first;
  const owned = byLine === byUser ? ownedByFilter(first.value, username) : [];
  const onLine = first.value.map((recording) => ({
    recording,
    onLine: true,
    forUser: owned.includes(recording),
  }));
  if (scope === 'line' || byLine === byUser) return succeed({ listed: onLine, othersMissing: null });
  const second = await api.activeRecordings(byUser, options);
  if (!second.ok) {
    if (isLockedOut(second.error)) return second;
    // A server that hides the rest does not hide the line.
    return succeed({ listed: onLine, othersMissing: isNotVisible(second.error) ? null : second.error });
  }
  const mine = ownedByFilter(second.value, username);
  const goesOnAs = renamedBetween(first.value, mine, username, known);
  const isMine = (id: string) => mine.some((recording) => sameRecordingId(recording.id, id));
  const present = onLine.map((item) => {
    const recording = goesOnAs.get(item.recording) ?? item.recording;
    return { ...item, recording, forUser: isMine(recording.id) };
  });
  const elsewhere = mine
    .filter((recording) => !present.some((item) => sameRecordingId(item.recording.id, recording.id)))
    .map((recording) => ({ recording, onLine: false, forUser: true }));
  return succeed({ listed: [...present, ...elsewhere], othersMissing: null });
}

/**
 * A call may get another id between the two questions of one list. What the later answer shows instead of an entry of
 * this user, with the same start, is that entry: taken for two, one recording would be told twice.
 * @returns the entries of the line, with what they go on as
 */
function renamedBetween(
  listed: readonly ActiveRecording[],
  mine: readonly ActiveRecording[],
  username: string,
  known: readonly string[],
): ReadonlyMap<ActiveRecording, ActiveRecording> {
  const isIn = (answer: readonly ActiveRecording[], { id }: ActiveRecording) =>
    answer.some((other) => sameRecordingId(other.id, id));
  const isKnown = ({ id }: ActiveRecording) => known.some((other) => sameRecordingId(other, id));
  const added = new Set(mine.filter((recording) => !isIn(listed, recording) && !isKnown(recording)));
  const goesOnAs = new Map<ActiveRecording, ActiveRecording>();
  for (const recording of listed) {
    const { localUsername, startedAt } = recording;
    if (localUsername === null || !isSameUser(localUsername, username) || isIn(mine, recording)) continue;
    const next = [...added].find((other) => isSameStart(other.startedAt, startedAt));
    if (next === undefined) continue;
    added.delete(next);
    goesOnAs.set(recording, next);
  }
  return goesOnAs;
}

/** Whether a recording is among the completed ones (API reference §4). */
export async function isCompleted(
  api: RecorderApi,
  id: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  const result = await api.getRecording(id, options);
  if (result.ok) return succeed(true);
  const absent = result.error.code === 'recording-not-found' || result.error.code === 'invalid-id';
  return absent || isNotVisible(result.error) ? succeed(false) : result;
}
