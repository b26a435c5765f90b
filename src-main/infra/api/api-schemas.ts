import { parse as parseDuration, serialize as serializeDuration } from 'tinyduration';
import * as v from 'valibot';

import type {
  ActiveRecording,
  Direction,
  RecordingDetails,
  RecordingsPage,
  ServerUser,
} from '../../shared/recording';

// What the server sends, field by field. Unknown fields are ignored; what is required is what the reference
// promises, and only what is known to vary between servers is tolerated.

const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const guid = v.pipe(
  v.string(),
  v.regex(guidPattern),
  v.transform((id) => id.toLowerCase()),
);

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** ISO 8601 with an offset; without one the moment would be a guess. */
const instant = v.pipe(
  v.string(),
  v.regex(instantPattern),
  // Engines promise to read three fraction digits only; the server sends up to seven.
  v.transform((text) =>
    Date.parse(text.replace(/(\.\d{3})\d+/, '$1').replace(/([+-]\d{2})(\d{2})$/, '$1:$2')),
  ),
  v.number(),
  v.finite(),
);

const durationPattern =
  /^P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?$/;

const dayMs = 86_400_000;

function durationToMs(text: string): number {
  const {
    years = 0,
    months = 0,
    weeks = 0,
    days = 0,
    hours = 0,
    minutes = 0,
    seconds = 0,
  } = parseDuration(text);
  const wholeDays = years * 365 + months * 30 + weeks * 7 + days;
  return Math.round(wholeDays * dayMs + hours * 3_600_000 + minutes * 60_000 + seconds * 1_000);
}

const duration = v.pipe(
  v.string(),
  v.regex(durationPattern),
  v.transform(durationToMs),
  v.number(),
  v.finite(),
);

const directions: Readonly<Record<0 | 1 | 2, Direction>> = { 0: 'unknown', 1: 'incoming', 2: 'outgoing' };
const direction = v.pipe(
  v.picklist([0, 1, 2]),
  v.transform((number) => directions[number]),
);

/** Text that may be missing, null or empty: all three mean that there is none. */
const optionalText = v.pipe(
  v.nullish(v.string(), null),
  v.transform((text) => (text === '' ? null : text)),
);

const wholeCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Missing and null alike become null. */
function optional<T>(schema: v.GenericSchema<unknown, T>) {
  return v.nullish(schema, null);
}

const user: v.GenericSchema<unknown, ServerUser> = v.object({
  username: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  phoneNumber: optionalText,
  group: optionalText,
  department: optionalText,
});

/** The answer of a start and of an upload: the new recording's id. */
export const createdSchema: v.GenericSchema<unknown, { readonly id: string }> = v.object({ id: guid });

/** §6. */
export const activeRecordingsSchema: v.GenericSchema<unknown, readonly ActiveRecording[]> = v.array(
  v.pipe(
    v.object({
      id: guid,
      duration,
      startedAt: instant,
      localParty: optional(v.object({ username: optionalText })),
      remoteParty: optional(
        v.object({ firstName: optionalText, lastName: optionalText, phoneNumber: optionalText }),
      ),
      isPaused: v.boolean(),
    }),
    v.transform((item) => ({
      id: item.id,
      durationMs: item.duration,
      startedAt: item.startedAt,
      localUsername: item.localParty?.username ?? null,
      remoteParty: item.remoteParty ?? { firstName: null, lastName: null, phoneNumber: null },
      isPaused: item.isPaused,
    })),
  ),
);

/** §3. */
export const recordingsPageSchema: v.GenericSchema<unknown, RecordingsPage> = v.object({
  totalCount: wholeCount,
  recordings: v.array(
    v.pipe(
      v.object({
        id: guid,
        referenceNumber: v.string(),
        startTime: instant,
        duration,
        direction,
        ownerUsername: optionalText,
        localPartyNumber: optionalText,
        remotePartyNumber: optionalText,
      }),
      v.transform(({ duration: durationMs, ...rest }) => ({ ...rest, durationMs })),
    ),
  ),
});

/** Newer servers put `pbxInfo` in place of `pbxCallId`; what it holds is not documented. */
const pbxText = v.pipe(
  v.unknown(),
  v.transform((value) => {
    if (typeof value === 'string') return value === '' ? null : value;
    return typeof value === 'number' ? String(value) : null;
  }),
);

/** §4. */
export const recordingDetailsSchema: v.GenericSchema<unknown, RecordingDetails> = v.pipe(
  v.object({
    id: guid,
    referenceNumber: v.string(),
    pbxCallId: v.optional(pbxText),
    pbxInfo: v.optional(pbxText),
    startTime: instant,
    duration,
    direction,
    localPartyNumber: optionalText,
    remotePartyNumber: optionalText,
    owner: optional(user),
    preservingUser: optional(user),
    note: optional(v.object({ owner: optional(user), text: v.nullish(v.string(), '') })),
    size: optional(wholeCount),
    hash: optional(
      v.object({
        SHA256: optional(
          v.pipe(
            v.string(),
            v.regex(/^[0-9a-f]{64}$/i),
            v.transform((hex) => hex.toUpperCase()),
          ),
        ),
      }),
    ),
  }),
  v.transform(({ duration: durationMs, pbxCallId, pbxInfo, size, hash, ...rest }) => ({
    ...rest,
    durationMs,
    pbxCallId: pbxCallId ?? pbxInfo ?? null,
    sizeBytes: size,
    sha256: hash?.SHA256 ?? null,
  })),
);

/** The body of a refusal: what there is of it that has the right type. */
export interface Refusal {
  readonly reason?: number;
  readonly deviceName?: string;
  readonly username?: string;
  readonly extension?: string;
  readonly message?: string;
}

/**
 * Reads the body of a refusal. Its fields matter singly, so a wrong one does not spoil the others.
 * @param value parsed JSON, or anything else
 */
export function readRefusal(value: unknown): Refusal {
  if (typeof value !== 'object' || value === null) return {};
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string | undefined => {
    const field = fields.get(name);
    return typeof field === 'string' && field !== '' ? field : undefined;
  };
  const reason = fields.get('reason');
  const [deviceName, username, extension, message] = ['deviceName', 'username', 'extension', 'message'].map(
    text,
  );
  return {
    ...(typeof reason === 'number' && Number.isSafeInteger(reason) ? { reason } : {}),
    ...(deviceName === undefined ? {} : { deviceName }),
    ...(username === undefined ? {} : { username }),
    ...(extension === undefined ? {} : { extension }),
    ...(message === undefined ? {} : { message }),
  };
}

/**
 * Parses an answer.
 * @returns the value, or the path of the first field that is wrong (`recordings.3.startTime`, `body` for the whole)
 */
export function parseAnswer<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string } {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  return { ok: false, field: v.getDotPath(issue) ?? 'body' };
}

/**
 * A duration as the server writes it (`PT1M31.87S`).
 * @param durationMs not negative
 */
export function isoDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1_000);
  return serializeDuration({
    hours: Math.floor(seconds / 3_600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: Number(((seconds % 60) + (durationMs % 1_000) / 1_000).toFixed(3)),
  });
}
