import './details.css';

import { useEffect, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

import type { CodedError } from '@shared/domain/errors';
import type { RecordingDetails, RecordingSummary, ServerUser } from '@shared/domain/recording';
import type { SaveVerification } from '@shared/domain/saves';
import { useApi, useLocale, useUi } from '../../services/context';
import { answered } from '../../ui/answered';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatFull, formatLength, formatSize } from '../../ui/format';
import { IconButton } from '../../ui/IconButton';
import { useCommand } from '../../ui/use-command';
import { directionText } from './Row';
import { text } from './messages';

function userText(user: ServerUser): string {
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ');
  const username = user.username ?? '';
  return name !== '' && username !== '' ? `${name} (${username})` : name || username;
}

/** One fact; absent where the server tells nothing. */
function Fact({
  name,
  value,
  remark = '',
  copyable = false,
}: {
  readonly name: string;
  readonly value: string | null;
  /** Smaller, below the value. */
  readonly remark?: string;
  readonly copyable?: boolean;
}) {
  const api = useApi();
  if (value === null || value === '') return null;
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        <span className="fact-value selectable">
          {value}
          {remark !== '' && <span className="fact-remark">{remark}</span>}
        </span>
        {copyable && (
          <IconButton
            icon="copy"
            size={14}
            label={text('copyField', { field: name })}
            title={text('copy')}
            onClick={() => void api.copyText({ text: value })}
          />
        )}
      </dd>
    </div>
  );
}

/** A user with everything that the server tells of them. */
function Person({ name, user }: { readonly name: string; readonly user: ServerUser | null }) {
  if (user === null) return null;
  const told = [
    { key: 'phoneOf', value: user.phoneNumber },
    { key: 'groupOf', value: user.group },
    { key: 'departmentOf', value: user.department },
  ] as const;
  const remark = told
    .filter(({ value }) => value !== null && value !== '')
    .map(({ key, value }) => text(key, { value: value ?? '' }))
    .join(text('and'));
  return <Fact name={name} value={userText(user)} remark={remark} />;
}

/** What was found out about the hash; nothing where the sound is not here. */
function useVerification({ id, sha256 }: RecordingDetails): SaveVerification | null {
  const api = useApi();
  const [verification, setVerification] = useState<SaveVerification | null>(null);
  useEffect(() => {
    if (sha256 === null) return undefined;
    let current = true;
    void answered('details', () => api.verifyRecording({ id })).then((result) => {
      if (current && result.ok) setVerification(result.value);
    });
    return () => {
      current = false;
    };
  }, [api, id, sha256]);
  return verification;
}

function Facts({ details }: { readonly details: RecordingDetails }) {
  const locale = useLocale();
  const { note, preservingUser, sizeBytes } = details;
  const verification = useVerification(details);
  return (
    <dl className="facts">
      <Fact name={text('remoteNumber')} value={details.remotePartyNumber} copyable />
      <Fact name={text('localNumber')} value={details.localPartyNumber} />
      <Fact name={text('direction')} value={directionText(details.direction)} />
      <Fact name={text('start')} value={formatFull(details.startTime, locale)} />
      <Fact name={text('length')} value={formatLength(details.durationMs, locale)} />
      <Fact name={text('reference')} value={details.referenceNumber} copyable />
      <Person name={text('owner')} user={details.owner} />
      <Fact name={text('note')} value={note === null ? text('noNote') : note.text} />
      <Person name={text('noteBy')} user={note?.owner ?? null} />
      {preservingUser === null ? (
        <Fact name={text('preserved')} value={text('notPreserved')} />
      ) : (
        <Person name={text('preserved')} user={preservingUser} />
      )}
      <Fact name={text('size')} value={sizeBytes === null ? null : formatSize(sizeBytes, locale)} />
      <Fact name={text('pbxCallId')} value={details.pbxCallId} copyable />
      <Fact name={text('id')} value={details.id} copyable />
      <Fact
        name={text('hash')}
        value={details.sha256}
        remark={verification === null ? '' : text(verification)}
        copyable
      />
    </dl>
  );
}

/** Where the rest is to be found, and what it means to play or save. */
function Hints() {
  const api = useApi();
  const { run, error, clear } = useCommand(() => api.openServerPage({}));
  return (
    <>
      <p className="hint">{text('auditHint')}</p>
      <p className="hint">
        {text('readOnlyHint')}{' '}
        <button type="button" className="link-button" onClick={run}>
          {text('openServerPage')}
        </button>
      </p>
      {error !== null && <ErrorNote error={error} onDismiss={clear} />}
    </>
  );
}

/** What the server tells of a recording; a first look may come from memory, a further one asks again. */
function useDetails(id: string) {
  const api = useApi();
  const [details, setDetails] = useState<RecordingDetails | null>(null);
  const [error, setError] = useState<CodedError | null>(null);
  const [looks, setLooks] = useState(0);
  const [loading, setLoading] = useState(true);
  useEffect(() => {
    let current = true;
    void answered('details', () => api.getRecording({ id, fresh: looks > 0 })).then((result) => {
      if (!current) return;
      setLoading(false);
      // What is no longer there is not shown as if it were.
      setDetails(result.ok ? result.value : null);
      setError(result.ok ? null : result.error);
    });
    return () => {
      current = false;
    };
  }, [api, id, looks]);
  const lookAgain = () => {
    setLoading(true);
    setError(null);
    setLooks(looks + 1);
  };
  return { details, error, loading, lookAgain };
}

/**
 * Everything the server tells of one recording; asked for only when it is opened, and once while one is signed in.
 * @param props.recording the row
 */
export function Details({ recording }: { readonly recording: RecordingSummary }) {
  const showDetails = useUi((ui) => ui.showDetails);
  const { details, error, loading, lookAgain } = useDetails(recording.id);
  const close = () => {
    showDetails(null);
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className="dialog-overlay"
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <Modal className="dialog-modal">
        <Dialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {text('detailsTitle')}
            </Heading>
            <IconButton icon="refresh" label={text('askAgain')} onClick={lookAgain} />
            <IconButton icon="close" label={text('close')} onClick={close} />
          </div>
          {error !== null && <ErrorNote error={error} onRetry={lookAgain} />}
          {loading && (
            <p className="hint" role="status">
              {text('loadingDetails')}
            </p>
          )}
          {details !== null && <Facts details={details} />}
          {details !== null && <Hints />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
