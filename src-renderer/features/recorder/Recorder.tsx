import './recorder.css';

import type { ActiveRecordingView, RecorderStatus } from '../../../src-main/shared/snapshot';
import { useApi, useSnapshot } from '../../store/context';
import { ErrorNote } from '../../ui/ErrorNote';
import { Lamp } from '../../ui/Lamp';
import { Buttons } from './Buttons';
import { Facts } from './Facts';
import { featuredRecording, statusText, subjectText } from './words';
import { text } from './strings';
import { Countdown, ElapsedTimer } from './Timers';

const timed: ReadonlySet<RecorderStatus> = new Set<RecorderStatus>(['recording', 'paused', 'stopping']);

/** A further recording that runs at the same time: two lines, or a supervisor's. */
function OtherRecording({ recording }: { readonly recording: ActiveRecordingView }) {
  const api = useApi();
  const party = subjectText(recording);
  return (
    <li className="recorder-other">
      <Lamp status={recording.isPaused ? 'paused' : 'recording'} size={16} />
      <span className="recorder-other-party selectable">{party}</span>
      <ElapsedTimer recording={recording} className="recorder-other-timer" />
      <button
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

/** The recording light with all that belongs to it; always at the top of the window. */
export function Recorder() {
  const api = useApi();
  const recorder = useSnapshot((snapshot) => snapshot.recorder);
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
      <Buttons recorder={recorder} />
      {others.length > 0 && (
        <ul className="recorder-list" aria-label={text('more')}>
          {others.map((recording) => (
            <OtherRecording key={recording.id} recording={recording} />
          ))}
        </ul>
      )}
      {recorder.lastError !== null && (
        <ErrorNote error={recorder.lastError.error} onDismiss={() => void api.dismissError({})} />
      )}
    </section>
  );
}
