import './app.css';

import { lazy, Suspense, useEffect, useRef } from 'react';
import { useStore } from 'zustand';

import { useMirror, useSnapshot, useUi } from '../../store/context';
import { Icon } from '../../ui/Icon';
import { Player } from '../player/Player';
import type { PlayerDriver } from '../player/player-driver';
import { Notices } from '../recorder/Notices';
import { Recorder } from '../recorder/Recorder';
import { Recordings } from '../recordings/Recordings';
import { KeychainWait } from '../sign-in/KeychainWait';
import { SignIn } from '../sign-in/SignIn';
import { text } from './strings';

const Saving = lazy(async () => ({ default: (await import('../keep/Saving')).Saving }));
const Settings = lazy(async () => ({ default: (await import('../settings/Settings')).Settings }));

function Header() {
  const showSettings = useUi((ui) => ui.showSettings);
  return (
    <header className="header">
      <h1 className="header-title">{text('product')}</h1>
      <button
        type="button"
        className="button button-icon"
        data-opens="settings"
        aria-label={text('settings')}
        title={text('settings')}
        onClick={() => {
          showSettings();
        }}
      >
        <Icon name="settings" />
      </button>
    </header>
  );
}

function Main() {
  const status = useSnapshot((snapshot) => snapshot.session.status);
  const signedIn = status === 'signed-in';
  const locked = status === 'locked';
  return (
    <>
      <Header />
      {(signedIn || locked || status === 'restoring') && <Recorder />}
      {status === 'restoring' && <KeychainWait />}
      {status !== 'restoring' && <Notices />}
      {signedIn && <Recordings />}
      {(locked || status === 'signed-out' || status === 'signing-in') && <SignIn />}
    </>
  );
}

/** Puts the chosen theme on the document; the system's own needs nothing. */
function useTheme(): void {
  const theme = useSnapshot((snapshot) => snapshot.settings.appearance.theme);
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  }, [theme]);
}

function Window({ player }: { readonly player: PlayerDriver }) {
  const view = useUi((ui) => ui.view);
  const loaded = useStore(player.store, (state) => state.loaded);
  const keeps = useSnapshot(({ keep }) => keep.jobs.length > 0);
  const main = useRef<HTMLDivElement>(null);
  const shown = useRef(view);
  useTheme();
  useEffect(() => {
    // Whoever leaves the settings goes on where they came from.
    if (shown.current === 'settings' && view === 'main') {
      main.current?.querySelector<HTMLElement>('[data-opens="settings"]')?.focus();
    }
    shown.current = view;
  }, [view]);
  return (
    <div className="window">
      <main className="views">
        <div ref={main} className="view" inert={view !== 'main'} data-covered={view !== 'main' || undefined}>
          <Main />
        </div>
        {view === 'settings' && (
          <div className="view">
            <Suspense>
              <Settings />
            </Suspense>
          </div>
        )}
      </main>
      {keeps && (
        <Suspense>
          <Saving />
        </Suspense>
      )}
      {loaded !== null && <Player loaded={loaded} />}
    </div>
  );
}

/**
 * The whole window: nothing until the first snapshot, which is there before the first frame as a rule.
 * @param props.player plays what the window asks for
 */
export function App({ player }: { readonly player: PlayerDriver }) {
  const ready = useMirror(({ reading }) => reading !== null);
  const failed = useMirror(({ failure }) => failure !== null);
  if (ready) return <Window player={player} />;
  return failed ? (
    <p role="alert" className="app-failure">
      {text('startFailed')}
    </p>
  ) : null;
}
