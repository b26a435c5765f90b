import * as v from 'valibot';
import { parseDuration, parseInstant, type Zone } from '../iso-time';
import type { Direction } from '../recording';

/** The metadata of an upload, as understood. */
export interface UploadMetadata {
  readonly startMs: number;
  readonly startTicks: number;
  readonly durationMs: number;
  readonly direction: Direction;
  readonly localUsername: string;
  readonly localPhoneNumber: string;
  readonly remotePhoneNumber: string;
  readonly pbxCallId: string;
  readonly notes: string;
  readonly preserved: boolean;
}

const schema = v.object({
  startDateTime: v.string(),
  duration: v.string(),
  direction: v.picklist([0, 1, 2]),
  localParty: v.object({
    username: v.pipe(v.string(), v.nonEmpty()),
    phoneNumber: v.pipe(v.string(), v.nonEmpty()),
  }),
  remoteParty: v.nullish(v.object({ phoneNumber: v.nullish(v.string()) })),
  pbxCallId: v.nullish(v.string()),
  // Newer servers take it in place of the one above; what is in it is a guess.
  pbxInfo: v.nullish(v.looseObject({ callId: v.nullish(v.string()) })),
  notes: v.nullish(v.string()),
  preserved: v.nullish(v.boolean()),
});

/** Reads the part `jsondata`; the message names the field that is wrong. */
export function readMetadata(
  json: unknown,
  zone: Zone,
  isoForms: 'extended' | 'any',
):
  | { readonly ok: true; readonly metadata: UploadMetadata }
  | { readonly ok: false; readonly message: string } {
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { ok: false, message: `${v.getDotPath(issue) ?? 'jsondata'}: ${issue.message}` };
  }
  const given = parsed.output;
  const start = parseInstant(given.startDateTime, zone, isoForms);
  if (!start) return { ok: false, message: 'startDateTime: not an ISO 8601 date and time' };
  const durationMs = parseDuration(given.duration);
  if (durationMs === null) return { ok: false, message: 'duration: not an ISO 8601 duration' };
  return {
    ok: true,
    metadata: {
      startMs: start.ms,
      startTicks: start.ticks,
      durationMs,
      direction: given.direction,
      localUsername: given.localParty.username,
      localPhoneNumber: given.localParty.phoneNumber,
      remotePhoneNumber: given.remoteParty?.phoneNumber ?? '',
      pbxCallId: given.pbxCallId ?? given.pbxInfo?.callId ?? '',
      notes: given.notes ?? '',
      preserved: given.preserved ?? false,
    },
  };
}
