import './ui/tokens.css';
import './ui/base.css';

import { createRoot } from 'react-dom/client';

import type { WindowApi } from '../src-main/shared/ipc-contract';
import { App } from './features/app/App';
import { playCue } from './features/app/cue';
import { createFailureReporter } from './features/app/failure-report';
import { createPlayerDriver } from './features/player/player-driver';
import { confirmDrawn } from './store/confirm-drawn';
import { ServicesProvider } from './store/context';
import { followMain } from './store/follow';
import { createMirror } from './store/mirror';
import { createTicker } from './store/ticker';
import { createUiStore } from './store/ui';
import { Part } from './ui/Part';

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
  const report = createFailureReporter(api);
  const unfollow = followMain({
    api,
    mirror,
    ui,
    playCue,
    failed: (error) => {
      report(error, 'window');
    },
  });
  const player = createPlayerDriver({ api, mirror, ui }, (task) => {
    const handle = requestIdleCallback(task);
    return () => {
      cancelIdleCallback(handle);
    };
  });
  const react = createRoot(root, {
    onCaughtError: (error, { errorBoundary }) => {
      report(error, errorBoundary instanceof Part ? errorBoundary.props.name : 'window');
      // For the developer tools alone: the log does not hold what may be a number or a name.
      reportError(error);
    },
    onUncaughtError: (error) => {
      report(error, 'window');
      reportError(error);
    },
  });
  const confirmation = confirmDrawn(root, api, (task) => {
    setTimeout(task);
  });
  react.render(
    <ServicesProvider value={{ api, mirror, ui, ticker }}>
      <App player={player} />
    </ServicesProvider>,
  );
  void mirror.pull().then(confirmation.confirm);
  return () => {
    confirmation.dispose();
    react.unmount();
    player.dispose();
    unfollow();
    ticker.dispose();
    mirror.dispose();
  };
}
