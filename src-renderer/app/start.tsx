import '../ui/tokens.css';
import '../ui/base.css';

import { createRoot } from 'react-dom/client';

import type { WindowApi } from '@shared/ipc/contract';
import { App } from './App';
import { playSound } from './sound';
import { createFailureReporter } from './failure-report';
import { createPlayerService } from '../services/player/player';
import { confirmDrawn } from '../services/confirm-drawn';
import { ServicesProvider } from '../services/context';
import { followMain } from '../services/follow';
import { createMirror } from '../services/mirror';
import { createTicker } from '../services/ticker';
import { createUiStore } from '../services/ui';
import { Part } from '../ui/Part';

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
    playSound,
    failed: (error) => {
      report(error, 'window');
    },
  });
  const player = createPlayerService({ api, mirror, ui }, (task) => {
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
