import { assertNever } from '@shared/assert-never';
import type { UnconfirmedView, WarningView } from '@shared/ipc/snapshot';
import { useApi, useLocale, useSnapshot } from '../../services/context';
import { useToday } from '../../services/today';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatDayAndTime, formatTimeOn } from '../../ui/format';
import { IconButton } from '../../ui/IconButton';
import { passFocusOn } from '../../ui/pass-focus-on';
import { Undo } from '../../ui/Undo';
import { commonText } from '../../ui/messages';
import { useCommand } from '../../ui/use-command';
import { text } from './messages';

function warningText({ kind, fileName }: WarningView): string {
  const file = fileName ?? '';
  switch (kind) {
    case 'settings-damaged':
      return text('warningSettingsDamaged', { file });
    case 'settings-unwritable':
      return text('warningSettingsUnwritable');
    case 'keychain-unavailable':
      return text('warningKeychain');
    case 'keychain-not-cleared':
      return text('warningKeychainNotCleared');
    case 'state-damaged':
      return text('warningStateDamaged', { file });
    case 'state-unwritable':
      return text('warningStateUnwritable', { file });
    case 'file-unreadable':
      return text('warningFileUnreadable', { file });
    case 'file-newer':
      return text('warningFileNewer', { file });
    case 'policy-invalid':
      return text('warningPolicy', { field: file === '' ? 'none' : file });
    default:
      return assertNever(kind);
  }
}

function Dismiss({ what, onPress }: { readonly what: string; readonly onPress: () => void }) {
  return (
    <IconButton
      icon="close"
      size={14}
      ref={passFocusOn}
      className="note-dismiss"
      label={commonText('dismissOf', { what })}
      title={commonText('dismiss')}
      onClick={onPress}
    />
  );
}

/** The line of the newest own recording, offered where none is configured. */
function Suggestion({ line }: { readonly line: string }) {
  const api = useApi();
  const use = useCommand(() => api.updateSettings({ line: { directoryNumber: line } }));
  return (
    <>
      <div className="note note-accent">
        <p className="note-body" role="status">
          {text('suggestion', { line })}
        </p>
        <button
          ref={passFocusOn}
          type="button"
          className="button"
          aria-busy={use.pending || undefined}
          onClick={use.run}
        >
          {text('useLine', { line })}
        </button>
      </div>
      {use.error !== null && <ErrorNote error={use.error} onDismiss={use.clear} />}
    </>
  );
}

function Unconfirmed({ recordings }: { readonly recordings: readonly UnconfirmedView[] }) {
  const api = useApi();
  const locale = useLocale();
  const today = useToday().start;
  return (
    <div className="note note-warning">
      <div className="note-body">
        <p className="note-what" role="alert">
          {text('unconfirmedTitle')}
        </p>
        <ul>
          {recordings.map(({ id, directoryNumber, startedAt, endedAt }) => {
            const times = {
              line: directoryNumber,
              from: formatDayAndTime(startedAt, today, locale),
              // One day is told once.
              to: formatTimeOn(endedAt, startedAt, locale),
            };
            const what =
              directoryNumber === null ? text('unconfirmed', times) : text('unconfirmedLine', times);
            return (
              <li key={id} className="unconfirmed">
                <span role="alert">{what}</span>
                <button
                  ref={passFocusOn}
                  type="button"
                  className="link-button"
                  aria-label={commonText('dismissOf', { what })}
                  onClick={() => void api.dismissUnconfirmed({ id })}
                >
                  {commonText('dismiss')}
                </button>
              </li>
            );
          })}
        </ul>
        <p className="hint">{text('unconfirmedHint')}</p>
      </div>
    </div>
  );
}

/**
 * What is to be told beside the light: warnings, the line that could be used, recordings that were not found. The words
 * of each are a live region of their own, so that a new notice is announced without those that stand there already.
 */
export function Notices() {
  const api = useApi();
  const session = useSnapshot((snapshot) => snapshot.session);
  const warnings = useSnapshot((snapshot) => snapshot.warnings);
  const unconfirmed = useSnapshot((snapshot) => snapshot.recorder.unconfirmed);
  const isUndoable = useSnapshot(({ removals }) => removals.some(({ kind }) => kind === 'unconfirmed'));
  const line = session.status === 'signed-in' ? session.suggestedDirectoryNumber : null;
  if (line === null && warnings.length === 0 && unconfirmed.length === 0 && !isUndoable) return null;
  return (
    <section className="notices" aria-label={text('notices')}>
      {line !== null && <Suggestion line={line} />}
      {warnings.map((warning) => {
        const what = warningText(warning);
        return (
          <div key={warning.id} className="note note-warning">
            <p className="note-body" role="alert">
              {what}
            </p>
            <Dismiss what={what} onPress={() => void api.dismissWarning({ id: warning.id })} />
          </div>
        );
      })}
      {unconfirmed.length > 0 && <Unconfirmed recordings={unconfirmed} />}
      <Undo kind="unconfirmed" />
    </section>
  );
}
