import { app, powerMonitor } from 'electron';

import { createEmitter } from '../core/emitter';
import type { Clock, SystemEvents } from '../core/ports';
import { watchNetwork } from '../infra/network-watch';

/** Sleep, wake, unlocking, network changes and further starts of RecLight. To be made after `ready`. */
export function createSystemEvents(clock: Clock): SystemEvents {
  const suspend = createEmitter<[]>();
  const resume = createEmitter<[]>();
  const nudge = createEmitter<[]>();
  const commandLine = createEmitter<[readonly string[]]>();

  const onSuspend = () => {
    suspend.emit();
  };
  const onResume = () => {
    resume.emit();
  };
  const onUnlock = () => {
    nudge.emit();
  };
  const onSecondInstance = (_event: unknown, argv: string[]) => {
    commandLine.emit(argv);
  };
  powerMonitor.on('suspend', onSuspend);
  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onUnlock);
  app.on('second-instance', onSecondInstance);
  const network = watchNetwork(clock, onUnlock);

  return {
    onSuspend: (listener) => suspend.on(listener),
    onResume: (listener) => resume.on(listener),
    onNudge: (listener) => nudge.on(listener),
    onCommandLine: (listener) => commandLine.on(listener),
    dispose: () => {
      network.dispose();
      powerMonitor.off('suspend', onSuspend);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onUnlock);
      app.off('second-instance', onSecondInstance);
    },
  };
}
