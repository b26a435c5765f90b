import { assertNever } from '@shared/assert-never';
import type { RemoteParty } from '@shared/domain/recording';
import type { NoticeKind, Settings } from '@shared/ipc/settings';
import { describeError } from '@shared/text/error-messages';
import { formatElapsed } from '@shared/text/format';
import { createTranslate } from '@shared/text/messages';
import type { RecorderNotice } from '../recorder/contract';
import type { Notice, NoticeAction } from '../ports/desktop';

const strings = {
  started: 'Recording started',
  'started-body':
    '{party, select, none {Your call is being recorded.} other {Your call with {party} is being recorded.}}',
  stopped: 'Recording stopped',
  'stopped-body': 'It ran for {time}.',
  'stopped-line-body': 'The server no longer records your line.',
  ended: 'The recording has ended',
  'ended-body': 'It ended by itself after {time}, perhaps because the call ended.',
  'ended-unexpected': 'The recording has ended unexpectedly',
  'ended-unexpected-body': 'The server shows it no longer. If your call goes on, press Record.',
  marked: 'Moment marked at {time}',
  'marked-body': 'Find it in the player once the recording is saved.',
  saved: 'Recording saved',
  'saved-body': '{party, select, none {Length {time}.} other {{party}, length {time}.}} Click to play it.',
  unconfirmed: 'A recording could not be found',
  'unconfirmed-body':
    'The recording that ended at {time}{day, select, today {} yesterday { yesterday} other { on {day}}} has not appeared on the server. Tell your administrator if you need it.',
  refused: 'RecLight could not do that',
  waiting: 'No longer waiting for a call',
  'waiting-time-limit': 'No call came within the time limit. Choose Record next call to wait again.',
  'waiting-sleep': 'The computer went to sleep. Choose Record next call to wait again.',
  'waiting-signed-out': 'You signed out. Sign in to wait again.',
  'waiting-quit': 'RecLight was quit. Choose Record next call to wait again.',
  'waiting-refused': 'The server refused your password. Sign in with your current one to wait again.',
  locked: 'The server refused your password',
  'locked-body': 'RecLight no longer sees whether you are being recorded. {next}',
  unknown: 'It is not known whether you are being recorded',
  'unknown-recording': 'The last known state was recording. RecLight tries again by itself.',
  'unknown-not-recording': 'The last known state was not recording. RecLight tries again by itself.',
  'unknown-started-here':
    'A recording was started here, but it is not confirmed. RecLight tries again by itself.',
  'unknown-not-known': 'It was not known before, either. RecLight tries again by itself.',
  recovered: 'RecLight sees your line again',
  answering: 'The recording server answers again',
  'recovered-recording': 'You are being recorded.',
  'recovered-not-recording': 'You are not being recorded.',
  'recovered-started-here': 'A recording was started here, but it is not confirmed.',
  'recovered-not-known': 'Your account may not see whether you are being recorded.',
  'pause-reminder': 'Your recording is still paused',
  'pause-reminder-body': 'It has been paused for {time}. Resume it when you are ready.',
  'pause-reminder-again': 'Still paused after {time}: nothing is being recorded',
  'pause-reminder-again-body': 'Resume your recording now, or what is said from here on is lost.',
} as const;

const translate = createTranslate(strings);

function nameOf(party: RemoteParty | null): string {
  const name = [party?.firstName, party?.lastName].filter((part) => (part ?? '') !== '').join(' ');
  const known = [name, party?.phoneNumber ?? ''].find((text) => text !== '');
  return known ?? 'none';
}

/** A command that the end of the session, or of RecLight, cut off: the window is not in sight then. */
function isLeft(notice: RecorderNotice): boolean {
  if (notice.kind === 'waiting-ended') return notice.reason === 'quit';
  return (
    notice.kind === 'refused' &&
    (notice.error.code === 'left-unanswered' || notice.error.code === 'left-unsent')
  );
}

/** Which switch of the settings a notice obeys; null: it is always told. */
function switchOf(notice: RecorderNotice): NoticeKind | null {
  switch (notice.kind) {
    case 'refused':
      return isLeft(notice) ? null : notice.kind;
    case 'started':
    case 'stopped':
    case 'marked':
    case 'saved':
    case 'unknown':
    case 'recovered':
    case 'pause-reminder':
      return notice.kind;
    case 'waiting-ended':
      return isLeft(notice) ? null : 'refused';
    case 'ended':
      return notice.unexpected ? null : 'stopped';
    case 'unconfirmed':
    case 'locked':
      return null;
    default:
      return assertNever(notice);
  }
}

/** A day as its title tells it: `today`, `yesterday`, `3 Nov`, with the year where it is another. */
function dayOf(at: number, now: number, locale: string): string {
  const [then, present] = [new Date(at), new Date(now)];
  if (then.toDateString() === present.toDateString()) return 'today';
  present.setDate(present.getDate() - 1);
  if (then.toDateString() === present.toDateString()) return 'yesterday';
  const isThisYear = then.getFullYear() === new Date(now).getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...year }).format(at);
}

/** What a notice is told under. */
interface Circumstances {
  /** Whether the user looks at the window. */
  readonly windowFocused: boolean;
  /** BCP 47. */
  readonly locale: string;
  /** Epoch ms, this computer's clock. */
  readonly now: number;
}

function wordsOf(
  notice: RecorderNotice,
  { locale, now }: Circumstances,
): { readonly title: string; readonly body: string } {
  switch (notice.kind) {
    case 'started':
      return {
        title: translate('started'),
        body: translate('started-body', { party: nameOf(notice.remoteParty) }),
      };
    case 'stopped':
      return {
        title: translate('stopped'),
        body:
          notice.elapsedMs === null
            ? translate('stopped-line-body')
            : translate('stopped-body', { time: formatElapsed(notice.elapsedMs) }),
      };
    case 'ended':
      if (notice.unexpected) {
        return { title: translate('ended-unexpected'), body: translate('ended-unexpected-body') };
      }
      return {
        title: translate('ended'),
        body: translate('ended-body', { time: formatElapsed(notice.elapsedMs) }),
      };
    case 'marked':
      return {
        title: translate('marked', { time: formatElapsed(notice.offsetMs) }),
        body: translate('marked-body'),
      };
    case 'saved':
      return {
        title: translate('saved'),
        body: translate('saved-body', {
          party: notice.recording.remotePartyNumber ?? 'none',
          time: formatElapsed(notice.recording.durationMs),
        }),
      };
    case 'unconfirmed':
      return {
        title: translate('unconfirmed'),
        body: translate('unconfirmed-body', {
          time: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(notice.recording.endedAt),
          day: dayOf(notice.recording.endedAt, now, locale),
        }),
      };
    case 'refused': {
      const { what, next } = describeError(notice.error);
      return { title: what, body: next };
    }
    case 'waiting-ended':
      return { title: translate('waiting'), body: translate(`waiting-${notice.reason}`) };
    case 'locked': {
      // Its code says which of the two refusals it was; what to do is the same.
      const { next } = describeError({ ...notice.error, code: 'locked' });
      return { title: translate('locked'), body: translate('locked-body', { next }) };
    }
    case 'unknown':
      return { title: translate('unknown'), body: translate(`unknown-${notice.was}`) };
    case 'recovered': {
      const isSeen = notice.is === 'recording' || notice.is === 'not-recording';
      return {
        title: translate(isSeen ? 'recovered' : 'answering'),
        body: translate(`recovered-${notice.is}`),
      };
    }
    case 'pause-reminder': {
      // Word for word the same, it would be overlooked like any notice that one knows already.
      const key = notice.nth === 1 ? 'pause-reminder' : 'pause-reminder-again';
      const time = formatElapsed(notice.pausedMs);
      return { title: translate(key, { time }), body: translate(`${key}-body`, { time }) };
    }
    default:
      return assertNever(notice);
  }
}

/** Whether a notice stays until it is seen. */
function isUrgent(notice: RecorderNotice): boolean {
  switch (notice.kind) {
    case 'unconfirmed':
    case 'locked':
    case 'unknown':
      return true;
    case 'ended':
      return notice.unexpected;
    case 'pause-reminder':
      return notice.nth > 1;
    default:
      return false;
  }
}

/** Notices that the window shows as well, so that they are not told twice to someone who looks at it. */
const shownInWindow: readonly RecorderNotice['kind'][] = ['started', 'stopped', 'refused', 'locked'];

/** A notice replaces a former one of its kind about the same recording, or about none; two recordings tell apart. */
function tagOf(notice: RecorderNotice): string {
  if ('recordingId' in notice && notice.recordingId !== null) return `${notice.kind}-${notice.recordingId}`;
  return 'recording' in notice ? `${notice.kind}-${notice.recording.id}` : notice.kind;
}

/**
 * What the OS is asked to show for something that happened to the recording, or null for nothing.
 * @param notice what happened
 * @param switches the user's settings
 * @param circumstances of its user
 */
export function noticeFor(
  notice: RecorderNotice,
  switches: Settings['notifications'],
  circumstances: Circumstances,
): Notice | null {
  const kind = switchOf(notice);
  if (kind !== null && !switches[kind]) return null;
  const isShown = shownInWindow.includes(notice.kind) && !isLeft(notice);
  if (circumstances.windowFocused && isShown) return null;
  const action: NoticeAction =
    notice.kind === 'saved' ? { kind: 'play', recordingId: notice.recording.id } : { kind: 'open-window' };
  return {
    tag: tagOf(notice),
    ...wordsOf(notice, circumstances),
    urgent: isUrgent(notice),
    action,
  };
}
