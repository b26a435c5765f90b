import type { WindowApi } from '../../src-main/shared/ipc-contract';
import type { Mirror } from './mirror';
import type { UiStore } from './ui';

/**
 * Lets the view state follow the main process: carries out what it asks of the window, once each, and forgets
 * everything of a call when nobody is signed in any more.
 * @returns a function that ends it
 */
export function followMain(api: WindowApi, mirror: Mirror, ui: UiStore): () => void {
  let carriedOut = -1;
  let wasSignedIn = false;
  const follow = () => {
    const snapshot = mirror.store.getState().reading?.snapshot;
    if (snapshot === undefined) return;
    const signedIn = snapshot.session.status === 'signed-in';
    if (wasSignedIn && !signedIn) ui.getState().reset();
    wasSignedIn = signedIn;

    const { intent } = snapshot;
    if (intent === null || intent.sequence <= carriedOut) return;
    carriedOut = intent.sequence;
    if (intent.kind === 'play') {
      ui.getState().showMain();
      ui.getState().play(intent.recording);
    } else {
      ui.getState().showSettings();
    }
    void api.acknowledgeIntent({ sequence: intent.sequence });
  };
  follow();
  return mirror.store.subscribe(follow);
}
