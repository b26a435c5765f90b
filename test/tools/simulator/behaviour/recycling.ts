import type { Clock } from '../clock';
import type { Timers } from '../timers';

/** A restart of the application pool. */
export interface RecycleOptions {
  /** For how long HTTP.SYS answers 503 in the application's place, in ms; not at all where left out. */
  readonly downMs?: number;
  /** How long the first answers take after that, in ms; 20 s where left out. */
  readonly coldMs?: number;
  /** Whether recordings in progress are lost; no where left out. */
  readonly loses?: boolean;
}

/** Restarts of the application: what is asked meanwhile is refused by HTTP.SYS, then answered late. */
export class Recycling {
  private downUntil = 0;
  private coldMs = 0;
  private warmAt: number | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly loseRecordings: () => void,
  ) {}

  /** Begins a restart. */
  start({ downMs = 0, coldMs = 20_000, loses = false }: RecycleOptions = {}): void {
    this.downUntil = this.clock.monotonic() + downMs;
    this.coldMs = coldMs;
    this.warmAt = null;
    if (loses) this.loseRecordings();
  }

  /** Whether HTTP.SYS answers now. */
  get isDown(): boolean {
    return this.clock.monotonic() < this.downUntil;
  }

  /** Waits until the application is warm; the first request after a restart starts it. */
  async warm(): Promise<void> {
    if (this.coldMs === 0) return;
    this.warmAt ??= this.clock.monotonic() + this.coldMs;
    const left = this.warmAt - this.clock.monotonic();
    if (left > 0) await this.timers.delay(left);
    else this.coldMs = 0;
  }
}
