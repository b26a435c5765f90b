import type { Accounts } from './accounts';
import type { Clock } from './clock';
import { LiveBook, type RenewOptions, type Saving } from './live-recordings';
import type { Call, LiveRecording, LiveStart, RecordingMode, RemoteParty } from './live-recording';
import type { Contact, Device, Line } from './office';
import type { Recordings } from './recordings';
import type { Direction } from './recording';
import { isBlacklisted, type ServiceState, type Timing, type TrafficType } from './service-state';
import type { Timers } from './timers';
import { Waiters } from './waiters';

/** A call to connect. Device or line may be left out where the other tells it. */
export interface CallInput {
  /** Null: the phone has a call, but on no line the directory knows (`deviceName` must tell the phone). */
  readonly directoryNumber?: string | null;
  readonly deviceName?: string;
  /** Names are taken from the site's contacts where left out. */
  readonly remote?: Pick<RemoteParty, 'phoneNumber'> & Partial<RemoteParty>;
  /** 1 incoming where left out. */
  readonly direction?: Direction;
  /** `external` where left out. */
  readonly trafficType?: TrafficType;
  /** Who of a shared line's users has the call. */
  readonly username?: string;
}

/** What of a call may change while it goes on: transfer, conference, another phone. */
export interface CallChange {
  readonly remote?: Pick<RemoteParty, 'phoneNumber'> & Partial<RemoteParty>;
  readonly directoryNumber?: string | null;
  readonly deviceName?: string;
}

/** A recording as somebody else would start it. */
export interface RecordingStart {
  readonly directoryNumber: string;
  /** `sara.conti` where left out. */
  readonly by?: string;
  readonly mode?: RecordingMode;
  /** Whose it is; the line's user where left out. */
  readonly owner?: string;
  /** Beside what records the call already, e.g. that of a rule. */
  readonly parallel?: boolean;
  /** Whether a stop is refused, as for what a rule has started. */
  readonly automatic?: boolean;
  /** How long ago it began, in ms. */
  readonly agoMs?: number;
}

export interface TelephonyParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly accounts: Accounts;
  readonly service: ServiceState;
  readonly timing: Timing;
  readonly recordings: Recordings;
  readonly devices: readonly Device[];
  readonly lines: readonly Line[];
  readonly contacts: readonly Contact[];
}

/** Phones, lines, calls that connect and end, and the recordings in progress on them. */
export class Telephony {
  private readonly devicesByName = new Map<string, Device>();
  private readonly linesByNumber = new Map<string, Line>();
  private readonly callsById = new Map<string, Call>();
  private readonly book: LiveBook;
  private readonly pendingCalls = new Set<string>();
  private readonly contacts: ReadonlyMap<string, Contact>;
  private readonly waiters = new Waiters();
  private nextPbxCallId = 32_158_149;
  private starts = 0;

  constructor(private readonly parts: TelephonyParts) {
    this.book = new LiveBook({ ...parts, changed: () => this.waiters.changed() });
    for (const device of parts.devices) this.setDevice(device);
    for (const line of parts.lines) this.setLine(line);
    this.contacts = new Map(parts.contacts.map((contact) => [contact.phoneNumber, contact]));
  }

  devices(): readonly Device[] {
    return [...this.devicesByName.values()];
  }

  lines(): readonly Line[] {
    return [...this.linesByNumber.values()];
  }

  /** Connected calls, the latest first. */
  calls(): readonly Call[] {
    return [...this.callsById.values()].reverse();
  }

  /** Recordings in progress, the latest first. */
  live(): readonly LiveRecording[] {
    return this.book.all();
  }

  /** What Live Keep has buffered of calls and nobody has kept, the latest first. */
  buffered(): readonly LiveRecording[] {
    return this.book.allBuffered();
  }

  /** What the server lists as active now: after its lags, and with what lingers or is buffered. */
  listed(): readonly LiveRecording[] {
    return this.book.listed();
  }

  getDevice(name: string): Device | undefined {
    return this.devicesByName.get(name.toLowerCase());
  }

  getLine(directoryNumber: string): Line | undefined {
    return this.linesByNumber.get(directoryNumber);
  }

  /** The recording in progress with that id, in either case. */
  getLive(id: string): LiveRecording | undefined {
    return this.book.get(id);
  }

  /** The first id of the recording that was ever known under this one; for tests, whatever a client was told. */
  originOf(id: string): string {
    return this.book.originOf(id);
  }

  /** Leaves a recording out of the next listings of active ones. */
  forget(id: string, times = 1): void {
    this.book.forget(id, times);
  }

  /**
   * Goes on with a recording under another id, as after a transfer.
   * @returns the new id.
   * @throws Error when there is no such recording in progress.
   */
  renew(id: string, options?: RenewOptions): string {
    const newId = this.book.renew(id, options);
    if (newId === undefined) throw new Error(`There is no recording ${id} in progress.`);
    return newId;
  }

  /** Loses everything in progress, as a restart of the service may; the calls go on. */
  loseRecordings(): void {
    this.book.lose();
  }

  /** Adds or replaces a phone. */
  setDevice(device: Device): void {
    this.devicesByName.set(device.name.toLowerCase(), device);
  }

  /** Adds or replaces a line. */
  setLine(line: Line): void {
    this.linesByNumber.set(line.directoryNumber, line);
  }

  /** Changes part of a phone, e.g. whether it is monitorable. @throws Error when there is none of that name. */
  updateDevice(name: string, patch: Partial<Omit<Device, 'name'>>): Device {
    const device = { ...this.requireDevice(name), ...patch };
    this.setDevice(device);
    return device;
  }

  /**
   * Connects a call; a phone with automatic recording starts recording it by itself.
   * @throws Error when neither phone nor line exists.
   */
  connectCall(input: CallInput): Call {
    const device =
      input.deviceName === undefined
        ? this.devices().find((candidate) => candidate.lines.includes(input.directoryNumber ?? ''))
        : this.requireDevice(input.deviceName);
    if (!device) throw new Error(`There is no phone with line ${String(input.directoryNumber)}.`);
    const phoneNumber = input.remote?.phoneNumber ?? '+390244548866';
    const contact = this.contacts.get(phoneNumber);
    this.nextPbxCallId += 1;
    const call: Call = {
      id: this.parts.recordings.newId(),
      deviceName: device.name,
      directoryNumber:
        input.directoryNumber === undefined ? (device.lines[0] ?? null) : input.directoryNumber,
      remote: {
        firstName: contact?.firstName ?? '',
        lastName: contact?.lastName ?? '',
        ...input.remote,
        phoneNumber,
      },
      direction: input.direction ?? 1,
      trafficType: input.trafficType ?? 'external',
      pbxCallId: String(this.nextPbxCallId),
      username: input.username ?? null,
      connectedMs: this.parts.clock.now(),
    };
    this.callsById.set(call.id, call);
    if (device.recordingMode === 'automatic') this.recordAutomatically(call);
    if (device.recordingMode === 'live-keep') {
      const owner = this.userOf(call);
      if (owner !== null) this.book.buffer(this.factsOf(call, 0, owner, false, owner));
    }
    for (const rule of this.parts.service.recordingRules) {
      if (!isBlacklisted([rule.remote], phoneNumber)) continue;
      this.parts.timers.after(rule.afterMs, () => this.recordAutomatically(call, true));
    }
    this.waiters.changed();
    return call;
  }

  /**
   * Changes a call that goes on, and what is told of its recordings.
   * @throws Error when there is no such call or phone.
   */
  changeCall(callId: string, change: CallChange): Call {
    const old = this.callsById.get(callId);
    if (!old) throw new Error(`There is no call ${callId}.`);
    const { remote, directoryNumber = old.directoryNumber, deviceName = old.deviceName } = change;
    const contact = this.contacts.get(remote?.phoneNumber ?? '');
    const names = { firstName: contact?.firstName ?? '', lastName: contact?.lastName ?? '' };
    const call: Call = {
      ...old,
      directoryNumber,
      deviceName: this.requireDevice(deviceName).name,
      remote: remote === undefined ? old.remote : { ...names, ...remote },
    };
    // In its old place: the order of calls is that in which they connected.
    this.callsById.set(callId, call);
    this.book.changeCall(call);
    this.waiters.changed();
    return call;
  }

  /**
   * Ends a call, and with it its recording.
   * @param saving what becomes of the recording; the simulator's timing decides where left out.
   * @returns whether there was such a call.
   */
  endCall(callId: string, saving: Saving = this.parts.timing.saving): boolean {
    if (!this.callsById.delete(callId)) return false;
    this.book.endCall(callId, saving);
    this.waiters.changed();
    return true;
  }

  /** Ends all calls. */
  endAllCalls(): void {
    for (const call of this.calls()) this.endCall(call.id);
  }

  /**
   * The user of a call's line, or null where no user is associated.
   * @param caller taken where the line is shared and this is one of its users.
   */
  userOf(call: Call, caller?: string): string | null {
    if (call.username !== null) return call.username;
    const line = call.directoryNumber === null ? undefined : this.getLine(call.directoryNumber);
    const shares = line?.sharedWith?.some((name) => name.toLowerCase() === caller?.toLowerCase()) === true;
    return shares && caller !== undefined ? caller : (line?.username ?? null);
  }

  /** The recording in progress on a call; of several, one that may be stopped. */
  liveOf(call: Call): LiveRecording | undefined {
    const all = this.live().filter((live) => live.facts.call.id === call.id);
    return all.find((live) => !live.facts.automatic) ?? all[0];
  }

  /** Whether a start was received for the call that is not live yet. */
  isPending(call: Call): boolean {
    return this.pendingCalls.has(call.id);
  }

  isConnected(call: Call): boolean {
    return this.callsById.has(call.id);
  }

  /** Licensed channels taken, by recordings live and to be. */
  channelsInUse(): number {
    return (
      this.live().length +
      this.buffered().length +
      this.pendingCalls.size +
      this.parts.service.channelsInUseElsewhere
    );
  }

  /**
   * Makes a recording live, once the start latency has passed. Where the call is buffered, all of it is kept.
   * @returns null when the call ended meanwhile, or the simulator closed.
   */
  async begin(call: Call, mode: RecordingMode, startedBy: string): Promise<LiveRecording | null> {
    const { timing, service, timers } = this.parts;
    if (timing.startLatencyMs > 0) {
      this.pendingCalls.add(call.id);
      this.waiters.changed();
      const passed = await timers.delay(timing.startLatencyMs);
      this.pendingCalls.delete(call.id);
      if (!passed || !this.isConnected(call)) return null;
    }
    this.starts += 1;
    const every = service.secondRecordingEvery;
    const kept = this.book.keep(call, startedBy);
    const owner = service.ownerOfStart === 'caller' ? startedBy : this.userOf(call, startedBy);
    const live = kept ?? this.book.add(this.factsOf(call, mode, startedBy, false, owner ?? startedBy));
    if (every > 0 && this.starts % every === 0) this.goLive(call, 0, startedBy, true);
    return live;
  }

  /** The id that the answer to a start tells. */
  idToTell(live: LiveRecording): string {
    const { startAnswers } = this.parts.service;
    if (startAnswers === 'live-id') return live.id;
    return startAnswers === 'alias' ? this.book.addAlias(live) : this.parts.recordings.newId();
  }

  /** Starts a recording as somebody else would, without a request and past all rules. @throws Error without a call. */
  startRecording(input: RecordingStart): LiveRecording {
    const { directoryNumber, by = 'sara.conti', mode = 0, automatic = false } = input;
    const call = this.calls().find((candidate) => candidate.directoryNumber === directoryNumber);
    if (!call) throw new Error(`There is no connected call on line ${directoryNumber}.`);
    const known = input.parallel === true ? undefined : this.liveOf(call);
    const start = input.agoMs === undefined ? {} : { agoMs: input.agoMs };
    return known ?? this.goLive(call, mode, by, automatic, { owner: input.owner, ...start });
  }

  /**
   * Ends a recording while its call goes on. It is listed as completed after the processing time.
   * @param id any that it was ever known under
   * @returns whether it was live.
   */
  finish(id: string, saving: Saving = this.parts.timing.saving): boolean {
    const origin = this.originOf(id);
    const meant = this.live().find((live) => this.originOf(live.id) === origin);
    return meant !== undefined && this.book.finish(meant.id, saving);
  }

  /** Ends a recording as a request to stop it does: Live Keep may discard what was kept. */
  stop(live: LiveRecording): void {
    const keeps = this.getDevice(live.facts.call.deviceName)?.recordingMode === 'live-keep';
    const discards = keeps && this.parts.service.liveKeepStop === 'discard';
    this.finish(live.id, discards ? 'never' : this.parts.timing.saving);
  }

  /** Tells those who wait that a recording changed (paused, resumed). */
  notify(): void {
    this.waiters.changed();
  }

  /**
   * Awaits a condition on calls and recordings in progress.
   * @param timeoutMs 5 s by default.
   * @throws Error when it did not come true in time.
   */
  waitFor<T>(find: (telephony: this) => T | undefined, timeoutMs = 5_000): Promise<T> {
    return this.waiters.wait(() => find(this), timeoutMs, 'such state of the telephony');
  }

  private factsOf(
    call: Call,
    mode: RecordingMode,
    startedBy: string,
    automatic: boolean,
    ownerUsername: string,
  ) {
    const id = this.parts.recordings.newId();
    return { id, call, ownerUsername, startedBy, mode, automatic };
  }

  private goLive(
    call: Call,
    mode: RecordingMode,
    startedBy: string,
    automatic: boolean,
    { owner, ...start }: LiveStart & { readonly owner?: string | undefined } = {},
  ): LiveRecording {
    const ownerUsername = owner ?? this.userOf(call) ?? startedBy;
    return this.book.add(this.factsOf(call, mode, startedBy, automatic, ownerUsername), start);
  }

  /** @param byRule in mid-call: it may have ended meanwhile. */
  private recordAutomatically(call: Call, byRule = false): void {
    const { service, accounts } = this.parts;
    if (byRule && !this.isConnected(call)) return;
    const owner = this.userOf(call);
    if (owner === null || accounts.get(owner)?.recordable === false) return;
    if (!service.running || !service.licenceValid || this.channelsInUse() >= service.channels) return;
    if (isExcluded(service, call) !== null) return;
    this.goLive(call, 0, owner, true);
  }

  private requireDevice(name: string): Device {
    const device = this.getDevice(name);
    if (!device) throw new Error(`There is no phone ${name}.`);
    return device;
  }
}

/** The 403 reason for which the service would not record a call (2 direction, 3 traffic, 4 blacklist), or null. */
export function isExcluded(service: ServiceState, call: Call): 2 | 3 | 4 | null {
  const wantedDirection = { all: null, incoming: 1, outgoing: 2 }[service.recordedDirections];
  if (wantedDirection !== null && call.direction !== wantedDirection) return 2;
  if (service.recordedTraffic !== 'all' && call.trafficType !== service.recordedTraffic) return 3;
  return isBlacklisted(service.blacklist, call.remote.phoneNumber) ? 4 : null;
}
