import type { Office } from './office';
import type { Random } from './random';
import type { Telephony } from './telephony';
import type { Timers } from './timers';

/** How busy a living office is; all in ms, each drawn anew between its two bounds. */
export interface DemoOfficeOptions {
  readonly gapMs: readonly [number, number];
  readonly callMs: readonly [number, number];
  /** The share of calls that the others record by themselves; the first agent's are left to whoever sits there. */
  readonly recordedShare: number;
}

const ordinary: DemoOfficeOptions = {
  gapMs: [4_000, 15_000],
  callMs: [25_000, 120_000],
  recordedShare: 0.6,
};

/** Calls that come and go on the agents' lines, until disposed. */
export class DemoOffice {
  private cancels = new Set<() => void>();
  private readonly ownCalls = new Set<string>();

  constructor(
    private readonly parts: {
      readonly office: Office;
      readonly telephony: Telephony;
      readonly random: Random;
      readonly timers: Timers;
    },
    private readonly options: DemoOfficeOptions = ordinary,
  ) {}

  /** Lets the phones ring; the first call comes at once. */
  start(): void {
    this.parts.office.agents.forEach((agent, index) => this.ring(agent, index > 0, index * 1_500));
  }

  /** Ends what the office started. Calls that a test connected stay. */
  dispose(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels = new Set();
    for (const id of this.ownCalls) this.parts.telephony.endCall(id);
    this.ownCalls.clear();
  }

  private ring(agent: Office['agents'][number], recordsItself: boolean, gap: number): void {
    const { telephony, random, office } = this.parts;
    const between = ([low, high]: readonly [number, number]): number => random.integer(low, high);
    this.later(gap, () => {
      const again = (): void => this.ring(agent, recordsItself, between(this.options.gapMs));
      // A test may have its own call there: the phone is busy then.
      if (telephony.calls().some((call) => call.directoryNumber === agent.directoryNumber)) return again();
      const [contact, ...contacts] = office.contacts;
      const call = telephony.connectCall({
        directoryNumber: agent.directoryNumber,
        direction: random.next() < 0.6 ? 1 : 2,
        ...(contact ? { remote: random.pick([contact, ...contacts]) } : {}),
      });
      this.ownCalls.add(call.id);
      if (recordsItself && random.next() < this.options.recordedShare) {
        telephony.startRecording({ directoryNumber: agent.directoryNumber, by: agent.username });
      }
      this.later(between(this.options.callMs), () => {
        this.ownCalls.delete(call.id);
        telephony.endCall(call.id);
        again();
      });
    });
  }

  private later(ms: number, action: () => void): void {
    const cancel = this.parts.timers.after(ms, () => {
      this.cancels.delete(cancel);
      action();
    });
    this.cancels.add(cancel);
  }
}
