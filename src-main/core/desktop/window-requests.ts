import type { RecordingSummary } from '../../shared/domain/recording';
import type { IntentView } from '../../shared/ipc/snapshot';

/** What the main process asks a window to do once; kept until a window has done it, even over a reload. */
export interface Intents {
  play(recording: RecordingSummary): void;
  showSettings(): void;
  acknowledge(sequence: number): void;
  /** Drops what no window has done yet: its user has gone. */
  clear(): void;
  view(): IntentView | null;
}

/**
 * Makes the intents; a newer one replaces one that no window has done yet.
 * @param changed called after every change
 */
export function createIntents(changed: () => void): Intents {
  let sequence = 0;
  let intent: IntentView | null = null;
  const set = (next: IntentView | null): void => {
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
