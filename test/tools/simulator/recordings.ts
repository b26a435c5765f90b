import type { Clock } from './clock';
import { plainSpeech, type MediaSpec } from './media/media-spec';
import type { Random } from './random';
import { type Recording, type RecordingInput, ticksOf } from './recording';
import { Waiters } from './waiters';

/** The completed recordings, newest first, and the ways a test may change them while a client looks. */
export class Recordings {
  private newestFirst: Recording[] = [];
  private readonly byId = new Map<string, Recording>();
  private readonly waiters = new Waiters();
  private serial = 0;
  private changes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  get count(): number {
    return this.newestFirst.length;
  }

  /** Grows with every change; caches are keyed by it. */
  get version(): number {
    return this.changes;
  }

  /** All recordings, newest first. The array is replaced, never changed. */
  all(): readonly Recording[] {
    return this.newestFirst;
  }

  /** The recording with that id, in either case. */
  get(id: string): Recording | undefined {
    return this.byId.get(id.toLowerCase());
  }

  /** A fresh GUID in lower case. */
  newId(): string {
    return this.random.guid();
  }

  /** The next friendly number: the year, then nine digits. */
  nextReference(startMs: number): string {
    this.serial += 1;
    return `${new Date(startMs).getUTCFullYear()}${String(this.serial).padStart(9, '0')}`;
  }

  /** Adds one recording; what the input leaves out becomes an ordinary call of a minute that has just ended. */
  add(input: RecordingInput = {}): Recording {
    const durationMs = input.durationMs ?? 60_000;
    const startMs = input.startMs ?? this.clock.now() - durationMs;
    // A test that names the time means exactly that; what the clock says has a fraction, as on a real server.
    const id = input.id?.toLowerCase() ?? this.newId();
    const startTicks = input.startTicks ?? (input.startMs === undefined ? ticksOf(id) : 0);
    const recording = this.complete({ ...input, id, startMs, startTicks, durationMs });
    this.byId.set(recording.id, recording);
    let low = 0;
    let high = this.newestFirst.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.newestFirst[middle];
      if (other && isNewer(other, recording)) low = middle + 1;
      else high = middle;
    }
    this.newestFirst = this.newestFirst.toSpliced(low, 0, recording);
    this.touch();
    return recording;
  }

  /** Adds many at once; they need `startMs` and `durationMs`, and get fractions of their own. */
  addAll(
    inputs: readonly (RecordingInput & { readonly startMs: number; readonly durationMs: number })[],
  ): void {
    const added = inputs.map((input) => this.complete(input));
    for (const recording of added) this.byId.set(recording.id, recording);
    this.newestFirst = [...this.newestFirst, ...added].sort(
      (a, b) => b.startMs - a.startMs || b.startTicks - a.startTicks,
    );
    this.touch();
  }

  /** Removes one, as the retention would. Answers whether it was there. */
  remove(id: string): boolean {
    const recording = this.get(id);
    if (!recording) return false;
    this.byId.delete(recording.id);
    this.newestFirst = this.newestFirst.filter((other) => other !== recording);
    this.touch();
    return true;
  }

  /** Removes all that started before an instant, in epoch ms. Answers how many. */
  removeBefore(startMs: number): number {
    const kept = this.newestFirst.filter((recording) => recording.startMs >= startMs);
    const removed = this.newestFirst.slice(kept.length);
    if (removed.length === 0) return 0;
    for (const { id } of removed) this.byId.delete(id);
    this.newestFirst = kept;
    this.touch();
    return removed.length;
  }

  /** Removes all. */
  clear(): void {
    this.byId.clear();
    this.newestFirst = [];
    this.touch();
  }

  /**
   * Changes facts of a recording (not its id).
   * @throws Error when there is none with that id.
   */
  update(id: string, patch: Omit<RecordingInput, 'id'>): Recording {
    const old = this.get(id);
    if (!old) throw new Error(`There is no recording ${id}.`);
    this.remove(id);
    return this.add({ ...old, ...patch });
  }

  /** Changes how a recording's media is made and served. */
  setMedia(id: string, media: Partial<MediaSpec>): Recording {
    const old = this.get(id);
    return this.update(id, { media: { ...(old?.media ?? plainSpeech), ...media } });
  }

  /**
   * Awaits a completed recording.
   * @param timeoutMs 5 s by default.
   * @throws Error when none came in time.
   */
  waitFor(predicate: (recording: Recording) => boolean, timeoutMs = 5_000): Promise<Recording> {
    return this.waiters.wait(() => this.newestFirst.find(predicate), timeoutMs, 'matching recording');
  }

  private complete(
    input: RecordingInput & { readonly startMs: number; readonly durationMs: number },
  ): Recording {
    const id = input.id?.toLowerCase() ?? this.newId();
    return {
      id,
      referenceNumber: input.referenceNumber ?? this.nextReference(input.startMs),
      startMs: input.startMs,
      startTicks: input.startTicks ?? ticksOf(id),
      durationMs: input.durationMs,
      direction: input.direction ?? 1,
      ownerUsername: input.ownerUsername ?? 'anna.rossi',
      localPartyNumber: input.localPartyNumber ?? '101',
      remotePartyNumber: input.remotePartyNumber ?? '+390244548866',
      pbxCallId: input.pbxCallId ?? String(32_000_000 + this.serial),
      note: input.note ?? null,
      preservedBy: input.preservedBy ?? null,
      media: input.media ?? plainSpeech,
      wire: input.wire ?? null,
    };
  }

  private touch(): void {
    this.changes += 1;
    this.waiters.changed();
  }
}

function isNewer(a: Recording, b: Recording): boolean {
  return a.startMs > b.startMs || (a.startMs === b.startMs && a.startTicks > b.startTicks);
}
