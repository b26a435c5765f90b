import type { Clock } from './clock';
import { type Call, type LiveFacts, LiveRecording, type LiveStart } from './live-recording';
import type { Recordings } from './recordings';
import type { ServiceState, Timing } from './service-state';
import type { Timers } from './timers';

/** How an ended recording is kept; see {@link Timing.saving}. */
export type Saving = Timing['saving'];

/** What a renewal may do; the rest is as {@link LiveBook.renew} says. */
export interface RenewOptions {
  /** Whether `startedAt` stays; yes where left out. */
  readonly keepStart?: boolean;
  /** For how long nothing is listed in between, in ms; none where left out. */
  readonly gapMs?: number;
  /** Whether the part so far becomes a completed recording of its own; no where left out. */
  readonly leavesPart?: boolean;
}

export interface LiveBookParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly service: ServiceState;
  readonly timing: Timing;
  readonly recordings: Recordings;
  /** Called after every change. */
  readonly changed: () => void;
}

/** The recordings in progress, those that are only buffered, and what is still listed after its end. */
export class LiveBook {
  private readonly live = new Map<string, LiveRecording>();
  private readonly buffered = new Map<string, LiveRecording>();
  private readonly ended = new Set<LiveRecording>();
  private readonly aliases = new Map<string, string>();
  /** By each further id that a recording was ever known under, its first one. */
  private readonly origins = new Map<string, string>();
  /** How many listings leave a recording out, by its id. */
  private readonly forgotten = new Map<string, number>();

  constructor(private readonly parts: LiveBookParts) {}

  /** Recordings in progress, the latest first. */
  all(): readonly LiveRecording[] {
    return [...this.live.values()].reverse();
  }

  /** Buffered by Live Keep and not kept, the latest first. */
  allBuffered(): readonly LiveRecording[] {
    return [...this.buffered.values()].reverse();
  }

  /** The recording in progress with that id or alias, in either case. */
  get(id: string): LiveRecording | undefined {
    const wanted = id.toLowerCase();
    return this.live.get(this.aliases.get(wanted) ?? wanted);
  }

  /** The first id of the recording that was ever known under this one, in lower case; for tests, no server tells it. */
  originOf(id: string): string {
    const wanted = id.toLowerCase();
    return this.origins.get(wanted) ?? wanted;
  }

  /** What the server lists as active now, lags and forgetting included. */
  listed(): readonly LiveRecording[] {
    const { timing, clock, service } = this.parts;
    for (const live of this.ended) {
      if (clock.monotonic() - (live.endedMonotonic ?? 0) >= timing.lingersMs) this.ended.delete(live);
    }
    const visible = this.all().filter(
      (live) => live.ageMs >= timing.visibleAfterMs && !this.isForgotten(live),
    );
    return [...visible, ...this.ended, ...(service.listsBuffered ? this.allBuffered() : [])];
  }

  /** Leaves a recording out of the next listings, as a server does that has lost sight of it. */
  forget(id: string, times: number): void {
    this.forgotten.set(id.toLowerCase(), times);
  }

  /** Adds a recording in progress. */
  add(facts: LiveFacts, start?: LiveStart): LiveRecording {
    const live = new LiveRecording(facts, this.parts.clock, start);
    this.live.set(live.id, live);
    this.scheduleRenewal(live);
    this.parts.changed();
    return live;
  }

  /** Lets Live Keep buffer a call. */
  buffer(facts: LiveFacts): void {
    const live = new LiveRecording(facts, this.parts.clock);
    this.buffered.set(live.id, live);
    this.parts.changed();
  }

  /** Keeps what is buffered of a call, from its beginning; undefined where nothing is. */
  keep(call: Call, startedBy: string): LiveRecording | undefined {
    const live = this.allBuffered().find(({ facts }) => facts.call.id === call.id);
    if (!live) return undefined;
    this.buffered.delete(live.id);
    live.change({ startedBy });
    this.live.set(live.id, live);
    this.parts.changed();
    return live;
  }

  /** Makes a second id under which commands find the recording. */
  addAlias(live: LiveRecording): string {
    const alias = this.parts.recordings.newId();
    this.aliases.set(alias, live.id);
    this.origins.set(alias, this.originOf(live.id));
    return alias;
  }

  /** Lets everything know that a call changed. */
  changeCall(call: Call): void {
    for (const live of [...this.live.values(), ...this.buffered.values()]) {
      if (live.facts.call.id === call.id) live.change({ call });
    }
  }

  /**
   * Goes on with a recording under another id, as after a transfer. The old id is no live recording any more.
   * @returns the new id; undefined where there is no such recording.
   */
  renew(id: string, options: RenewOptions = {}): string | undefined {
    const { keepStart = true, gapMs = 0, leavesPart = false } = options;
    const old = this.get(id);
    if (!old) return undefined;
    const newId = this.parts.recordings.newId();
    this.origins.set(newId, this.originOf(old.id));
    this.live.delete(old.id);
    if (leavesPart) this.save(old, 'same-id');
    const goOn = (): void => {
      const facts = { ...old.facts, id: newId };
      const live = new LiveRecording(facts, this.parts.clock, keepStart ? { from: old } : {});
      this.live.set(newId, live);
      this.parts.changed();
    };
    if (gapMs === 0) goOn();
    else this.parts.timers.after(gapMs, goOn);
    this.parts.changed();
    return newId;
  }

  /**
   * Ends a recording. It is listed as completed after the processing time.
   * @returns whether it was live.
   */
  finish(id: string, saving: Saving): boolean {
    const live = this.get(id);
    if (!live) return false;
    this.live.delete(live.id);
    live.end();
    if (this.parts.timing.lingersMs > 0) this.ended.add(live);
    this.parts.changed();
    this.save(live, saving);
    return true;
  }

  /** Ends what concerns a call that has ended; what was only buffered is gone. */
  endCall(callId: string, saving: Saving): void {
    for (const live of this.all()) if (live.facts.call.id === callId) this.finish(live.id, saving);
    for (const live of this.allBuffered()) if (live.facts.call.id === callId) this.buffered.delete(live.id);
  }

  /** Loses everything in progress without a trace, as a restart of the service may. */
  lose(): void {
    this.live.clear();
    this.buffered.clear();
    this.ended.clear();
    this.parts.changed();
  }

  private isForgotten(live: LiveRecording): boolean {
    const left = this.forgotten.get(live.id) ?? 0;
    if (left > 0) this.forgotten.set(live.id, left - 1);
    return left > 0;
  }

  private scheduleRenewal(live: LiveRecording): void {
    const { renewal } = this.parts.service;
    if (renewal === null) return;
    this.parts.timers.after(renewal.afterMs, () => void this.renew(live.id, renewal));
  }

  private save(live: LiveRecording, saving: Saving): void {
    if (saving === 'never') return;
    const { durationMs } = live;
    const { call } = live.facts;
    const facts = {
      direction: call.direction,
      ownerUsername: live.facts.ownerUsername,
      localPartyNumber: call.directoryNumber ?? '',
      remotePartyNumber: call.remote.phoneNumber,
      pbxCallId: call.pbxCallId,
      startTicks: live.startedTicks,
    };
    const id = saving === 'new-id' ? {} : { id: live.id };
    const { recordings, timers, timing } = this.parts;
    timers.after(timing.processingMs, () => {
      if (saving !== 'split') {
        recordings.add({ ...facts, ...id, startMs: live.startedMs, durationMs });
        return;
      }
      const first = Math.floor(durationMs / 20) * 10;
      recordings.add({ ...facts, ...id, startMs: live.startedMs, durationMs: first });
      recordings.add({ ...facts, startMs: live.startedMs + first, durationMs: durationMs - first });
    });
  }
}
