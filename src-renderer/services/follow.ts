import type { WindowApi } from '@shared/ipc/contract';
import type { SoundView } from '@shared/ipc/snapshot';
import type { Mirror } from './mirror';
import type { UiStore } from './ui';

/** What follows the main process. */
export interface FollowPorts {
  readonly api: WindowApi;
  readonly mirror: Mirror;
  readonly ui: UiStore;
  readonly playSound: (kind: SoundView['kind']) => void;
  /** Told of what was thrown by a sound or by what the main process asked for. */
  readonly failed: (error: unknown) => void;
}

/**
 * Lets the window follow the main process beyond drawing: carries out what it asks, once each, sounds the cues, and
 * forgets everything of a call when nobody is signed in any more.
 * @returns a function that ends it
 */
export function followMain({ api, mirror, ui, playSound, failed }: FollowPorts): () => void {
  let carriedOut = -1;
  /** null before the first snapshot: a sound found on loading is of the past. */
  let heard: number | null = null;
  let wasSignedIn = false;
  const sound = (kind: SoundView['kind']) => {
    try {
      playSound(kind);
    } catch (error) {
      failed(error);
    }
  };
  const carryOut = () => {
    const snapshot = mirror.store.getState().reading?.snapshot;
    if (snapshot === undefined) return;
    const signedIn = snapshot.session.status === 'signed-in';
    if (wasSignedIn && !signedIn) ui.getState().reset();
    wasSignedIn = signedIn;

    const { intent, cue } = snapshot;
    if (cue !== null && heard !== null && cue.sequence > heard) sound(cue.kind);
    heard = Math.max(heard ?? 0, cue?.sequence ?? 0);

    if (intent === null || intent.sequence <= carriedOut) return;
    carriedOut = intent.sequence;
    if (intent.kind === 'play') {
      ui.getState().showMain();
      ui.getState().play(intent.recording);
    } else {
      ui.getState().showSettings();
    }
    void api.acknowledgeWindowRequest({ sequence: intent.sequence });
  };
  const follow = () => {
    // The mirror tells the light after this: an error thrown here would leave it behind.
    try {
      carryOut();
    } catch (error) {
      failed(error);
    }
  };
  follow();
  return mirror.store.subscribe(follow);
}
