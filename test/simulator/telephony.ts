import type { Accounts } from './accounts';
import type { Clock } from './clock';
import { type Call, LiveRecording, type RecordingMode, type RemoteParty } from './live-recording';
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
}

/** How an ended recording is kept; see {@link Timing.saving}. */
export type Saving = Timing['saving'];

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
  private readonly liveById = new Map<string, LiveRecording>();
  private readonly pendingCalls = new Set<string>();
  private readonly contacts: ReadonlyMap<string, Contact>;
  private readonly waiters = new Waiters();
  private nextPbxCallId = 32_158_149;

  constructor(private readonly parts: TelephonyParts) {
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
    return [...this.liveById.values()].reverse();
  }

  getDevice(name: string): Device | undefined {
    return this.devicesByName.get(name.toLowerCase());
  }

  getLine(directoryNumber: string): Line | undefined {
    return this.linesByNumber.get(directoryNumber);
  }

  /** The recording in progress with that id, in either case. */
  getLive(id: string): LiveRecording | undefined {
    return this.liveById.get(id.toLowerCase());
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
      connectedMs: this.parts.clock.now(),
    };
    this.callsById.set(call.id, call);
    if (device.recordingMode === 'automatic') this.recordAutomatically(call);
    this.waiters.changed();
    return call;
  }

  /**
   * Ends a call, and with it its recording.
   * @param saving what becomes of the recording; the simulator's timing decides where left out.
   * @returns whether there was such a call.
   */
  endCall(callId: string, saving?: Saving): boolean {
    const call = this.callsById.get(callId);
    if (!call) return false;
    this.callsById.delete(callId);
    const live = this.liveOf(call);
    if (live) this.finish(live.id, saving);
    this.waiters.changed();
    return true;
  }

  /** Ends all calls. */
  endAllCalls(): void {
    for (const call of this.calls()) this.endCall(call.id);
  }

  /** The user of a call's line, or null where no user is associated. */
  userOf(call: Call): string | null {
    return call.directoryNumber === null ? null : (this.getLine(call.directoryNumber)?.username ?? null);
  }

  /** The recording in progress on a call. */
  liveOf(call: Call): LiveRecording | undefined {
    return this.live().find((live) => live.facts.call.id === call.id);
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
    return this.liveById.size + this.pendingCalls.size + this.parts.service.channelsInUseElsewhere;
  }

  /**
   * Makes a recording live, once the start latency has passed.
   * @returns null when the call ended meanwhile, or the simulator closed.
   */
  async begin(call: Call, mode: RecordingMode, startedBy: string): Promise<LiveRecording | null> {
    const { startLatencyMs } = this.parts.timing;
    if (startLatencyMs > 0) {
      this.pendingCalls.add(call.id);
      this.waiters.changed();
      const passed = await this.parts.timers.delay(startLatencyMs);
      this.pendingCalls.delete(call.id);
      if (!passed || !this.isConnected(call)) return null;
    }
    return this.goLive(call, mode, startedBy, false);
  }

  /** Starts a recording as somebody else would, without a request and past all rules. @throws Error without a call. */
  startRecording(input: {
    readonly directoryNumber: string;
    readonly by?: string;
    readonly mode?: RecordingMode;
  }): LiveRecording {
    const call = this.calls().find((candidate) => candidate.directoryNumber === input.directoryNumber);
    if (!call) throw new Error(`There is no connected call on line ${input.directoryNumber}.`);
    return this.liveOf(call) ?? this.goLive(call, input.mode ?? 0, input.by ?? 'sara.conti', false);
  }

  /**
   * Ends a recording while its call goes on. It is listed as completed after the processing time.
   * @returns whether it was live.
   */
  finish(id: string, saving: Saving = this.parts.timing.saving): boolean {
    const live = this.getLive(id);
    if (!live) return false;
    const durationMs = live.durationMs;
    this.liveById.delete(live.id);
    this.waiters.changed();
    if (saving === 'never') return true;
    this.parts.timers.after(this.parts.timing.processingMs, () => {
      const { call } = live.facts;
      this.parts.recordings.add({
        ...(saving === 'same-id' ? { id: live.id } : {}),
        startMs: live.startedMs,
        durationMs,
        direction: call.direction,
        ownerUsername: live.facts.ownerUsername,
        localPartyNumber: call.directoryNumber ?? '',
        remotePartyNumber: call.remote.phoneNumber,
        pbxCallId: call.pbxCallId,
      });
    });
    return true;
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

  private goLive(call: Call, mode: RecordingMode, startedBy: string, automatic: boolean): LiveRecording {
    const ownerUsername = this.userOf(call) ?? startedBy;
    const id = this.parts.recordings.newId();
    const live = new LiveRecording({ id, call, ownerUsername, startedBy, mode, automatic }, this.parts.clock);
    this.liveById.set(id, live);
    this.waiters.changed();
    return live;
  }

  private recordAutomatically(call: Call): void {
    const { service, accounts } = this.parts;
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
