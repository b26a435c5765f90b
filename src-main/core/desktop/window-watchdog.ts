import type { Clock, Disposable } from '../ports/clock';

/** The page does not answer a snapshot: after this it is sent one again, ms. Longer than a busy computer starts a page. */
const silentMs = 30_000;

/** The page does not answer that one either: after this it is given up, ms. A sleep of the computer ends one wait only. */
const silentAgainMs = 15_000;

/** How many pages are loaded within a minute before the watchdog gives up. */
const maxReloads = 3;
const reloadWindowMs = 60_000;

/** Why a page is given up. */
export type PageFailure = 'gone' | 'empty' | 'silent';

/** What the watchdog does with the page. */
export interface WatchdogPorts {
  readonly clock: Pick<Clock, 'monotonicNow' | 'schedule'>;
  /** Sends the page something that it answers. */
  readonly ask: () => void;
  /** Loads the page anew; one that is silent may hang, and must be ended first. */
  readonly reload: (failure: PageFailure) => void;
  /** Three pages have failed within a minute: tells the user, and loads no further one. */
  readonly giveUp: () => void;
}

/** Sees to it that the window shows something. */
export interface WindowWatchdog extends Disposable {
  /** The page was sent something that it answers, or has begun to load. */
  asked(): void;
  /** The page has answered. @param drawn whether it shows anything */
  answered(drawn: boolean): void;
  /** The page's process has ended, or the page could not be loaded. */
  gone(): void;
  /** Asks the page now, unless it was given up. */
  check(): void;
  /** The user opens the window: the page is asked now, or loaded again if it was given up. */
  opened(): void;
  /** The user wants it to be tried again. */
  tryAgain(): void;
}

/**
 * Makes the watchdog of one page. It sets a timer only when the page owes an answer: an idle window costs nothing.
 * @param ports see {@link WatchdogPorts}
 */
export function createWindowWatchdog({ clock, ask, reload, giveUp }: WatchdogPorts): WindowWatchdog {
  let timer: Disposable | null = null;
  let reloads: readonly number[] = [];
  let hasGivenUp = false;
  /** Whether what the page answers may still come from the one before. */
  let isLoading = false;
  let disposed = false;

  const rest = (): void => {
    timer?.dispose();
    timer = null;
  };

  const expectAnswer = (): void => {
    if (timer !== null || hasGivenUp || disposed) return;
    timer = clock.schedule(silentMs, () => {
      timer = clock.schedule(silentAgainMs, () => {
        revive('silent');
      });
      ask();
    });
  };

  const revive = (failure: PageFailure): void => {
    rest();
    if (disposed) return;
    const now = clock.monotonicNow();
    reloads = reloads.filter((at) => now - at < reloadWindowMs);
    if (reloads.length >= maxReloads) {
      hasGivenUp = true;
      giveUp();
      return;
    }
    hasGivenUp = false;
    isLoading = true;
    reloads = [...reloads, now];
    reload(failure);
    expectAnswer();
  };

  const check = (): void => {
    if (hasGivenUp) return;
    expectAnswer();
    ask();
  };

  return {
    asked: expectAnswer,
    answered: (drawn) => {
      if (drawn) {
        isLoading = false;
        rest();
      } else if (!isLoading && !hasGivenUp) revive('empty');
    },
    gone: () => {
      revive('gone');
    },
    check,
    opened: () => {
      if (hasGivenUp) revive('gone');
      else check();
    },
    tryAgain: () => {
      reloads = [];
      revive('gone');
    },
    dispose: () => {
      disposed = true;
      rest();
    },
  };
}
