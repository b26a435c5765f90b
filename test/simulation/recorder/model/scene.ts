import type { Line } from '@shared/domain/recording';
import type { RecorderView } from '@shared/ipc/snapshot';
import type { RecorderPolicy } from '../../../../src-main/core/recorder/contract';
import type { VirtualRecording, VirtualServer } from '../../../fixtures/virtual-server';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, line } from '../../../fixtures/recorder';

/** A colleague who shares the line, and sometimes the computer. */
export const colleague = 'colleague';
/** Somebody who may record every call. */
export const supervisor = 'supervisor';

/**
 * A call to the same party that begins within this after the last one may count as its continuation, ms: 3 s after a list
 * last showed that one, and the list may be 10 s old. No answer tells a call that was hung up from one that got a new id.
 */
const redialledWithinMs = 13_000;
/**
 * Recordings of one line that began this close together count as one under two ids, ms. Servers round by up to a second
 * and nodes differ, so that a smaller bound would tell one recording as two.
 */
const sameStartMs = 2_100;

/** How long after nothing could be seen a list is answered, ms. */
const seenWithinMs = 3_000;

/** The settings' defaults, one that ends pauses by itself, and one for a server that is to be spared. */
export const policies = {
  standard: { activeMs: 2_000, visibleMs: 5_000, hiddenMs: 10_000, waitMs: 600_000, autoResumeMs: null },
  resuming: { activeMs: 2_000, visibleMs: 5_000, hiddenMs: 10_000, waitMs: 600_000, autoResumeMs: 20_000 },
  sparing: { activeMs: 2_000, visibleMs: 5_000, hiddenMs: 60_000, waitMs: 60_000, autoResumeMs: null },
} as const satisfies Readonly<Record<string, RecorderPolicy>>;

/** Who is signed in, on which line, in which fixture; and the first violation that was found. */
export class Scene {
  /** Null while nobody is signed in. */
  username: string | null = null;
  line: Line = line;
  policy: RecorderPolicy = policies.standard;
  /** Grows with every sign-in, sign-out, restart and change of the line. */
  epoch = 0;
  epochSince = 0;
  /** When the machine last woke up, RecLight last began, or somebody last signed in. */
  disturbedAt = 0;
  /** When the account could last not see what runs. */
  blindAt = -Infinity;
  /** When answers to polls last got lost or came late. */
  lossyAt = -Infinity;
  suspended = false;
  locked = false;
  violation: string | null = null;

  constructor(readonly fixture: Fixture) {}

  get server(): VirtualServer {
    return this.fixture.server;
  }

  now(): number {
    return this.fixture.clock.monotonicNow();
  }

  view(): RecorderView {
    return this.fixture.recorder.view();
  }

  /** @param what begins with the invariant's name */
  fail(what: string): void {
    this.violation ??= `${what} (at ${Math.round(this.now())} ms)`;
  }

  beginEpoch(): void {
    this.epoch += 1;
    this.epochSince = this.now();
    this.disturbedAt = this.now();
  }

  isOnLine(at: { readonly line: string }): boolean {
    const { directoryNumber, deviceName } = this.line;
    return at.line === (directoryNumber ?? deviceName);
  }

  isOwn(at: { readonly username: string }): boolean {
    return at.username === (this.username ?? agent);
  }

  /** Whether the light is to show it: it is on the watched line, or the user's own elsewhere. */
  isInView(at: { readonly line: string; readonly username: string }): boolean {
    return this.isOnLine(at) || this.isOwn(at);
  }

  /** What runs and is to be shown, whether or not a list shows it already. */
  inView(): readonly VirtualRecording[] {
    return this.server.active().filter((recording) => this.isInView(recording));
  }

  /** Whether the account may see what runs. */
  maySee(): boolean {
    const { blind, lowLevel, habits } = this.server;
    const username = this.username ?? agent;
    return habits.hasActiveList && !blind.has(username) && !lowLevel.has(username);
  }

  /**
   * Whether a recording began so soon after another one of the same line, user and party, or at the same time as another
   * one of the line and user, that it looks like the same call under a new id.
   */
  seemsToContinue(recording: VirtualRecording, other: VirtualRecording): boolean {
    const wasOnLine = other.spans.some(({ line: former }) => former === recording.line);
    const wasTheirs = other.spans.some(({ username }) => username === recording.username);
    if (other === recording || !wasOnLine || !wasTheirs) return false;
    if (Math.abs(other.startedAt - recording.startedAt) <= sameStartMs) return true;
    const afterMs = recording.startedAt - other.endedAt;
    const untilMs = this.server.habits.lingerMs + redialledWithinMs;
    const isSameParty = recording.remoteNumbers.some((number) => other.remoteNumbers.includes(number));
    return isSameParty && afterMs > -1 && afterMs < untilMs;
  }

  /**
   * Whether it ended before the last sign-in, and another recording of the same user began at the same time. Neither line
   * nor party is written to disk, so that nothing then tells the one from the other under a new id.
   */
  isMistakenOverSignIn({ startedAt, endedAt, username }: VirtualRecording): boolean {
    const alike = this.server.everRecorded.filter(
      (other) => other.username === username && Math.abs(other.startedAt - startedAt) <= sameStartMs,
    );
    return endedAt <= this.epochSince && alike.length > 1;
  }

  /** Whether the server began to count it anew while nothing could be seen: only the party is the same then. */
  isCountedAnewUnseen({ startedAt, begunAt }: VirtualRecording): boolean {
    // Or before any list could show it.
    const seenFrom = Math.max(this.blindAt, this.disturbedAt, begunAt + this.server.startLagMs);
    return startedAt > begunAt && startedAt <= seenFrom + seenWithinMs;
  }

  /**
   * Whether a start kept what had begun before, and answered an id that no list shows: where that was listed, or could
   * not be seen, or is a colleague's call, nobody can know that it is what the start kept.
   */
  isKeptUnnamed({ ids, spans, request, username }: VirtualRecording): boolean {
    const { liveKeep } = this.server.habits;
    if (liveKeep === 'off' || ids.length === spans.length) return false;
    if (liveKeep === 'listed' || request === null) return true;
    return this.blindAt >= request.at || username !== request.username;
  }

  /** Whether a start answered an id that no list shows (any more), and another recording of the line began at the same time. */
  isTakenFor(recording: VirtualRecording, other: VirtualRecording): boolean {
    const isMisnamed = recording.ids.length > 1;
    const isClose =
      Math.abs(other.startedAt - recording.startedAt) <= sameStartMs ||
      // Where beginnings are not told, whatever runs may be it.
      (!this.tellsBeginnings() && other.endedAt > recording.begunAt);
    const isSameLine = recording.spans.some(({ line: former }) => former === other.line);
    return isMisnamed && other !== recording && isSameLine && isClose;
  }

  /** Whether the server tells when a recording began, by which it can be recognised under another id. */
  tellsBeginnings(): boolean {
    return this.server.habits.tellsStart && this.server.habits.tellsDuration;
  }

  isAwake(): boolean {
    return this.username !== null && !this.suspended && !this.locked;
  }

  /** The user's own recording that runs on the watched line, if any. */
  ownOnLine(): VirtualRecording | null {
    return this.inView().find((recording) => this.isOwn(recording) && this.isOnLine(recording)) ?? null;
  }
}

/** Whether a recording runs. */
export function runs(recording: VirtualRecording): boolean {
  return recording.endedAt === Number.POSITIVE_INFINITY;
}
