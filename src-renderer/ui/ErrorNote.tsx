import type { CodedError, ErrorCode } from '@shared/domain/errors';
import { describeError, errorReference } from '@shared/text/error-messages';
import { useApi, useSnapshot, useUi } from '../services/context';
import { Icon } from './Icon';
import { IconButton } from './IconButton';
import { commonText } from './messages';
import { passFocusOn } from './pass-focus-on';

/** Failures that the user can mend under *Settings, Line*. */
const aboutLine: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'no-line-given',
  'no-line-configured',
  'line-not-monitorable',
  'invalid-mode',
  'caller-without-extension',
]);

/**
 * The code of a failure, small, and copied by a press.
 * @param props.error as it came from a result or a snapshot
 */
export function ErrorCodeButton({ error }: { readonly error: CodedError }) {
  const api = useApi();
  const code = errorReference(error);
  return (
    <button
      type="button"
      className="code-button"
      aria-label={commonText('copyCode', { code })}
      title={commonText('copyCode', { code })}
      onClick={() => void api.copyText({ text: code })}
    >
      {code}
      <Icon name="copy" size={12} />
    </button>
  );
}

/**
 * A failure: what happened, what to do, and its code.
 * @param props.error as it came from a result or a snapshot
 * @param props.id for `aria-describedby`
 * @param props.onDismiss shows a button that puts the note away
 * @param props.onRetry shows a button that tries again
 */
export function ErrorNote({
  error,
  id,
  onDismiss,
  onRetry,
}: {
  readonly error: CodedError;
  readonly id?: string;
  readonly onDismiss?: () => void;
  readonly onRetry?: () => void;
}) {
  const showSettings = useUi((ui) => ui.showSettings);
  const signedIn = useSnapshot((snapshot) => snapshot.session.status === 'signed-in');
  const { what, next } = describeError(error);
  return (
    <div ref={passFocusOn} className="note note-danger" role="alert" id={id}>
      <div className="note-body">
        <p className="note-what">{what}</p>
        <p>{next}</p>
        <div className="note-actions">
          {onRetry !== undefined && (
            <button type="button" className="link-button" onClick={onRetry}>
              {commonText('tryAgain')}
            </button>
          )}
          {signedIn && aboutLine.has(error.code) && (
            <button
              type="button"
              className="link-button"
              onClick={() => {
                showSettings('line');
              }}
            >
              {commonText('openSettings')}
            </button>
          )}
          <ErrorCodeButton error={error} />
        </div>
      </div>
      {onDismiss !== undefined && (
        <IconButton
          icon="close"
          size={14}
          className="note-dismiss"
          label={commonText('dismissOf', { what })}
          title={commonText('dismiss')}
          onClick={onDismiss}
        />
      )}
    </div>
  );
}
