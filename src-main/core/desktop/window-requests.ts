import type { RecordingSummary } from '@shared/domain/recording';
import type { WindowRequestView } from '@shared/ipc/snapshot';

/** What the main process asks a window to do once; kept until a window has done it, even over a reload. */
export interface WindowRequests {
  play(recording: RecordingSummary): void;
  showSettings(): void;
  acknowledge(sequence: number): void;
  /** Drops what no window has done yet: its user has gone. */
  clear(): void;
  view(): WindowRequestView | null;
}

/**
 * Makes the window requests; a newer one replaces one that no window has done yet.
 * @param changed called after every change
 */
export function createWindowRequests(changed: () => void): WindowRequests {
  let sequence = 0;
  let intent: WindowRequestView | null = null;
  const set = (next: WindowRequestView | null): void => {
    intent = next;
    changed();
  };
  return {
    play: (recording) => {
      sequence += 1;
      set({ sequence, kind: 'play', recording });
    },
    showSettings: () => {
      sequence += 1;
      set({ sequence, kind: 'show-settings' });
    },
    acknowledge: (done) => {
      if (intent?.sequence === done) set(null);
    },
    clear: () => {
      if (intent !== null) set(null);
    },
    view: () => intent,
  };
}
