import './recorder.css';

import { useEffect } from 'react';

import type {
  ActiveRecordingView,
  RecorderControls,
  RecorderStatus,
  RecorderView,
} from '@shared/ipc/snapshot';
import { useApi, useSnapshot } from '../../services/context';
import { ErrorNote } from '../../ui/ErrorNote';
import { Isolated } from '../../ui/Isolated';
import { Lamp } from '../../ui/Lamp';
import { passFocusOn } from '../../ui/pass-focus-on';
import { useCommand, type Command } from '../../ui/use-command';
import { Buttons } from './Buttons';
import { Facts } from './Facts';
import { featuredRecording, partyWords, statusText, subjectText } from './words';
import { text } from './messages';
import { Countdown, ElapsedTimer } from './Timers';

const timed: ReadonlySet<RecorderStatus> = new Set<RecorderStatus>(['recording', 'paused', 'stopping']);

/** A further recording that runs at the same time: two lines, or a supervisor's. */
function OtherRecording({ recording }: { readonly recording: ActiveRecordingView }) {
  const api = useApi();
  const party = subjectText(recording);
  return (
    <li className="recorder-other">
      <Lamp status={recording.isPaused ? 'paused' : 'recording'} size={16} />
      <span className="recorder-other-party selectable">
        <Isolated words={party} values={[recording.localUsername, ...partyWords(recording.remoteParty)]} />
      </span>
      <ElapsedTimer recording={recording} className="recorder-other-timer" />
      <button
        ref={passFocusOn}
        type="button"
        className="button recorder-other-stop"
        aria-label={text('stopOther', { party })}
        onClick={() => void api.stopRecording({ id: recording.id })}
      >
        {text('stop')}
      </button>
    </li>
  );
}

/** What the card's buttons send. */
function useRecorderCommand(): Command<[keyof RecorderControls]> {
  const api = useApi();
  // Which recording is meant is decided where all is known, and the same for buttons, keys, tray and command line.
  return useCommand((control: keyof RecorderControls) => {
    switch (control) {
      case 'record':
        return api.startRecording({});
      case 'stop':
        return api.stopRecording({});
      case 'pause':
        return api.pauseRecording({});
      case 'resume':
        return api.resumeRecording({});
      case 'recordNextCall':
        return api.recordNextCall({});
      case 'cancelWaiting':
        return api.cancelWaiting({});
      case 'markMoment':
        return api.markMoment({});
      case 'tryNow':
        return api.tryNow({});
    }
  });
}

/**
 * Why the newest command failed, told once: what the main process declines it answers and shows, and the answer is
 * forgotten as soon as it is shown.
 */
function Refusal({
  lastError,
  command: { error: answered, clear },
}: {
  readonly lastError: RecorderView['lastError'];
  readonly command: Command<[keyof RecorderControls]>;
}) {
  const api = useApi();
  const shown = lastError?.error ?? null;
  const isShown = answered !== null && answered.code === shown?.code;
  useEffect(() => {
    if (isShown) clear();
  }, [isShown, clear]);
  const error = answered ?? shown;
  if (error === null) return null;
  return (
    <ErrorNote
      error={error}
      onDismiss={() => {
        clear();
        if (shown !== null) void api.dismissError({});
      }}
    />
  );
}

/** The recording light with all that belongs to it; always at the top of the window. */
export function Recorder() {
  const recorder = useSnapshot((snapshot) => snapshot.recorder);
  const command = useRecorderCommand();
  const restoring = useSnapshot((snapshot) => snapshot.session.status === 'restoring');
  const status = restoring ? 'connecting' : recorder.status;
  const featured = featuredRecording(recorder.recordings);
  const certain = status !== 'unknown';
  // A colleague's recording has a stop button of its own: no other button or key acts on it.
  const others = certain
    ? recorder.recordings.filter((recording) => recording !== featured || !recording.own)
    : [];
  return (
    <section className="recorder" data-status={status} aria-label={text('region')}>
      <div className="recorder-head">
        <Lamp status={status} size={56} />
        <div className="recorder-facts">
          <div className="recorder-title">
            <p role="status" className="recorder-status">
              {statusText(status)}
            </p>
            {featured !== null && timed.has(status) && (
              <ElapsedTimer recording={featured} className="recorder-timer" />
            )}
            {status === 'waiting' && recorder.waiting !== null && (
              <Countdown
                untilMono={recorder.waiting.untilMono}
                className="recorder-timer recorder-countdown"
              />
            )}
          </div>
          <Facts recorder={recorder} />
        </div>
      </div>
      <Buttons recorder={recorder} command={command} />
      {others.length > 0 && (
        <ul className="recorder-list" aria-label={text('more')}>
          {others.map((recording) => (
            <OtherRecording key={recording.id} recording={recording} />
          ))}
        </ul>
      )}
      <Refusal lastError={recorder.lastError} command={command} />
    </section>
  );
}
