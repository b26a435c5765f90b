import type { Accounts } from './accounts';
import type { Generation } from './api-routes';
import { formatDuration, formatServerTime, type Zone } from './iso-time';
import type { LiveRecording } from './live-recording';
import type { Recording } from './recording';

type Json = Readonly<Record<string, unknown>>;

/** A row of *Recordings list*. */
export function describeRow(recording: Recording, zone: Zone): Json {
  return {
    id: recording.id.toUpperCase(),
    referenceNumber: recording.referenceNumber,
    startTime: formatServerTime(recording.startMs, zone),
    duration: formatDuration(recording.durationMs),
    direction: recording.direction,
    localPartyNumber: recording.localPartyNumber,
    remotePartyNumber: recording.remotePartyNumber,
    ownerUsername: recording.ownerUsername,
  };
}

/** The metadata of *Get recording*; `size` and `sha256` are those of the bytes served as media. */
export function describeDetail(
  recording: Recording,
  context: { readonly zone: Zone; readonly accounts: Accounts; readonly generation: Generation },
  media: { readonly size: number; readonly sha256: string },
): Json {
  const user = (username: string): Json => describeUser(username, context.accounts);
  return {
    id: recording.id.toUpperCase(),
    referenceNumber: recording.referenceNumber,
    ...(context.generation === 2025 ? { pbxInfo: recording.pbxCallId } : { pbxCallId: recording.pbxCallId }),
    startTime: formatServerTime(recording.startMs, context.zone),
    duration: formatDuration(recording.durationMs),
    direction: recording.direction,
    localPartyNumber: recording.localPartyNumber,
    remotePartyNumber: recording.remotePartyNumber,
    owner: user(recording.ownerUsername),
    preservingUser: recording.preservedBy === null ? null : user(recording.preservedBy),
    note:
      recording.note === null
        ? null
        : { owner: user(recording.note.ownerUsername), text: recording.note.text },
    size: media.size,
    hash: { SHA256: media.sha256 },
  };
}

/** An element of *Active recordings*. */
export function describeLive(live: LiveRecording, zone: Zone): Json {
  const { remote } = live.facts.call;
  return {
    id: live.id,
    duration: formatDuration(live.durationMs),
    startedAt: formatServerTime(live.startedMs, zone),
    localParty: { username: live.facts.ownerUsername },
    remoteParty: { firstName: remote.firstName, lastName: remote.lastName, phoneNumber: remote.phoneNumber },
    isPaused: live.isPaused,
  };
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
