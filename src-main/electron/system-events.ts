import { app, powerMonitor } from 'electron';

import { createEmitter } from '../core/lib/emitter';
import type { Clock, Disposable } from '../core/ports/clock';
import type { Log, SystemEvents } from '../core/ports/desktop';
import { watchNetwork } from '../infra/network-watch';
import type { NetworkSessions } from './network-sessions';

/** Further starts of RecLight while this one runs. */
export interface SecondStarts extends Disposable {
  /** Calls back with the command line of each, also of those that came before anybody listened. */
  onCommandLine(listener: (argv: readonly string[]) => void): Disposable;
}

/** Hears of further starts from now on: the first may come before Electron is ready. */
export function watchSecondStarts(log: Log): SecondStarts {
  const commandLine = createEmitter<[readonly string[]]>(log);
  let early: (readonly string[])[] | null = [];
  const onSecondInstance = (_event: unknown, argv: string[]) => {
    if (early === null) commandLine.emit(argv);
    else early.push(argv);
  };
  app.on('second-instance', onSecondInstance);
  return {
    onCommandLine: (listener) => {
      const listening = commandLine.on(listener);
      const waiting = early ?? [];
      early = null;
      for (const argv of waiting) commandLine.emit(argv);
      return listening;
    },
    dispose: () => {
      app.off('second-instance', onSecondInstance);
    },
  };
}

/**
 * Sleep, wake, unlocking, network changes, new sessions for requests, and further starts of RecLight. To be made after
 * `ready`.
 */
export function createSystemEvents(
  clock: Clock,
  secondStarts: SecondStarts,
  sessions: NetworkSessions,
  log: Log,
): SystemEvents {
  const suspend = createEmitter<[]>(log);
  const resume = createEmitter<[]>(log);
  const wake = createEmitter<[]>(log);

  const onSuspend = () => {
    suspend.emit();
  };
  const onResume = () => {
    resume.emit();
  };
  const onUnlock = () => {
    wake.emit();
  };
  powerMonitor.on('suspend', onSuspend);
  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onUnlock);
  const network = watchNetwork(clock, onUnlock);
  // Later, so that each failed request has been handled: the recorder does not poll while a poll is in flight.
  const replacing = sessions.onReplaced(() => setImmediate(onUnlock));

  return {
    onSuspend: (listener) => suspend.on(listener),
    onResume: (listener) => resume.on(listener),
    onWake: (listener) => wake.on(listener),
    onCommandLine: (listener) => secondStarts.onCommandLine(listener),
    dispose: () => {
      secondStarts.dispose();
      network.dispose();
      replacing.dispose();
      powerMonitor.off('suspend', onSuspend);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onUnlock);
    },
  };
}
