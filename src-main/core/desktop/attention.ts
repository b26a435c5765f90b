import type { RecorderView } from '@shared/ipc/snapshot';
import type { Clock } from '../ports/clock';
import type { WindowPort } from '../ports/desktop';

/** What is brought up to date for a user who looks. */
export interface AttentionOptions {
  readonly clock: Clock;
  readonly recorder: {
    view(): Pick<RecorderView, 'status' | 'nextTryMono' | 'unknown'>;
    setWindowVisible(visible: boolean): void;
    tryNow(): unknown;
  };
  readonly recordings: { look(): void };
  readonly hotkeys: { retry(): void };
}

/** What is done when the user turns to RecLight. */
export interface Attention {
  /**
   * The user is about to look: polls at once, before any list, if the state is uncertain and no poll is in flight. A
   * `Retry-After` of the server is respected.
   */
  look(): void;
  /** The window has been shown, hidden, or has got or lost the keyboard. */
  windowChanged(window: Pick<WindowPort, 'isFocused' | 'isVisible'>): void;
}

/** Makes it; the window is not focused yet. */
export function createAttention({ clock, recorder, recordings, hotkeys }: AttentionOptions): Attention {
  let wasFocused = false;

  const look = (): void => {
    const { status, nextTryMono, unknown } = recorder.view();
    const isUncertain = status === 'unknown' || status === 'connecting';
    const isPlanned = nextTryMono !== null && nextTryMono > clock.monotonicNow();
    const mustWait = unknown?.error?.detail.retryAfterMs !== undefined;
    if (isUncertain && isPlanned && !mustWait) recorder.tryNow();
    recordings.look();
  };

  return {
    look,
    windowChanged: (window) => {
      const isFocused = window.isFocused();
      // Only when the user turns to RecLight: a shortcut must not be taken from another program at a random moment.
      if (isFocused && !wasFocused) hotkeys.retry();
      wasFocused = isFocused;
      recorder.setWindowVisible(window.isVisible());
      if (window.isVisible()) look();
    },
  };
}
