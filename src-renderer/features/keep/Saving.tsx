import './saving.css';

import { useId, useState } from 'react';

import { useApi, useLocale, useSnapshot, useUi } from '../../store/context';
import { Icon } from '../../ui/Icon';
import { Job } from './Job';
import { text } from './strings';
import { announcement, totalsText } from './words';

/** So many saves are shown as they are; more fold into one line. */
const mostUnfolded = 2;

/** A button for every save of which it can be said. */
function AllButton({
  icon,
  label,
  onPress,
}: {
  readonly icon: 'pause' | 'play' | 'close' | 'refresh';
  readonly label: string;
  readonly onPress: () => void;
}) {
  return (
    <button type="button" className="button button-icon" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} size={14} />
    </button>
  );
}

/** What is being kept, docked below the list; drawn only where there is any. */
export function Saving() {
  const api = useApi();
  const locale = useLocale();
  const keep = useSnapshot((snapshot) => snapshot.keep);
  const [open, setOpen] = useState(false);
  const listId = useId();
  const { counts, jobs, hidden } = keep;
  const many = jobs.length + hidden > mostUnfolded;
  // Over the settings one line is enough.
  const inView = useUi((ui) => ui.view === 'main');
  const unfolded = inView && (!many || open);
  const running = counts.queued + counts.downloading;
  const ended = counts.done + counts.failed + counts.cancelled;
  return (
    <section className="saving" aria-label={text('region')}>
      <div className="saving-head">
        <p className="saving-totals" data-failed={counts.failed > 0 || undefined}>
          {totalsText(keep, locale)}
        </p>
        {many && running > 0 && (
          <AllButton icon="pause" label={text('pauseAll')} onPress={() => void api.pauseSave({})} />
        )}
        {many && running === 0 && counts.paused > 0 && (
          <AllButton icon="play" label={text('resumeAll')} onPress={() => void api.resumeSave({})} />
        )}
        {many && running + counts.paused === 0 && counts.failed > 0 && (
          <AllButton icon="refresh" label={text('retryAll')} onPress={() => void api.retrySave({})} />
        )}
        {many && running + counts.paused > 0 && (
          <AllButton icon="close" label={text('cancelAll')} onPress={() => void api.cancelSave({})} />
        )}
        {ended > 0 && (
          <button
            type="button"
            className="link-button saving-clear"
            onClick={() => {
              // This button goes, perhaps with the panel; who used the keyboard goes on in the list.
              document.querySelector<HTMLElement>('[role="grid"] [tabindex="0"]')?.focus();
              void api.clearFinishedSaves({});
            }}
          >
            {text('clear')}
          </button>
        )}
        {many && inView && (
          <button
            type="button"
            className="button button-icon"
            aria-label={text('expand')}
            title={text('expand')}
            aria-expanded={open}
            aria-controls={unfolded ? listId : undefined}
            onClick={() => {
              setOpen(!open);
            }}
          >
            <Icon name={open ? 'fold' : 'unfold'} size={14} />
          </button>
        )}
      </div>
      {unfolded && (
        <ul className="saves" id={listId} tabIndex={many ? 0 : undefined} aria-label={text('region')}>
          {jobs.map((job) => (
            <Job key={job.id} job={job} />
          ))}
          {hidden > 0 && <li className="hint">{text('hidden', { count: hidden })}</li>}
        </ul>
      )}
      <p className="visually-hidden" role="status">
        {announcement(counts)}
      </p>
    </section>
  );
}
