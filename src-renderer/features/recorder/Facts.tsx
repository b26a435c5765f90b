import type { ReactNode } from 'react';

import type { RemoteParty } from '@shared/domain/recording';
import type { RecorderView } from '@shared/ipc/snapshot';
import { describeError } from '@shared/text/error-messages';
import { useLocale, useReading, useSnapshot } from '../../services/context';
import { wallTime } from '../../services/time';
import { useToday } from '../../services/today';
import { ErrorCodeButton } from '../../ui/ErrorNote';
import { formatClockOn, formatTimeOn } from '../../ui/format';
import { Isolated } from '../../ui/Isolated';
import { featuredRecording, partyText, partyWords, subjectText } from './words';
import { text } from './messages';
import { useSecondsSince, useSecondsUntil } from './Timers';

/** Which line the light is about. */
function LineText() {
  const line = useSnapshot((snapshot) => snapshot.settings.line);
  const session = useSnapshot((snapshot) => snapshot.session);
  if (line.directoryNumber !== null) return text('line', { line: line.directoryNumber });
  if (line.deviceName !== null) return text('device', { device: line.deviceName });
  if ('username' in session && session.username !== null) {
    return text('ownLine', { username: session.username });
  }
  return null;
}

/** A start that answered 201 and that no list has shown. */
function StartedHere({ atMono }: { readonly atMono: number }) {
  const reading = useReading();
  const locale = useLocale();
  const today = useToday().start;
  return text('startedHere', { time: formatTimeOn(wallTime(reading, atMono), today, locale) });
}

/** Why the state is not known, what was last certain, and when the next try comes. */
function UnknownFacts({ recorder }: { readonly recorder: RecorderView }) {
  const reading = useReading();
  const locale = useLocale();
  const today = useToday().start;
  const seconds = useSecondsUntil(recorder.nextTryMono);
  const lastKnown = recorder.unknown?.lastKnown ?? null;
  const error = recorder.unknown?.error ?? null;
  const { startedHere } = recorder;
  const time = lastKnown === null ? '' : formatClockOn(wallTime(reading, lastKnown.asOfMono), today, locale);
  const wasRecording = (party: RemoteParty | null) => (
    <Isolated words={text('wasRecording', { party: partyText(party), time })} values={partyWords(party)} />
  );
  return (
    <>
      {lastKnown?.recording === true && recorder.recordings.length > 1 ? (
        // Every one of them may still run: none is left out for want of certainty.
        <ul className="recorder-known">
          {recorder.recordings.map(({ id, remoteParty }) => (
            <li key={id} className="recorder-subject">
              {wasRecording(remoteParty)}
            </li>
          ))}
        </ul>
      ) : lastKnown?.recording === true ? (
        <p className="recorder-subject">{wasRecording(lastKnown.remoteParty)}</p>
      ) : (
        // A start that answered 201 is newer than a list that shows nothing.
        startedHere === null && (
          <p className="recorder-subject">
            {lastKnown === null ? text('neverKnown') : text('wasNotRecording', { time })}
          </p>
        )
      )}
      {startedHere !== null && (
        <p className="recorder-subject">
          <StartedHere atMono={startedHere.atMono} />
        </p>
      )}
      <p className="recorder-fresh">
        {error !== null && <span>{describeError(error).what} </span>}
        {seconds !== null && (
          <span>{seconds > 0 ? text('tryingAgain', { seconds }) : text('tryingNow')}</span>
        )}
      </p>
      {error !== null && <ErrorCodeButton error={error} />}
    </>
  );
}

function Subject({ recorder }: { readonly recorder: RecorderView }) {
  const restoring = useSnapshot((snapshot) => snapshot.session.status === 'restoring');
  const featured = featuredRecording(recorder.recordings);
  if (restoring) return <p className="recorder-subject">{text('signingIn')}</p>;
  if (recorder.status === 'connecting') return <p className="recorder-subject">{text('asking')}</p>;
  if (recorder.status === 'not-visible') {
    return (
      <p className="recorder-subject">
        {recorder.startedHere === null ? (
          text('notVisible')
        ) : (
          <StartedHere atMono={recorder.startedHere.atMono} />
        )}
      </p>
    );
  }
  if (featured !== null) {
    const { own, localUsername, remoteParty } = featured;
    const values = [own ? null : localUsername, ...partyWords(remoteParty)];
    return (
      <p className="recorder-subject selectable">
        <Isolated words={subjectText(featured)} values={values} />
      </p>
    );
  }
  return (
    <p className="recorder-subject">
      <LineText />
    </p>
  );
}

/** The newest list lacks the recording: how long ago it was last shown. */
function LastSeen({ mono }: { readonly mono: number }) {
  return text('lastSeen', { seconds: useSecondsSince(mono) });
}

/** When the shown state was true, and from when on the call is kept where that is not the press. */
function Freshness({ recorder }: { readonly recorder: RecorderView }) {
  const reading = useReading();
  const locale = useLocale();
  const today = useToday().start;
  const featured = featuredRecording(recorder.recordings);
  const facts: ReactNode[] = [];
  if (featured !== null && featured.keptFrom !== null) {
    facts.push(text('keptFrom', { time: formatClockOn(featured.keptFrom, today, locale) }));
  }
  if (featured !== null && featured.lastSeenMono !== null) {
    facts.push(<LastSeen key="seen" mono={featured.lastSeenMono} />);
  } else if (recorder.asOfMono !== null) {
    facts.push(text('asOf', { time: formatClockOn(wallTime(reading, recorder.asOfMono), today, locale) }));
  }
  if (facts.length === 0) return null;
  return (
    <p className="recorder-fresh">
      {facts.map((fact, index) => (
        <span key={index}>
          {index > 0 && ' · '}
          {fact}
        </span>
      ))}
    </p>
  );
}

/**
 * What is known beside the state's name: who, which line, and when it was true.
 * @param props.recorder of the newest snapshot
 */
export function Facts({ recorder }: { readonly recorder: RecorderView }) {
  if (recorder.status === 'unknown') return <UnknownFacts recorder={recorder} />;
  return (
    <>
      {recorder.status === 'waiting' ? (
        <p className="recorder-subject">{text('waitingHint')}</p>
      ) : (
        <Subject recorder={recorder} />
      )}
      <Freshness recorder={recorder} />
    </>
  );
}
