import { createStore, type StoreApi } from 'zustand/vanilla';

import type { MediaProgress } from '@shared/domain/media';
import type { WindowApi } from '@shared/ipc/contract';
import type { Playback } from './playback';

/** How far the recording that is loaded has come. */
export interface ProgressState {
  /** Null while not known. */
  readonly progress: MediaProgress | null;
  /** The sound has broken off, and the progress was told after that: it says why. */
  readonly judged: boolean;
}

/** Follows the progress of what is loaded. */
export interface Progress {
  readonly store: StoreApi<ProgressState>;
  /** Follows another recording, or the same one that is asked for anew; to be called after `openMedia`. */
  load(id: string): void;
  dispose(): void;
}

/** The ways to the main process that it takes. */
export type ProgressApi = Pick<WindowApi, 'followMedia' | 'unfollowMedia' | 'onMediaProgress'>;

/**
 * Makes it. The main process pushes the progress; where the sound breaks off, it is asked to push once more, because what
 * it pushed before may not know of that yet.
 * @param playback learns what is told
 */
export function createProgress(api: ProgressApi, playback: Pick<Playback, 'store' | 'learn'>): Progress {
  const store = createStore<ProgressState>(() => ({ progress: null, judged: false }));
  let ticket = 0;
  let loaded: string | null = null;

  // With the sound that breaks off the ticket changes: what is accepted from then on was told after it.
  const hasBrokenOff = () => playback.store.getState().failed;
  const follow = async (id: string): Promise<void> => {
    ticket += 1;
    const own = ticket;
    const result = await api.followMedia({ id, ticket });
    // Nothing more is told: what is known has to do.
    if (!result.ok && own === ticket) store.setState({ judged: hasBrokenOff() });
  };
  const unsubscribe = api.onMediaProgress((followed) => {
    if (loaded === null || followed.ticket !== ticket || followed.id !== loaded) return;
    const { progress } = followed;
    store.setState({ progress, judged: hasBrokenOff() });
    playback.learn(progress);
  });
  const unwatch = playback.store.subscribe(({ failed }, before) => {
    if (failed && !before.failed && loaded !== null) void follow(loaded);
  });
  return {
    store,
    load: (id) => {
      loaded = id;
      store.setState({ progress: null, judged: false });
      void follow(id);
    },
    dispose: () => {
      unsubscribe();
      unwatch();
      if (loaded !== null) void api.unfollowMedia({ ticket });
      loaded = null;
    },
  };
}
