import './saving.css';

import { useId, useState } from 'react';

import type { SavesView } from '@shared/domain/saves';
import { useApi, useLocale, useSnapshot, useUi } from '../../services/context';
import type { IconName } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { passFocusOn } from '../../ui/pass-focus-on';
import { Undo } from '../../ui/Undo';
import { Job } from './Job';
import { text } from './messages';
import { announcement, totalsText } from './words';

/** So many saves are shown as they are; more fold into one line. */
const maxUnfolded = 2;

/** What can be done with every save of which it can be said. */
type AllAction = 'pauseAll' | 'resumeAll' | 'retryAll' | 'cancelAll';

/** What ends all of them is a word: a cross beside a list is taken for closing it. */
const icons: Readonly<Record<AllAction, IconName | null>> = {
  pauseAll: 'pause',
  resumeAll: 'play',
  retryAll: 'refresh',
  cancelAll: null,
};

/** The one thing one would do next with all of them; null: nothing. */
function nextForAll({ queued, downloading, paused, failed }: SavesView['counts']): AllAction | null {
  if (queued + downloading > 0) return 'pauseAll';
  if (paused > 0) return 'resumeAll';
  return failed > 0 ? 'retryAll' : null;
}

function AllButton({ action, onPress }: { readonly action: AllAction; readonly onPress: () => void }) {
  const label = text(action);
  const icon = icons[action];
  if (icon !== null) {
    return <IconButton ref={passFocusOn} icon={icon} size={14} label={label} onClick={onPress} />;
  }
  return (
    <button
      ref={passFocusOn}
      type="button"
      className="link-button saving-clear"
      aria-label={label}
      title={label}
      onClick={onPress}
    >
      {label}
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
  const many = jobs.length + hidden > maxUnfolded;
  // Over the settings one line is enough.
  const inView = useUi((ui) => ui.view === 'main');
  const unfolded = inView && (!many || open);
  const running = counts.queued + counts.downloading;
  // One button under changing names: who used the keyboard stays on it.
  const next = nextForAll(counts);
  const act = {
    pauseAll: api.pauseSave,
    resumeAll: api.resumeSave,
    retryAll: api.retrySave,
    cancelAll: api.cancelSave,
  };
  const ended = counts.done + counts.failed + counts.cancelled;
  return (
    <section className="saving" aria-label={text('region')}>
      <div className="saving-head">
        <p className="saving-totals" data-failed={counts.failed > 0 || undefined}>
          {totalsText(keep, locale)}
        </p>
        {many && next !== null && <AllButton action={next} onPress={() => void act[next]({})} />}
        {many && running + counts.paused > 0 && (
          <AllButton action="cancelAll" onPress={() => void act.cancelAll({})} />
        )}
        <Undo kind="saves" told />
        {ended > 0 && (
          <button
            ref={passFocusOn}
            type="button"
            className="link-button saving-clear"
            onClick={() => {
              // This button goes, perhaps with the panel; who used the keyboard goes on in the list.
              document
                .querySelector<HTMLElement>('[role="grid"] [tabindex="0"]')
                ?.focus({ preventScroll: true });
              void api.clearFinishedSaves({});
            }}
          >
            {text('clear')}
          </button>
        )}
        {many && inView && (
          <IconButton
            icon={open ? 'fold' : 'unfold'}
            size={14}
            label={text('expand')}
            aria-expanded={open}
            aria-controls={unfolded ? listId : undefined}
            onClick={() => {
              setOpen(!open);
            }}
          />
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
