import './app.css';

import { useEffect, useRef, type ReactNode } from 'react';
import { useStore } from 'zustand';

import { useMirror, useSnapshot, useUi } from '../services/context';
import { useToday } from '../services/today';
import { IconButton } from '../ui/IconButton';
import { keepFocus } from '../ui/keep-focus';
import { pressOnce } from '../ui/key-press';
import { lazyPart } from '../ui/lazy-part';
import { Part } from '../ui/Part';
import { UndoKey } from '../ui/Undo';
import { lazyModule } from './lazy-module';
import { Player } from '../features/player/Player';
import type { PlayerService } from '../services/player/player';
import { Notices } from '../features/recorder/Notices';
import { PlainRecorder } from '../features/recorder/PlainRecorder';
import { Recorder } from '../features/recorder/Recorder';
import { Recordings } from '../features/recordings/Recordings';
import { KeychainWait } from '../features/sign-in/KeychainWait';
import { SignIn } from '../features/sign-in/SignIn';
import { text } from './messages';

const Saving = lazyPart(lazyModule, (module) => module.Saving);
const Settings = lazyPart(lazyModule, (module) => module.Settings);

function Header() {
  const showSettings = useUi((ui) => ui.showSettings);
  return (
    <header className="header">
      <h1 className="header-title">{text('product')}</h1>
      <IconButton
        icon="settings"
        data-opens="settings"
        label={text('settings')}
        onClick={() => {
          showSettings();
        }}
      />
    </header>
  );
}

/** The recording light, outside of every other part: what fails beside it leaves it as it is. */
function Light() {
  return (
    <Part name="recorder" fallback={(note) => <PlainRecorder>{note}</PlainRecorder>}>
      <Recorder />
    </Part>
  );
}

function Main() {
  const status = useSnapshot((snapshot) => snapshot.session.status);
  const signedIn = status === 'signed-in';
  const locked = status === 'locked';
  const before = useRef(status);
  useEffect(() => {
    // The form has gone with the focus: where one may type on without starting anything, one Tab behind the light.
    const hadForm = before.current === 'signing-in' || before.current === 'locked';
    before.current = status;
    if (!signedIn || !hadForm || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>('.recordings input')?.focus({ preventScroll: true });
  }, [status, signedIn]);
  return (
    <>
      <Part name="header">
        <Header />
      </Part>
      {(signedIn || locked || status === 'restoring') && <Light />}
      {status === 'restoring' && (
        <Part name="signIn">
          <KeychainWait />
        </Part>
      )}
      {status !== 'restoring' && (
        <Part name="notices">
          <Notices />
        </Part>
      )}
      {signedIn && (
        <Part name="recordings">
          <Recordings />
        </Part>
      )}
      {(locked || status === 'signed-out' || status === 'signing-in') && (
        <Part name="signIn">
          <SignIn />
        </Part>
      )}
    </>
  );
}

/** Puts the chosen theme on the document; the system's own needs nothing. */
function Theme() {
  const theme = useSnapshot((snapshot) => snapshot.settings.appearance.theme);
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  }, [theme]);
  return null;
}

/** The saves, where there are any. */
function Saves() {
  const any = useSnapshot(({ keep }) => keep.jobs.length > 0);
  return any ? <Saving /> : null;
}

function PlayerDock({ player }: { readonly player: PlayerService }) {
  const loaded = useStore(player.store, (state) => state.loaded);
  const closePlayer = useUi((ui) => ui.closePlayer);
  return (
    // The sound goes on without its player: putting the note away ends it.
    <Part name="player" occasion={loaded} onDismiss={closePlayer}>
      {loaded !== null && <Player loaded={loaded} />}
    </Part>
  );
}

function Window({ player }: { readonly player: PlayerService }) {
  // Another day or time zone changes times everywhere.
  useToday();
  const view = useUi((ui) => ui.view);
  const showSettings = useUi((ui) => ui.showSettings);
  const showMain = useUi((ui) => ui.showMain);
  const inSettings = view === 'settings';
  const main = useRef<HTMLDivElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    // Leaving the settings returns the focus to where it came from.
    if (shown.current === 'settings' && view === 'main') {
      main.current?.querySelector<HTMLElement>('[data-opens="settings"]')?.focus();
    }
    shown.current = view;
  }, [view]);
  return (
    <div className="window">
      <Part name="window" fallback={drawNothing}>
        <Theme />
        <UndoKey />
      </Part>
      <main className="views">
        <div ref={main} className="view" inert={inSettings} data-covered={inSettings || undefined}>
          <Main />
        </div>
        <Part
          name="settings"
          source={lazyModule}
          occasion={inSettings ? view : null}
          onFail={() => {
            // What cannot be shown must not cover the light.
            showMain();
            return showSettings;
          }}
        >
          {inSettings && (
            <div className="view">
              <Settings />
            </div>
          )}
        </Part>
      </main>
      <Part name="saves" source={lazyModule}>
        <Saves />
      </Part>
      <PlayerDock player={player} />
    </div>
  );
}

function drawNothing(): ReactNode {
  return null;
}

/** In place of the whole window: the state and *Stop* as long as anything at all can be drawn. */
function lastResort(note: ReactNode): ReactNode {
  return (
    <div className="window">
      <Part name="window" fallback={drawNothing}>
        <PlainRecorder>{null}</PlainRecorder>
      </Part>
      {note}
    </div>
  );
}

/**
 * The whole window: nothing until the first snapshot, which is there before the first frame as a rule.
 * @param props.player plays what the window asks for
 */
export function App({ player }: { readonly player: PlayerService }) {
  const ready = useMirror(({ reading }) => reading !== null);
  const failed = useMirror(({ failure }) => failure !== null);
  useEffect(() => pressOnce(window), []);
  useEffect(() => keepFocus(window), []);
  if (ready) {
    return (
      <Part name="window" fallback={lastResort}>
        <Window player={player} />
      </Part>
    );
  }
  return failed ? (
    <p role="alert" className="app-failure">
      {text('startFailed')}
    </p>
  ) : null;
}
