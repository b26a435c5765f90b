import './details.css';

import { useEffect, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

import type { CodedError } from '../../../src-main/shared/errors';
import type { RecordingDetails, RecordingSummary, ServerUser } from '../../../src-main/shared/recording';
import { useApi, useLocale, useUi } from '../../store/context';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatFull, formatLength, formatSize } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { directionText } from './Row';
import { text } from './strings';

function userText(user: ServerUser | null): string {
  if (user === null) return '';
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ');
  const username = user.username ?? '';
  return name !== '' && username !== '' ? `${name} (${username})` : name || username;
}

/** One fact; absent where the server tells nothing. */
function Fact({
  name,
  value,
  copyable = false,
}: {
  readonly name: string;
  readonly value: string | null;
  readonly copyable?: boolean;
}) {
  const api = useApi();
  if (value === null || value === '') return null;
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        <span className="fact-value selectable">{value}</span>
        {copyable && (
          <button
            type="button"
            className="button button-icon"
            aria-label={text('copyField', { field: name })}
            title={text('copy')}
            onClick={() => void api.copyText({ text: value })}
          >
            <Icon name="copy" size={14} />
          </button>
        )}
      </dd>
    </div>
  );
}

function Facts({ details }: { readonly details: RecordingDetails }) {
  const locale = useLocale();
  const note = details.note;
  return (
    <>
      <dl className="facts">
        <Fact name={text('remoteNumber')} value={details.remotePartyNumber} copyable />
        <Fact name={text('localNumber')} value={details.localPartyNumber} />
        <Fact name={text('direction')} value={directionText(details.direction)} />
        <Fact name={text('start')} value={formatFull(details.startTime, locale)} />
        <Fact name={text('length')} value={formatLength(details.durationMs, locale)} />
        <Fact name={text('reference')} value={details.referenceNumber} copyable />
        <Fact name={text('owner')} value={userText(details.owner)} />
        <Fact name={text('group')} value={details.owner?.group ?? null} />
        <Fact name={text('department')} value={details.owner?.department ?? null} />
        <Fact
          name={text('note')}
          value={
            note === null
              ? null
              : note.owner === null
                ? note.text
                : text('noteBy', { text: note.text, name: userText(note.owner) })
          }
        />
        <Fact
          name={text('preserved')}
          value={details.preservingUser === null ? text('notPreserved') : userText(details.preservingUser)}
        />
        <Fact
          name={text('size')}
          value={details.sizeBytes === null ? null : formatSize(details.sizeBytes, locale)}
        />
        <Fact name={text('pbxCallId')} value={details.pbxCallId} copyable />
        <Fact name={text('id')} value={details.id} copyable />
        <Fact name={text('hash')} value={details.sha256} copyable />
      </dl>
      <p className="hint">{text('auditHint')}</p>
      <p className="hint">{text('readOnlyHint')}</p>
    </>
  );
}

/**
 * Everything the server tells of one recording; asked for only when it is opened.
 * @param props.recording the row
 */
export function Details({ recording }: { readonly recording: RecordingSummary }) {
  const api = useApi();
  const showDetails = useUi((ui) => ui.showDetails);
  const [details, setDetails] = useState<RecordingDetails | null>(null);
  const [error, setError] = useState<CodedError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    void api.getRecording({ id: recording.id }).then((result) => {
      if (!current) return;
      if (result.ok) setDetails(result.value);
      else setError(result.error);
    });
    return () => {
      current = false;
    };
  }, [api, recording.id, attempt]);
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
            <button
              type="button"
              className="button button-icon"
              aria-label={text('close')}
              title={text('close')}
              onClick={close}
            >
              <Icon name="close" />
            </button>
          </div>
          {error !== null && (
            <ErrorNote
              error={error}
              onRetry={() => {
                setError(null);
                setAttempt(attempt + 1);
              }}
            />
          )}
          {details === null && error === null && <p className="hint">{text('loading')}</p>}
          {details !== null && <Facts details={details} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
