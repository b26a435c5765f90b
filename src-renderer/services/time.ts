import type { ActiveRecordingView } from '@shared/ipc/snapshot';
import type { Reading } from './mirror';

/**
 * The main process's monotonic clock, as it reads now.
 * @param reading the newest one
 * @param now this window's monotonic clock; an instant before the reading counts as the reading's own
 */
function mainMono(reading: Reading, now: number): number {
  return reading.snapshot.sentAtMono + Math.max(0, now - reading.receivedAt);
}

/**
 * The instant on this window's monotonic clock that a `…Mono` time of a snapshot means.
 * @param reading the one that `mono` came with
 * @param mono of the main process, ms
 */
function windowMono(reading: Reading, mono: number): number {
  return reading.receivedAt + (mono - reading.snapshot.sentAtMono);
}

/**
 * A `…Mono` time of a snapshot on the user's clock, epoch ms, for showing.
 * @param reading the one that `mono` came with
 * @param mono of the main process, ms
 */
export function wallTime(reading: Reading, mono: number): number {
  return windowMono(reading, mono) + reading.wallOffset;
}

/**
 * How long a recording has run, ms: what the server said, carried on by the monotonic clock while it ticks.
 * @param recording from the reading's snapshot
 * @param reading the newest one
 * @param now this window's monotonic clock
 */
export function elapsedMs(recording: ActiveRecordingView, reading: Reading, now: number): number {
  if (!recording.ticking) return recording.elapsedMs;
  return recording.elapsedMs + (mainMono(reading, now) - recording.anchorMono);
}

/**
 * Where in a second (0 to 1000) a recording's timer changes, on this window's monotonic clock.
 * @param recording from the reading's snapshot
 * @param reading the newest one
 */
export function tickPhase(recording: ActiveRecordingView, reading: Reading): number {
  return modulo(windowMono(reading, recording.anchorMono) - recording.elapsedMs, 1_000);
}

/**
 * Whole seconds until an instant; 0 once it has passed.
 * @param mono of the main process, ms
 * @param reading the one that `mono` came with
 * @param now this window's monotonic clock
 */
export function secondsUntil(mono: number, reading: Reading, now: number): number {
  return Math.max(0, Math.ceil((mono - mainMono(reading, now)) / 1_000));
}

/**
 * Whole seconds since an instant; 0 where it is yet to come.
 * @param mono of the main process, ms
 * @param reading the one that `mono` came with
 * @param now this window's monotonic clock
 */
export function secondsSince(mono: number, reading: Reading, now: number): number {
  return Math.max(0, Math.floor((mainMono(reading, now) - mono) / 1_000));
}

/** Where in a second (0 to 1000) a count-down to `mono` changes, on this window's monotonic clock. */
export function countdownPhase(mono: number, reading: Reading): number {
  return modulo(windowMono(reading, mono), 1_000);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
