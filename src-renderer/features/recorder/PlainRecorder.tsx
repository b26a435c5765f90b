import './recorder.css';

import type { ReactNode } from 'react';

import { describeError } from '@shared/text/error-messages';
import { useApi, useSnapshot } from '../../services/context';
import { useCommand } from '../../ui/use-command';
import { text } from './messages';
import { featuredRecording, statusText } from './words';

/**
 * The state, *Record* and *Stop* in plain elements: stands in for a recording light that cannot be drawn.
 * @param props.children the note that says so
 */
export function PlainRecorder({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const recorder = useSnapshot((snapshot) => snapshot.recorder);
  const featured = featuredRecording(recorder.recordings);
  const record = useCommand(() => api.startRecording({}));
  const stop = useCommand(() => api.stopRecording(featured === null ? {} : { id: featured.id }));
  const error = recorder.lastError?.error ?? stop.error ?? record.error;
  return (
    <section className="recorder" data-status={recorder.status} aria-label={text('region')}>
      <p role="status" className="recorder-status">
        {statusText(recorder.status)}
      </p>
      <div className="recorder-buttons">
        {recorder.controls.record && (
          <button type="button" className="button button-main" onClick={record.run}>
            {text('record')}
          </button>
        )}
        {recorder.controls.stop && (
          <button type="button" className="button button-main" onClick={stop.run}>
            {text('stop')}
          </button>
        )}
      </div>
      {error !== null && <p role="alert">{describeError(error).what}</p>}
      {children}
    </section>
  );
}
