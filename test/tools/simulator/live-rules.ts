import { type Account, type Accounts, allRights } from './accounts';
import type { Generation } from './api-routes';
import { formatGuid, parseGuid } from './guid';
import type { Call, LiveRecording, RecordingMode } from './live-recording';
import type { Device } from './office';
import { answer, bare, type Outcome, refuse } from './outcome';
import type { ServiceState } from './service-state';
import { isExcluded, type Telephony } from './telephony';

/** What the rules look at. */
export interface LiveRulesParts {
  readonly generation: Generation;
  readonly accounts: Accounts;
  readonly service: ServiceState;
  readonly telephony: Telephony;
}

/** Which line or phone a request means. */
interface Target {
  readonly deviceName: string | null;
  readonly directoryNumber: string | null;
}

/**
 * *Start recording* (API reference, section 1). Checks run from what concerns the caller, through the request and
 * the site's set-up, to the call itself: level, service, database, body, licence, phone, call, line's user, rights,
 * filters, what already runs, pilot, channels.
 * @param body the parsed JSON body; undefined where there was none.
 */
export async function startRecording(
  parts: LiveRulesParts,
  account: Account,
  body: unknown,
): Promise<Outcome> {
  const { service, telephony, accounts } = parts;
  const request = readStart(parts, account, body);
  const target = 'targets' in request ? request.targets : [];
  if (!accounts.may(account, 'record') && !mayStartOwn(parts, account, target, body)) return refuse(403, 0);
  const ill = unavailable(service);
  // The newer pages list no 504 here.
  if (ill) return parts.generation === 2025 ? bare(500) : ill;

  if ('status' in request) return request;
  if (!service.licenceValid) return refuse(501, 0);

  const phones = request.targets.map((target) => ({ target, devices: devicesOf(telephony, target) }));
  const devices = phones.flatMap((phone) => phone.devices);
  if (!devices.some((device) => device.monitorable)) {
    return refuse(400, 1, nameOf(service, request.targets[0]?.deviceName ?? devices[0]?.name));
  }
  if (devices.every((device) => device.recordingMode === 'automatic')) return refuse(400, 4);

  const calls = phones.flatMap((phone) => callsOf(telephony, phone.target, phone.devices));
  // A phone may hold several calls: the one not yet recorded is meant.
  const call = calls.find((candidate) => !telephony.liveOf(candidate)) ?? calls[0];
  if (!call) return refuse(409, 1, { extension: null });
  const owner = telephony.userOf(call, account.username);
  if (owner === null) {
    const known = call.directoryNumber !== null && telephony.getLine(call.directoryNumber) !== undefined;
    return refuse(409, 0, { extension: known ? call.directoryNumber : null });
  }
  if (!accounts.mayHandle(account, owner)) return refuse(403, 0);
  if (accounts.get(owner)?.recordable === false) return refuse(403, 1, { username: owner });
  const excluded = isExcluded(service, call);
  if (excluded !== null) return refuse(403, excluded);

  if (telephony.isPending(call)) return refuse(429, 0);
  if (telephony.liveOf(call)) return refuse(429, 1);
  if (!service.pilotConfigured) return refuse(501, 1);
  // The document lost this reason's number; 2 follows.
  if (request.mode === 1 ? !service.pilotRouted : !service.forkingConfigured) return refuse(501, 2);
  if (telephony.channelsInUse() >= service.channels) return bare(503);

  const live = await telephony.begin(call, request.mode, account.username);
  if (!live) return refuse(409, 1, { extension: null });
  return answer(201, { id: formatGuid(telephony.idToTell(live), service.startIdForm) });
}

/** On newer servers level 10 is needed only where a phone or line is named that is not the caller's own. */
function mayStartOwn(
  { generation, accounts, telephony }: LiveRulesParts,
  account: Account,
  targets: readonly Target[],
  body: unknown,
): boolean {
  if (generation < 2025 || !allRights.some((right) => accounts.may(account, right))) return false;
  if (body === undefined) return true;
  return (
    targets.length > 0 &&
    targets.every(({ deviceName, directoryNumber }) => {
      if (directoryNumber !== null && !account.extensions.includes(directoryNumber)) return false;
      const lines = deviceName === null ? null : (telephony.getDevice(deviceName)?.lines ?? []);
      return lines === null || lines.some((line) => account.extensions.includes(line));
    })
  );
}

function nameOf(
  { unknownDeviceName }: ServiceState,
  deviceName: string | null | undefined,
): Readonly<Record<string, unknown>> {
  if (typeof deviceName === 'string') return { deviceName };
  if (unknownDeviceName === 'absent') return {};
  return { deviceName: unknownDeviceName === 'text' ? '' : null };
}

/** *Stop recording* by id (section 2a). */
export function stopById(parts: LiveRulesParts, account: Account, givenId: string): Outcome {
  const barred = mayManage(parts, account);
  if (barred) return barred;
  const id = parseGuid(givenId, parts.service.guidForms);
  if (id === null) return refuse(400, 0);
  const live = parts.telephony.getLive(id);
  return live ? stop(parts, account, live) : bare(409);
}

/** *Stop recording* by device name and directory number (section 2b). */
export function stopByLine(parts: LiveRulesParts, account: Account, query: URLSearchParams): Outcome {
  const barred = mayManage(parts, account);
  if (barred) return barred;
  const target: Target = {
    deviceName: given(query, 'deviceName'),
    directoryNumber: given(query, 'directoryNumber'),
  };
  if (target.deviceName === null && target.directoryNumber === null) return refuse(400, 0);
  const live = liveAt(parts.telephony, target);
  if (!live) return bare(409);
  const isManualDialIn = live.facts.mode === 1 && !live.facts.automatic;
  if (isManualDialIn && target.deviceName !== null) return bare(409);
  return stop(parts, account, live);
}

/** *Stop mine* (newer servers): the caller's own recording, whoever started it. */
export function stopMine(parts: LiveRulesParts, account: Account): Outcome {
  // The vendor lists neither 403 nor 504 here.
  if (unavailable(parts.service)) return bare(500);
  const live = parts.telephony
    .live()
    .find((candidate) => sameName(candidate.facts.ownerUsername, account.username));
  return live ? stop(parts, account, live) : bare(409);
}

/** *Pause* and *Resume* (newer servers), by id or, with `id` null, by directory number. */
export function pauseOrResume(
  parts: LiveRulesParts,
  account: Account,
  wanted: 'pause' | 'resume',
  givenId: string | null,
  query: URLSearchParams,
): Outcome {
  if (!parts.accounts.may(account, 'record')) return bare(403);
  if (unavailable(parts.service)) return bare(500);
  let meant: readonly LiveRecording[];
  if (givenId === null) {
    const directoryNumber = given(query, 'directoryNumber');
    if (directoryNumber === null) return refuse(400, 0);
    meant = allAt(parts.telephony, { deviceName: null, directoryNumber });
  } else {
    const id = parseGuid(givenId, parts.service.guidForms);
    if (id === null) return refuse(400, 0);
    const live = parts.telephony.getLive(id);
    meant = live ? [live] : [];
  }
  if (meant.length === 0) return bare(409);
  const allowed = meant.filter((live) => parts.accounts.mayHandle(account, live.facts.ownerUsername));
  if (allowed.length === 0) return bare(403);
  const changed = allowed.filter((live) => (wanted === 'pause' ? live.pause() : live.resume()));
  if (changed.length === 0) return bare(429);
  parts.telephony.notify();
  return bare(204);
}

/** *Active recordings* (section 6): all filters given must hold. The section knows no 504, so a dead service is 500. */
export function listActive(
  parts: LiveRulesParts,
  account: Account,
  query: URLSearchParams,
  describe: (live: LiveRecording) => Readonly<Record<string, unknown>>,
): Outcome {
  if (!parts.accounts.may(account, 'active')) return bare(403);
  if (unavailable(parts.service)) return bare(500);
  const deviceName = given(query, 'deviceName');
  const directoryNumber = given(query, 'directoryNumber');
  const username = given(query, 'username');
  const numericUserId = given(query, 'numericUserId');
  const fitting = parts.telephony.listed().filter((live) => {
    const { call, ownerUsername } = live.facts;
    return (
      (deviceName === null || sameName(call.deviceName, deviceName)) &&
      (directoryNumber === null || call.directoryNumber === directoryNumber) &&
      (username === null || sameName(ownerUsername, username)) &&
      (numericUserId === null || parts.accounts.get(ownerUsername)?.numericUserId === numericUserId)
    );
  });
  return answer(200, fitting.map(describe));
}

/** A parameter's first value, its name compared without case; null where missing or empty, as ASP.NET binds it. */
function given(query: URLSearchParams, name: string): string | null {
  for (const [key, value] of query) {
    if (sameName(key, name)) return value === '' ? null : value;
  }
  return null;
}

/** The answer of a service or database that is down, or null. */
export function unavailable(service: ServiceState): Outcome | null {
  if (!service.databaseUp) return bare(500);
  return service.running ? null : bare(504);
}

interface StartRequest {
  readonly targets: readonly Target[];
  readonly mode: RecordingMode;
}

function readStart(parts: LiveRulesParts, account: Account, body: unknown): StartRequest | Outcome {
  if (body === undefined && parts.generation === 2025) {
    const targets = account.extensions.map((directoryNumber) => ({ deviceName: null, directoryNumber }));
    return targets.length === 0 ? refuse(400, 3) : { targets, mode: 0 };
  }
  const fields = new Map<string, unknown>();
  if (typeof body === 'object' && body !== null) {
    // Json.NET binds names without case.
    for (const [name, value] of Object.entries(body)) fields.set(name.toLowerCase(), value);
  }
  const converts = parts.service.jsonBinding === 'converting';
  const text = (name: string): string | null => {
    const value = fields.get(name);
    if (typeof value === 'number' && converts) return String(value);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const target: Target = { deviceName: text('devicename'), directoryNumber: text('directorynumber') };
  if (target.deviceName === null && target.directoryNumber === null) return refuse(400, 0);
  const given = fields.get('mode') ?? 0;
  const mode = typeof given === 'string' && /^[01]$/.test(given) && converts ? Number(given) : given;
  if (mode !== 0 && mode !== 1) return refuse(400, 2);
  return { targets: [target], mode };
}

function mayManage(parts: LiveRulesParts, account: Account): Outcome | null {
  return parts.accounts.may(account, 'record') ? unavailable(parts.service) : bare(403);
}

function stop(parts: LiveRulesParts, account: Account, live: LiveRecording): Outcome {
  const { telephony, accounts } = parts;
  if (!accounts.mayHandle(account, live.facts.ownerUsername)) return bare(403);
  const device = telephony.getDevice(live.facts.call.deviceName);
  if (device?.monitorable === false) return refuse(400, 1, { deviceName: device.name });
  if (live.facts.automatic) return refuse(400, 2);
  telephony.stop(live);
  return bare(204);
}

function devicesOf(telephony: Telephony, target: Target): readonly Device[] {
  return telephony.devices().filter((device) => {
    if (target.deviceName !== null && !sameName(device.name, target.deviceName)) return false;
    return target.directoryNumber === null || device.lines.includes(target.directoryNumber);
  });
}

function callsOf(telephony: Telephony, target: Target, devices: readonly Device[]): readonly Call[] {
  return telephony.calls().filter((call) => {
    if (target.directoryNumber !== null && call.directoryNumber !== target.directoryNumber) return false;
    return devices.some((device) => device.name === call.deviceName);
  });
}

/** Of several, one that may be stopped. */
function liveAt(telephony: Telephony, target: Target): LiveRecording | undefined {
  const all = allAt(telephony, target);
  return all.find((live) => !live.facts.automatic) ?? all[0];
}

function allAt(telephony: Telephony, target: Target): readonly LiveRecording[] {
  return telephony.live().filter(({ facts: { call } }) => {
    if (target.deviceName !== null && !sameName(call.deviceName, target.deviceName)) return false;
    return target.directoryNumber === null || call.directoryNumber === target.directoryNumber;
  });
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
