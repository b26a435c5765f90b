import type { CodedError, Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import type { ActiveFilter, RecorderApi } from '../ports/api';
import type { Clock } from '../ports/clock';

/** A sign-in that the server has accepted. */
export interface AcceptedSignIn {
  /** When the server last accepted the credentials, a reading of the monotonic clock, ms. */
  readonly provenAt: number;
  /** Whether the recordings list has answered well. */
  readonly listAnswered: boolean;
}

/** The filter that shows anybody's recording of the line, or the user's own where no line is set (§6). */
export function activeFilterOf(line: Line, username: string): ActiveFilter {
  if (line.directoryNumber !== null) return { directoryNumber: line.directoryNumber };
  if (line.deviceName !== null) return { deviceName: line.deviceName };
  return { username };
}

/** What a failure of the live list means for a sign-in. */
type LiveFailure =
  /** 403: this user may not see recordings in progress, but perhaps list, or start. */
  | 'forbidden'
  /** 404 or 405: a server before 2019.Winter.1, or no recording server at all. */
  | 'missing'
  /** The server has trouble that may pass. */
  | 'transient'
  | 'final';

/** Whether the server has no live list, or what answers is another server (API reference §6). */
export function mayLackLiveList({ code, detail }: CodedError): boolean {
  if (code === 'live-list-unavailable') return true;
  return code === 'not-this-server' && (detail.status === 404 || detail.status === 405);
}

function isForbidden({ code }: CodedError): boolean {
  return code === 'level-too-low' || code === 'not-allowed';
}

function liveFailure(error: CodedError): LiveFailure {
  if (isForbidden(error)) return 'forbidden';
  if (mayLackLiveList(error)) return 'missing';
  switch (error.code) {
    case 'server-error':
    case 'service-down':
    case 'timeout':
      return 'transient';
    default:
      return 'final';
  }
}

/**
 * Checks server and credentials with harmless requests, one after the other: an unproven password never has two
 * requests out, and after a 401 nothing more is sent.
 *
 * | live list (§6) | recordings list (§3) | sign-in |
 * | --- | --- | --- |
 * | 2xx | not asked | accepted |
 * | 403 | 2xx or 403 (may record, not list) | accepted |
 * | 404, 405 (before 2019.Winter.1) | 2xx | accepted |
 * | 5xx, timeout | 2xx | accepted |
 * | 5xx, timeout | 403 | failed, as the live list |
 * | 403, 404, 405, 5xx, timeout | anything else | failed, as the recordings list |
 * | 401, a page, a redirect, no connection … | not asked | failed, as the live list |
 *
 * @param api of the candidate, not yet behind a gate
 * @param filter what the light will ask for
 * @returns failures as the API gave them
 */
export async function checkSignIn(
  api: RecorderApi,
  filter: ActiveFilter,
  username: string,
  clock: Clock,
): Promise<Result<AcceptedSignIn>> {
  const accepted = (listAnswered: boolean) => succeed({ provenAt: clock.monotonicNow(), listAnswered });
  const live = await api.activeRecordings(filter);
  if (live.ok) return accepted(false);
  const failure = liveFailure(live.error);
  if (failure === 'final') return live;
  const list = await api.listRecordings({ ownerUsername: username }, { page: 0, pageSize: 1 });
  if (list.ok) return accepted(true);
  if (!isForbidden(list.error)) return list;
  switch (failure) {
    case 'forbidden':
      return accepted(false);
    case 'transient':
      return live;
    case 'missing':
      return list;
  }
}
