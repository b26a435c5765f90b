import { useId } from 'react';

import type { SaveJobView, SaveStatus } from '@shared/domain/saves';
import { describeError } from '@shared/text/error-messages';
import { useApi, useLocale } from '../../services/context';
import { ErrorCodeButton } from '../../ui/ErrorNote';
import type { IconName } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { passFocusOn } from '../../ui/pass-focus-on';
import { text } from './messages';
import { saveName, stateText } from './words';

/** What can be done with one save. */
type JobAction = 'pause' | 'resume' | 'retry' | 'show';

const icons: Readonly<Record<JobAction, IconName>> = {
  pause: 'pause',
  resume: 'play',
  retry: 'refresh',
  show: 'folder',
};

/** The one thing one would do next; null: nothing but to wait. */
const actions: Readonly<Record<SaveStatus, JobAction | null>> = {
  queued: 'pause',
  downloading: 'pause',
  paused: 'resume',
  verifying: null,
  done: 'show',
  failed: 'retry',
  cancelled: 'retry',
};

/**
 * One save: its name, how far it is, and what can be done with it.
 * @param props.job of the snapshot
 */
export function Job({ job }: { readonly job: SaveJobView }) {
  const api = useApi();
  const locale = useLocale();
  const nameId = useId();
  const name = saveName(job);
  const state = stateText(job, locale);
  const action = actions[job.status];
  const ended = job.status === 'done' || job.status === 'failed' || job.status === 'cancelled';
  const under = { jobId: job.id };
  const act = {
    pause: () => void api.pauseSave(under),
    resume: () => void api.resumeSave(under),
    retry: () => void api.retrySave(under),
    show: () => void api.showSavedFile(under),
  };
  const words = job.error === null ? null : describeError(job.error);
  return (
    <li className="save" data-status={job.status}>
      <div className="save-lines">
        <span className="save-name" id={nameId} title={name}>
          {name}
        </span>
        <span
          className="save-state"
          title={job.verification === 'unverified' ? text('unverifiedHint') : undefined}
        >
          {state}
        </span>
      </div>
      <div className="save-buttons">
        {action !== null && (
          <IconButton
            icon={icons[action]}
            size={14}
            ref={passFocusOn}
            label={text(action)}
            aria-describedby={nameId}
            onClick={act[action]}
          />
        )}
        {!ended && (
          <IconButton
            icon="close"
            size={14}
            ref={passFocusOn}
            label={text('cancel')}
            aria-describedby={nameId}
            onClick={(event) => {
              // This button goes; who used the keyboard stays with the save.
              event.currentTarget.parentElement?.querySelector('button')?.focus();
              void api.cancelSave(under);
            }}
          />
        )}
      </div>
      {ended ? (
        // The rows below stay where they are.
        <span className="save-progress-room" />
      ) : (
        <progress
          className="save-progress"
          aria-label={text('progress', { name })}
          aria-valuetext={state}
          {...(job.size === null ? {} : { max: Math.max(1, job.size), value: job.received })}
        />
      )}
      {words !== null && job.error !== null && job.status !== 'cancelled' && (
        <div className="save-error">
          {words.what} {/* Its state says that it is tried again. */}
          {job.status !== 'queued' && `${words.next} `}
          <ErrorCodeButton error={job.error} />
        </div>
      )}
    </li>
  );
}
