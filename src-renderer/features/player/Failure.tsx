import { useStore } from 'zustand';

import { useLocale } from '../../services/context';
import { shareArrived } from '../../services/player/arrival';
import type { PlayerEngine } from '../../services/player/engine';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatLength } from '../../ui/format';
import { commonText } from '../../ui/messages';
import { passFocusOn } from '../../ui/pass-focus-on';
import { useSaving } from '../saving/use-saving';
import { text } from './messages';

/** Codes of a `MediaError`. */
const decodeFailed = 3;
const notSupported = 4;

/** What cannot be played here can be kept, and played elsewhere: asking for it again would bring the same. */
function Undecodable({ id, from }: { readonly id: string; readonly from: number }) {
  const locale = useLocale();
  const { save, error } = useSaving();
  return (
    <>
      <div ref={passFocusOn} className="note note-danger" role="alert">
        <div className="note-body">
          <p className="note-what">
            {from >= 1
              ? text('undecodableFrom', { time: formatLength(Math.floor(from) * 1_000, locale) })
              : text('undecodable')}
          </p>
          <p>{text('undecodableNext')}</p>
          <div className="note-actions">
            <button
              type="button"
              className="link-button"
              onClick={() => {
                save({ kind: 'recordings', ids: [id] });
              }}
            >
              {text('save')}
            </button>
          </div>
        </div>
      </div>
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}

/** Why there is no sound, or not all of it: the download's own reason where it failed. */
export function Failure({
  engine: { playback, progress: followed, waveform },
  id,
}: {
  readonly engine: PlayerEngine;
  readonly id: string;
}) {
  const locale = useLocale();
  const { failed, errorCode, length, position } = useStore(playback.store);
  const peaks = useStore(waveform.store, (state) => state.peaks);
  const { progress, judged } = useStore(followed.store);
  const cut = progress?.status === 'failed';
  // The element gives no reason: it is said once, and not before it is known.
  if (failed ? !judged : !cut) return null;
  // What came whole, and is something, is not to be had any better.
  const cameWhole = progress?.status === 'complete' && progress.receivedBytes > 0;
  const undecodable = errorCode === decodeFailed || (errorCode === notSupported && cameWhole);
  if (undecodable && !cut) return <Undecodable id={id} from={progress?.sound?.changesAt ?? position} />;
  const retry = () => {
    playback.retry();
  };
  const error = progress?.error ?? null;
  const arrived = shareArrived(progress, peaks, length) * length;
  return (
    <>
      {cut && arrived > 0 && (
        <p className="player-cut">
          {text('cutWhat', { time: formatLength(Math.floor(arrived) * 1_000, locale) })}
        </p>
      )}
      {error !== null ? (
        <ErrorNote error={error} onRetry={retry} />
      ) : (
        <div ref={passFocusOn} className="note note-danger" role="alert">
          <div className="note-body">
            <p className="note-what">{text('failedWhat')}</p>
            <p>{text('failedNext')}</p>
            <div className="note-actions">
              <button type="button" className="link-button" onClick={retry}>
                {commonText('tryAgain')}
              </button>
            </div>
          </div>
        </div>
      )}
    </>
  );
}
