import { useApi, useSnapshot } from '../../services/context';
import { ErrorNote } from '../../ui/ErrorNote';
import { passFocusOn } from '../../ui/pass-focus-on';
import { useCommand } from '../../ui/use-command';
import { SettingFact } from './controls';
import { text } from './messages';

/** Who is signed in, and the way out. */
export function Account() {
  const api = useApi();
  const session = useSnapshot((snapshot) => snapshot.session);
  const signOut = useCommand(() => api.signOut({}));
  if (session.status !== 'signed-in' && session.status !== 'locked') {
    return <p className="hint">{text('signedOut')}</p>;
  }
  return (
    <>
      <dl>
        <SettingFact name={text('signedInAs')}>{session.username}</SettingFact>
        <SettingFact name={text('server')}>{session.serverAddress}</SettingFact>
        <SettingFact name={text('password')}>
          {text(session.remembered ? 'remembered' : 'notRemembered')}
        </SettingFact>
      </dl>
      <div>
        <button
          ref={passFocusOn}
          type="button"
          className="button button-strong"
          aria-busy={signOut.pending || undefined}
          onClick={signOut.run}
        >
          {text('signOut')}
        </button>
      </div>
      {signOut.error !== null && <ErrorNote error={signOut.error} onDismiss={signOut.clear} />}
    </>
  );
}
