import './ui/tokens.css';
import './ui/base.css';

import { createRoot } from 'react-dom/client';

import type { WindowApi } from '../src-main/shared/ipc-contract';
import { App } from './features/app/App';
import { playCue } from './features/app/cue';
import { createPlayerDriver } from './features/player/player-driver';
import { ServicesProvider } from './store/context';
import { followMain } from './store/follow';
import { createMirror } from './store/mirror';
import { createTicker } from './store/ticker';
import { createUiStore } from './store/ui';

/**
 * Shows the window.
 * @param root the element to draw in
 * @param api `window.reclight`
 * @returns a function that takes everything down again
 */
export function startWindow(root: HTMLElement, api: WindowApi): () => void {
  const monotonicNow = () => performance.now();
  const mirror = createMirror(api, { monotonicNow, wallNow: () => Date.now() });
  const ui = createUiStore();
  const ticker = createTicker({
    monotonicNow,
    isVisible: () => document.visibilityState === 'visible',
    onVisibilityChange: (listener) => {
      document.addEventListener('visibilitychange', listener);
      return () => {
        document.removeEventListener('visibilitychange', listener);
      };
    },
  });
  const unfollow = followMain({ api, mirror, ui, playCue });
  const player = createPlayerDriver({ api, mirror, ui }, (task) => {
    const handle = requestIdleCallback(task);
    return () => {
      cancelIdleCallback(handle);
    };
  });
  const react = createRoot(root);
  react.render(
    <ServicesProvider value={{ api, mirror, ui, ticker }}>
      <App player={player} />
    </ServicesProvider>,
  );
  void mirror.pull();
  return () => {
    react.unmount();
    player.dispose();
    unfollow();
    ticker.dispose();
    mirror.dispose();
  };
}
