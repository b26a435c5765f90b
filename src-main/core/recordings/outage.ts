import type { RecorderStatus } from '@shared/ipc/snapshot';

/** What refreshes the newest recordings after an outage. */
export interface OutageOptions {
  /** Marks the cached recent list as stale. */
  readonly expire: () => void;
  /** Refetches the recent list if it is stale. */
  readonly look: () => void;
  readonly isWindowVisible: () => boolean;
}

/**
 * Refreshes the recent recordings once the light is known again: recordings may have been completed during the outage.
 * @returns to be called after every change of the recorder, with its status
 */
export function createOutageWatch(options: OutageOptions): (status: RecorderStatus) => void {
  /** `known`: at some time since sign-in. `lost`: known before, and not now. */
  let light: { readonly known: boolean; readonly lost: boolean } = { known: false, lost: false };
  return (status) => {
    switch (status) {
      case 'signed-out':
      case 'locked':
        light = { known: false, lost: false };
        return;
      case 'unknown':
      case 'connecting':
        light = { ...light, lost: light.known };
        return;
      default: {
        const isBack = light.lost;
        light = { known: true, lost: false };
        if (!isBack) return;
        options.expire();
        // With the window hidden the request can wait: it spares a server that has just come back.
        if (options.isWindowVisible()) options.look();
      }
    }
  };
}
