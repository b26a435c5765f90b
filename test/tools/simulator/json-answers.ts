import type { Accounts } from './accounts';
import type { Generation } from './api-routes';
import { formatDuration, formatServerTime, type Zone } from './iso-time';
import { changeJson } from './json-path';
import type { LiveRecording } from './live-recording';
import type { Recording } from './recording';
import type { ServiceState } from './service-state';

type Json = Readonly<Record<string, unknown>>;

/** What the form of an answer depends on. */
interface Manner {
  readonly zone: Zone;
  readonly service: ServiceState;
}

/** A row of *Recordings list*. */
export function describeRow(recording: Recording, manner: Manner): unknown {
  const row = {
    id: recording.id.toUpperCase(),
    referenceNumber: recording.referenceNumber,
    startTime: startOf(recording, manner),
    duration: formatDuration(recording.durationMs, manner.service.longDurations),
    direction: recording.direction,
    localPartyNumber: recording.localPartyNumber,
    remotePartyNumber: recording.remotePartyNumber,
    ownerUsername: recording.ownerUsername,
  };
  return onTheWire(row, recording, 'list');
}

/** The metadata of *Get recording*; `size` and `sha256` are those of the bytes served as media. */
export function describeDetail(
  recording: Recording,
  context: Manner & { readonly accounts: Accounts; readonly generation: Generation },
  media: { readonly size: number; readonly sha256: string },
): unknown {
  const { service } = context;
  const user = (username: string): Json => describeUser(username, context.accounts);
  const detail = {
    id: recording.id.toUpperCase(),
    referenceNumber: recording.referenceNumber,
    // Deprecated on newer servers, but still there.
    pbxCallId: recording.pbxCallId,
    ...(context.generation === 2025 ? describePbx(recording.pbxCallId, service.pbxInfo) : {}),
    startTime: startOf(recording, context),
    duration: formatDuration(recording.durationMs, service.longDurations),
    direction: recording.direction,
    localPartyNumber: recording.localPartyNumber,
    remotePartyNumber: recording.remotePartyNumber,
    owner: user(recording.ownerUsername),
    ...ifAny('preservingUser', recording.preservedBy === null ? null : user(recording.preservedBy), service),
    ...ifAny(
      'note',
      recording.note === null
        ? null
        : { owner: user(recording.note.ownerUsername), text: recording.note.text },
      service,
    ),
    size: media.size,
    hash: { SHA256: media.sha256 },
  };
  return onTheWire(detail, recording, 'detail');
}

/** An element of *Active recordings*. */
export function describeLive(live: LiveRecording, { zone, service }: Manner): Json {
  const { remote } = live.facts.call;
  return {
    id: live.id,
    duration: formatDuration(live.durationAs(service.liveDurations), service.longDurations),
    startedAt: formatServerTime(
      service.redatesLive ? live.redatedMs : live.startedMs,
      zone,
      service.timeFractions === 'ms' ? 0 : live.startedTicks,
    ),
    localParty: { username: live.facts.ownerUsername },
    remoteParty: { firstName: remote.firstName, lastName: remote.lastName, phoneNumber: remote.phoneNumber },
    isPaused: live.isPaused,
  };
}

function startOf(recording: Recording, { zone, service }: Manner): string {
  const ticks = service.timeFractions === 'ms' ? 0 : recording.startTicks;
  return formatServerTime(recording.startMs, zone, ticks);
}

/** The vendor documents an object; its fields are a guess. */
function describePbx(callId: string, how: ServiceState['pbxInfo']): Json {
  if (how === 'absent') return {};
  return { pbxInfo: how === 'text' ? callId : { type: 'CUCM', callId } };
}

function ifAny(name: string, value: Json | null, { emptyFields }: ServiceState): Json {
  return value === null && emptyFields === 'absent' ? {} : { [name]: value };
}

function onTheWire(json: Json, { wire }: Recording, where: 'list' | 'detail'): unknown {
  return wire === null || (wire.only ?? where) !== where ? json : changeJson(json, wire);
}

function describeUser(username: string, accounts: Accounts): Json {
  const account = accounts.get(username);
  return {
    username,
    firstName: account?.firstName ?? '',
    lastName: account?.lastName ?? '',
    phoneNumber: account?.extensions[0] ?? '',
    group: account?.group ?? '',
    department: account?.department ?? '',
  };
}
