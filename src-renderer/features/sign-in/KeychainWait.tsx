import { useApi, useSnapshot } from '../../services/context';
import { passFocusOn } from '../../ui/pass-focus-on';
import { text } from './messages';

/** What RecLight waits for at its start where the keychain takes long, and the way round it. */
export function KeychainWait() {
  const api = useApi();
  const waiting = useSnapshot(({ session }) => session.status === 'restoring' && session.waitingForKeychain);
  return (
    // There before its words are, or a screen reader would not read them.
    <div className="keychain-wait" role="status">
      {waiting && (
        <div className="note note-accent">
          <p className="note-body">{text('keychainWait')}</p>
          <button
            ref={passFocusOn}
            type="button"
            className="button"
            onClick={() => void api.skipKeychain({})}
          >
            {text('skipKeychain')}
          </button>
        </div>
      )}
    </div>
  );
}
