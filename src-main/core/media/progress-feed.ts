import type { FollowedProgress, MediaProgress } from '@shared/domain/media';
import { attempt } from '../lib/attempt';
import type { Clock, Disposable } from '../ports/clock';
import type { Log } from '../ports/desktop';
import type { MediaLibrary } from './library';

/** Pushes to the window how far the recording that it plays has come. */
export interface ProgressFeed extends Disposable {
  /**
   * Sends the progress of a recording at once, and again with each change until it is whole or has failed. Ends what was
   * followed before.
   * @param id the recording's
   * @param ticket sent along, so that the window can tell this from what it followed before
   */
  follow(id: string, ticket: number): void;
  /** Ends what is followed with this ticket; nothing where that is another one by now. */
  unfollow(ticket: number): void;
  /** Ends whatever is followed: the page that asked for it has gone. */
  stop(): void;
  /** The window can be seen again: sends what it was not sent while it was hidden. */
  refresh(): void;
}

/** What the feed needs. */
export interface ProgressFeedPorts {
  readonly clock: Clock;
  /** Told of a push that fails: the download goes on. */
  readonly log: Log;
  readonly media: Pick<MediaLibrary, 'progress' | 'onProgress'>;
  readonly isVisible: () => boolean;
  readonly send: (progress: FollowedProgress) => void;
}

/** Min time between two pushes that differ only in how much has arrived, ms. */
const growthIntervalMs = 400;

function isEqual(a: MediaProgress, b: MediaProgress): boolean {
  return (
    !changesPlayback(a, b) &&
    a.receivedBytes === b.receivedBytes &&
    a.sizeBytes === b.sizeBytes &&
    a.sound?.seconds === b.sound?.seconds
  );
}

/** Whether the player has to do something about the difference, also while it is hidden. The rest is only drawn. */
function changesPlayback(a: MediaProgress, b: MediaProgress): boolean {
  return (
    a.status !== b.status ||
    a.error !== b.error ||
    a.sound?.steady !== b.sound?.steady ||
    a.sound?.changesAt !== b.sound?.changesAt
  );
}

/** Makes the feed of the one window. */
export function createProgressFeed({ clock, log, media, isVisible, send }: ProgressFeedPorts): ProgressFeed {
  let followed: { readonly id: string; readonly ticket: number } | null = null;
  let sent: { readonly progress: MediaProgress; readonly atMono: number } | null = null;
  let next: Disposable | null = null;

  const stop = (): void => {
    next?.dispose();
    next = null;
    followed = null;
    sent = null;
  };

  const refresh = (): void => {
    if (followed === null) return;
    const progress = media.progress(followed.id);
    const now = clock.monotonicNow();
    if (sent !== null && isEqual(sent.progress, progress)) return;
    if (sent !== null && !changesPlayback(sent.progress, progress)) {
      if (!isVisible()) return;
      const leftMs = sent.atMono + growthIntervalMs - now;
      if (leftMs > 0) {
        next ??= clock.schedule(leftMs, () => {
          next = null;
          refresh();
        });
        return;
      }
    }
    const message = { ...followed, progress };
    if (progress.status === 'complete' || progress.status === 'failed') stop();
    else sent = { progress, atMono: now };
    attempt(log, 'sending the progress of a recording', () => {
      send(message);
    });
  };

  const subscription = media.onProgress((id) => {
    if (followed?.id.toLowerCase() === id) refresh();
  });

  return {
    follow: (id, ticket) => {
      stop();
      followed = { id, ticket };
      refresh();
    },
    unfollow: (ticket) => {
      if (followed?.ticket === ticket) stop();
    },
    stop,
    refresh,
    dispose: () => {
      stop();
      subscription.dispose();
    },
  };
}
