import { useSyncExternalStore } from 'react';

import { followTimeZone, startOfDay } from '../ui/format';
import { callListeners } from './listeners';

/** The user's day. */
export interface Today {
  /** When it began, epoch ms. */
  readonly start: number;
  /** The time zone in which it did, IANA. */
  readonly zone: string;
}

/** How often it is looked whether the zone or the clock was changed, ms. */
const lookEveryMs = 60_000;

/** A timer may ring a little early. */
const guardMs = 20;

const listeners = new Set<() => void>();
let known: Today = { start: NaN, zone: '' };
let timer: ReturnType<typeof setTimeout> | undefined;

function look(): Today {
  const zone = followTimeZone();
  const start = startOfDay(Date.now());
  if (zone !== known.zone || start !== known.start) known = { start, zone };
  return known;
}

function watch(): void {
  clearTimeout(timer);
  const former = known;
  const tomorrow = startOfDay(look().start, 1);
  timer = setTimeout(watch, Math.min(lookEveryMs, Math.max(0, tomorrow - Date.now()) + guardMs));
  if (known !== former) callListeners(listeners);
}

function lookAgain(): void {
  // A hidden window checks the day when it is shown again.
  if (document.visibilityState === 'visible') watch();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    watch();
    document.addEventListener('visibilitychange', lookAgain);
    window.addEventListener('focus', lookAgain);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', lookAgain);
    window.removeEventListener('focus', lookAgain);
  };
}

/**
 * The day that it is where the user is; renders again at midnight, and within a minute of a time zone or a clock that was
 * set anew.
 */
export function useToday(): Today {
  return useSyncExternalStore(subscribe, () => (listeners.size === 0 ? look() : known));
}
