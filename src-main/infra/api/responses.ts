import type {
  ActiveRecording,
  RecordingDetails,
  RecordingsPage,
  RecordingSummary,
  ServerUser,
} from '@shared/domain/recording';
import {
  readCount,
  readDirection,
  readDuration,
  readFields,
  readFlag,
  readId,
  readInstant,
  readLines,
  readText,
} from './fields';

// What the server sends (API reference §1, §3, §4, §6, §7), read tolerantly: unknown fields are ignored, and a field
// that cannot be read costs no more than itself. Only what identifies a recording is required.

/** What an answer says, or the path of the first field without which it cannot be used. */
export type ReadAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string };

const read = <T>(value: T): ReadAnswer<T> => ({ ok: true, value });
const unreadable = (field: string): ReadAnswer<never> => ({ ok: false, field });

/** More calls at once than one line or user can have. */
const maxActiveRecordings = 2_000;
/** Longest text of `pbxInfo` that is shown. */
const maxPbxTextLength = 500;

/** The answer of a start and of an upload (§1, §7): the new recording's id, in an object or by itself. */
export function readCreated(value: unknown): ReadAnswer<{ readonly id: string }> {
  const id = readId(readFields(value)?.get('id') ?? value);
  return id === null ? unreadable('id') : read({ id });
}

function readActive(value: unknown): ActiveRecording | null {
  const fields = readFields(value);
  const id = readId(fields?.get('id'));
  if (fields === null || id === null) return null;
  const remote = readFields(fields.get('remoteParty'));
  return {
    id,
    durationMs: readDuration(fields.get('duration')),
    startedAt: readInstant(fields.get('startedAt')),
    localUsername: readText(readFields(fields.get('localParty'))?.get('username')),
    remoteParty: {
      firstName: readText(remote?.get('firstName')),
      lastName: readText(remote?.get('lastName')),
      phoneNumber: readText(remote?.get('phoneNumber')),
    },
    // The entry itself proves that a call is recorded; only a plain yes makes it a paused one.
    isPaused: readFlag(fields.get('isPaused')),
  };
}

/**
 * Active recordings (§6). Entries without a readable id are left out, but a list of nothing else cannot be read: it
 * must not look like an empty one.
 */
export function readActiveRecordings(value: unknown): ReadAnswer<readonly ActiveRecording[]> {
  if (!Array.isArray(value)) return unreadable('body');
  if (value.length > maxActiveRecordings) return unreadable('size');
  const entries = value.map(readActive).filter((entry) => entry !== null);
  return value.length > 0 && entries.length === 0 ? unreadable('0.id') : read(entries);
}

function readSummary(value: unknown): RecordingSummary | null {
  const fields = readFields(value);
  const id = readId(fields?.get('id'));
  const startTime = readInstant(fields?.get('startTime'));
  if (fields === null || id === null || startTime === null) return null;
  return {
    id,
    referenceNumber: readText(fields.get('referenceNumber')) ?? '',
    startTime,
    durationMs: readDuration(fields.get('duration')) ?? 0,
    direction: readDirection(fields.get('direction')),
    ownerUsername: readText(fields.get('ownerUsername')),
    localPartyNumber: readText(fields.get('localPartyNumber')),
    remotePartyNumber: readText(fields.get('remotePartyNumber')),
  };
}

/** A page as it was asked for. */
export interface AskedPage {
  /** 0-based. */
  readonly page: number;
  readonly pageSize: number;
}

/** Rows that the server has at least, after a page of so many; one more where the page may not be the last. */
function leastCount({ page, pageSize }: AskedPage, rows: number): number {
  return page * pageSize + rows + (rows >= pageSize ? 1 : 0);
}

/**
 * A page of the recordings list (§3). A row needs an id and a start time; what lacks one is counted. Where the total is
 * missing, it is taken from the page, with one row more behind a full one, so that the next page is asked for.
 */
export function readRecordingsPage(value: unknown, asked: AskedPage): ReadAnswer<RecordingsPage> {
  const fields = readFields(value);
  if (fields === null) return unreadable('body');
  const rows = fields.get('recordings');
  const told = readCount(fields.get('totalCount'));
  if (rows === null && told !== null && told <= asked.page * asked.pageSize) {
    return read({ totalCount: told, recordings: [] });
  }
  if (!Array.isArray(rows)) return unreadable('recordings');
  const recordings = rows.map(readSummary).filter((row) => row !== null);
  const lost = rows.length - recordings.length;
  return read({
    totalCount: told ?? leastCount(asked, rows.length),
    recordings,
    ...(lost === 0 ? {} : { unreadable: lost }),
  });
}

function readUser(value: unknown): ServerUser | null {
  const fields = readFields(value);
  const text = (name: string) => readText(fields?.get(name));
  const username = fields === null ? readText(value) : text('username');
  if (fields === null && username === null) return null;
  return {
    username,
    firstName: text('firstName'),
    lastName: text('lastName'),
    phoneNumber: text('phoneNumber'),
    group: text('group'),
    department: text('department'),
  };
}

/** Everything that can be read in a value, as one line; what it holds is not documented (*Newer servers*). */
function pbxWords(value: unknown, depth = 0): readonly string[] {
  const text = readText(value);
  if (text !== null) return [text];
  if (typeof value !== 'object' || value === null || depth > 2) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const words = pbxWords(part, depth + 1);
    if (words.length === 0 || Array.isArray(value)) return words;
    return [`${name}: ${words.join(', ')}`];
  });
}

function readNote(value: unknown): RecordingDetails['note'] {
  const fields = readFields(value);
  if (fields !== null)
    return { owner: readUser(fields.get('owner')), text: readLines(fields.get('text')) ?? '' };
  const text = readLines(value);
  return text === null ? null : { owner: null, text };
}

function readSha256(value: unknown): string | null {
  const text = readText(readFields(value)?.get('SHA256'));
  return text !== null && /^[0-9a-f]{64}$/i.test(text) ? text.toUpperCase() : null;
}

/**
 * Everything about one recording (§4).
 * @param askedId the id that was asked for: an answer that does not name one is about that recording
 */
export function readDetails(value: unknown, askedId: string): ReadAnswer<RecordingDetails> {
  const fields = readFields(value);
  if (fields === null) return unreadable('body');
  const startTime = readInstant(fields.get('startTime'));
  if (startTime === null) return unreadable('startTime');
  const pbxText = [fields.get('pbxCallId'), fields.get('pbxInfo')]
    .map((part) => pbxWords(part).join(', ').slice(0, maxPbxTextLength))
    .find((text) => text !== '');
  return read({
    id: readId(fields.get('id')) ?? askedId.toLowerCase(),
    referenceNumber: readText(fields.get('referenceNumber')) ?? '',
    pbxCallId: pbxText ?? null,
    startTime,
    durationMs: readDuration(fields.get('duration')) ?? 0,
    direction: readDirection(fields.get('direction')),
    localPartyNumber: readText(fields.get('localPartyNumber')),
    remotePartyNumber: readText(fields.get('remotePartyNumber')),
    owner: readUser(fields.get('owner')),
    preservingUser: readUser(fields.get('preservingUser')),
    note: readNote(fields.get('note')),
    sizeBytes: readCount(fields.get('size')),
    sha256: readSha256(fields.get('hash')),
  });
}

/** The body of a refusal: what there is of it that can be read. */
export interface Refusal {
  readonly reason?: number;
  readonly deviceName?: string;
  readonly username?: string;
  readonly extension?: string;
  readonly message?: string;
}

/**
 * Reads the body of a refusal.
 * @param value parsed JSON, or anything else
 */
export function readRefusal(value: unknown): Refusal {
  const fields = readFields(value);
  if (fields === null) return {};
  const reason = readCount(fields.get('reason'));
  const words = (['deviceName', 'username', 'extension', 'message'] as const).flatMap((name) => {
    const text = readText(fields.get(name));
    return text === null ? [] : [[name, text] as const];
  });
  return { ...(reason === null ? {} : { reason }), ...Object.fromEntries(words) };
}
