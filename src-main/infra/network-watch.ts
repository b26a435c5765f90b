import { networkInterfaces } from 'node:os';

import type { Clock, Disposable } from '../core/ports/clock';

const everyMs = 5_000;

function signature(): string {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).filter(({ internal }) => !internal).map(({ address }) => `${name} ${address}`),
  );
  return addresses.sort().join('\n');
}

/**
 * Calls back when this computer's addresses change: a VPN came or went, a cable, another Wi-Fi. No OS tells the main
 * process of it, so it is looked at every 5 s.
 */
export function watchNetwork(clock: Clock, changed: () => void): Disposable {
  let known = signature();
  let timer: Disposable;
  const look = (): void => {
    const now = signature();
    if (now !== known) {
      known = now;
      changed();
    }
    timer = clock.schedule(everyMs, look);
  };
  timer = clock.schedule(everyMs, look);
  return {
    dispose: () => {
      timer.dispose();
    },
  };
}
