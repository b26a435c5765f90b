import { describe, expect, it } from 'vitest';

import { errorCodes } from '@shared/domain/errors';
import type { NoticeKind } from '@shared/ipc/settings';
import { defaultSettings, noticeKinds } from '@shared/ipc/settings';
import { describeError } from '@shared/text/error-messages';
import { noticeFor } from '../../../../src-main/core/desktop/notifications';
import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import { guid, summary } from '../../../fixtures/examples';

const { notifications: allOn } = defaultSettings();
const allOff = Object.fromEntries(Object.keys(allOn).map((kind) => [kind, false])) as typeof allOn;
const now = new Date(2026, 2, 2, 14, 5).getTime();
const hidden = { windowFocused: false, locale: 'en-GB', now };
const focused = { windowFocused: true, locale: 'en-GB', now };

const party = { firstName: 'Carla', lastName: 'Neri', phoneNumber: '+39 02 1234' };
const error = { code: 'no-connected-call', operation: 'start', detail: { directoryNumber: '101' } } as const;
const unconfirmed = {
  id: guid(7),
  directoryNumber: '101',
  startedAt: new Date(2026, 2, 2, 14, 0).getTime(),
  endedAt: new Date(2026, 2, 2, 14, 2).getTime(),
};

interface Expected {
  readonly notice: RecorderNotice;
  readonly title: string;
  readonly body: string;
  /** Null: cannot be switched off. */
  readonly switchedBy: NoticeKind | null;
  readonly urgent: boolean;
  readonly whileFocused: boolean;
  readonly tag: string;
}

const table: readonly Expected[] = [
  {
    notice: { kind: 'started', recordingId: guid(1), remoteParty: party },
    title: 'Recording started',
    body: 'Your call with Carla Neri is being recorded.',
    switchedBy: 'started',
    urgent: false,
    whileFocused: false,
    tag: `started-${guid(1)}`,
  },
  {
    notice: {
      kind: 'started',
      recordingId: guid(1),
      remoteParty: { ...party, firstName: null, lastName: null },
    },
    title: 'Recording started',
    body: 'Your call with +39 02 1234 is being recorded.',
    switchedBy: 'started',
    urgent: false,
    whileFocused: false,
    tag: `started-${guid(1)}`,
  },
  {
    notice: { kind: 'started', recordingId: guid(1), remoteParty: null },
    title: 'Recording started',
    body: 'Your call is being recorded.',
    switchedBy: 'started',
    urgent: false,
    whileFocused: false,
    tag: `started-${guid(1)}`,
  },
  {
    notice: { kind: 'stopped', recordingId: guid(1), elapsedMs: 42_000 },
    title: 'Recording stopped',
    body: 'It ran for 00:42.',
    switchedBy: 'stopped',
    urgent: false,
    whileFocused: false,
    tag: `stopped-${guid(1)}`,
  },
  {
    notice: { kind: 'stopped', recordingId: null, elapsedMs: null },
    title: 'Recording stopped',
    body: 'The server no longer records your line.',
    switchedBy: 'stopped',
    urgent: false,
    whileFocused: false,
    tag: 'stopped',
  },
  {
    notice: { kind: 'ended', recordingId: guid(1), elapsedMs: 3_723_000, unexpected: false },
    title: 'The recording has ended',
    body: 'It ended by itself after 1:02:03, perhaps because the call ended.',
    switchedBy: 'stopped',
    urgent: false,
    whileFocused: true,
    tag: `ended-${guid(1)}`,
  },
  {
    notice: { kind: 'ended', recordingId: guid(1), elapsedMs: 3_723_000, unexpected: true },
    title: 'The recording has ended unexpectedly',
    body: 'The server shows it no longer. If your call goes on, press Record.',
    switchedBy: null,
    urgent: true,
    whileFocused: true,
    tag: `ended-${guid(1)}`,
  },
  {
    notice: { kind: 'marked', recordingId: guid(1), offsetMs: 42_300 },
    title: 'Moment marked at 00:42',
    body: 'Find it in the player once the recording is saved.',
    switchedBy: 'marked',
    urgent: false,
    whileFocused: true,
    tag: `marked-${guid(1)}`,
  },
  {
    notice: { kind: 'saved', recording: summary({ id: guid(5) }) },
    title: 'Recording saved',
    body: '+39 02 1234, length 00:42. Click to play it.',
    switchedBy: 'saved',
    urgent: false,
    whileFocused: true,
    tag: `saved-${guid(5)}`,
  },
  {
    notice: { kind: 'saved', recording: summary({ id: guid(5), remotePartyNumber: null }) },
    title: 'Recording saved',
    body: 'Length 00:42. Click to play it.',
    switchedBy: 'saved',
    urgent: false,
    whileFocused: true,
    tag: `saved-${guid(5)}`,
  },
  {
    notice: { kind: 'unconfirmed', recording: unconfirmed },
    title: 'A recording could not be found',
    body: 'The recording that ended at 14:02 has not appeared on the server. Tell your administrator if you need it.',
    switchedBy: null,
    urgent: true,
    whileFocused: true,
    tag: `unconfirmed-${guid(7)}`,
  },
  {
    notice: { kind: 'refused', error },
    title: 'There is no connected call on line 101.',
    body: 'Start the recording as soon as the call connects, or choose Record next call.',
    switchedBy: 'refused',
    urgent: false,
    whileFocused: false,
    tag: 'refused',
  },
  {
    notice: { kind: 'waiting-ended', reason: 'time-limit' },
    title: 'No longer waiting for a call',
    body: 'No call came within the time limit. Choose Record next call to wait again.',
    switchedBy: 'refused',
    urgent: false,
    whileFocused: true,
    tag: 'waiting-ended',
  },
  {
    notice: { kind: 'waiting-ended', reason: 'sleep' },
    title: 'No longer waiting for a call',
    body: 'The computer went to sleep. Choose Record next call to wait again.',
    switchedBy: 'refused',
    urgent: false,
    whileFocused: true,
    tag: 'waiting-ended',
  },
  {
    notice: { kind: 'waiting-ended', reason: 'signed-out' },
    title: 'No longer waiting for a call',
    body: 'You signed out. Sign in to wait again.',
    switchedBy: 'refused',
    urgent: false,
    whileFocused: true,
    tag: 'waiting-ended',
  },
  {
    notice: { kind: 'waiting-ended', reason: 'refused' },
    title: 'No longer waiting for a call',
    body: 'The server refused your password. Sign in with your current one to wait again.',
    switchedBy: 'refused',
    urgent: false,
    whileFocused: true,
    tag: 'waiting-ended',
  },
  {
    notice: { kind: 'locked', error: { code: 'unauthorized', operation: 'active', detail: { status: 401 } } },
    title: 'The server refused your password',
    body: 'RecLight no longer sees whether you are being recorded. Sign in again with your current password; with single sign-on (SSO), ask your administrator to set AllowBasicAuthForSsoUsersViaWebApi to 1.',
    switchedBy: null,
    urgent: true,
    whileFocused: false,
    tag: 'locked',
  },
  {
    notice: { kind: 'unknown', error: null, was: 'recording' },
    title: 'It is not known whether you are being recorded',
    body: 'The last known state was recording. RecLight tries again by itself.',
    switchedBy: 'unknown',
    urgent: true,
    whileFocused: true,
    tag: 'unknown',
  },
  {
    notice: { kind: 'unknown', error, was: 'not-recording' },
    title: 'It is not known whether you are being recorded',
    body: 'The last known state was not recording. RecLight tries again by itself.',
    switchedBy: 'unknown',
    urgent: true,
    whileFocused: true,
    tag: 'unknown',
  },
  {
    notice: { kind: 'unknown', error, was: 'started-here' },
    title: 'It is not known whether you are being recorded',
    body: 'A recording was started here, but it is not confirmed. RecLight tries again by itself.',
    switchedBy: 'unknown',
    urgent: true,
    whileFocused: true,
    tag: 'unknown',
  },
  {
    notice: { kind: 'unknown', error, was: 'not-known' },
    title: 'It is not known whether you are being recorded',
    body: 'It was not known before, either. RecLight tries again by itself.',
    switchedBy: 'unknown',
    urgent: true,
    whileFocused: true,
    tag: 'unknown',
  },
  {
    notice: { kind: 'recovered', is: 'not-known' },
    title: 'The recording server answers again',
    body: 'Your account may not see whether you are being recorded.',
    switchedBy: 'recovered',
    urgent: false,
    whileFocused: true,
    tag: 'recovered',
  },
  {
    notice: { kind: 'recovered', is: 'started-here' },
    title: 'The recording server answers again',
    body: 'A recording was started here, but it is not confirmed.',
    switchedBy: 'recovered',
    urgent: false,
    whileFocused: true,
    tag: 'recovered',
  },
  {
    notice: { kind: 'recovered', is: 'recording' },
    title: 'RecLight sees your line again',
    body: 'You are being recorded.',
    switchedBy: 'recovered',
    urgent: false,
    whileFocused: true,
    tag: 'recovered',
  },
  {
    notice: { kind: 'recovered', is: 'not-recording' },
    title: 'RecLight sees your line again',
    body: 'You are not being recorded.',
    switchedBy: 'recovered',
    urgent: false,
    whileFocused: true,
    tag: 'recovered',
  },
  {
    notice: { kind: 'pause-reminder', recordingId: guid(1), pausedMs: 60_000, nth: 1 },
    title: 'Your recording is still paused',
    body: 'It has been paused for 01:00. Resume it when you are ready.',
    switchedBy: 'pause-reminder',
    urgent: false,
    whileFocused: true,
    tag: `pause-reminder-${guid(1)}`,
  },
  {
    notice: { kind: 'pause-reminder', recordingId: guid(1), pausedMs: 90_000, nth: 2 },
    title: 'Still paused after 01:30: nothing is being recorded',
    body: 'Resume your recording now, or what is said from here on is lost.',
    switchedBy: 'pause-reminder',
    urgent: true,
    whileFocused: true,
    tag: `pause-reminder-${guid(1)}`,
  },
];

describe.each(table.map((row) => [row.notice.kind, row] as const))('notice %s', (_kind, row) => {
  const { notice, title, body, switchedBy, urgent, whileFocused, tag } = row;
  const action =
    notice.kind === 'saved' ? { kind: 'play', recordingId: notice.recording.id } : { kind: 'open-window' };
  const expected = { tag, title, body, urgent, action };

  it('says what happened while the window is hidden', () => {
    expect(noticeFor(notice, allOn, hidden)).toEqual(expected);
  });

  it('is told to someone who looks at the window only where the window does not show it', () => {
    expect(noticeFor(notice, allOn, focused)).toEqual(whileFocused ? expected : null);
  });

  it('obeys its own switch alone', () => {
    for (const kind of noticeKinds) {
      const off = { ...allOn, [kind]: false };
      expect(noticeFor(notice, off, hidden)).toEqual(kind === switchedBy ? null : expected);
      const only = { ...allOff, [kind]: true };
      expect(noticeFor(notice, only, hidden)).toEqual(
        kind === switchedBy || switchedBy === null ? expected : null,
      );
    }
  });
});

it('two recordings do not take each other’s notices away; one replaces its own', () => {
  const tags = [1, 2, 1].map(
    (id) => noticeFor({ kind: 'started', recordingId: guid(id), remoteParty: null }, allOn, hidden)?.tag,
  );
  expect(new Set(tags).size).toBe(2);
  expect(tags[2]).toBe(tags[0]);
});

it.each(errorCodes)('a refusal by %s is told in its two sentences', (code) => {
  const refused = { code, operation: 'start', detail: {} } as const;
  const { what, next } = describeError(refused);
  expect(noticeFor({ kind: 'refused', error: refused }, allOn, hidden)).toMatchObject({
    title: what,
    body: next,
  });
});

it.each([
  [{ firstName: 'Carla', lastName: null, phoneNumber: null }, 'Carla'],
  [{ firstName: null, lastName: 'Neri', phoneNumber: '1' }, 'Neri'],
  [{ firstName: '', lastName: '', phoneNumber: '+39 {02} <b>' }, '+39 {02} <b>'],
])('a call with %j names %j', (remoteParty, name) => {
  const notice = noticeFor({ kind: 'started', recordingId: guid(1), remoteParty }, allOn, hidden);
  expect(notice?.body).toBe(`Your call with ${name} is being recorded.`);
});

it('a call with somebody of whom nothing is known names nobody', () => {
  for (const phoneNumber of [null, '']) {
    const remoteParty = { firstName: null, lastName: null, phoneNumber };
    const notice = noticeFor({ kind: 'started', recordingId: guid(1), remoteParty }, allOn, hidden);
    expect(notice?.body).toBe('Your call is being recorded.');
  }
});

it('tells a command that was left without an answer, whatever is switched off and however the window stands (C13)', () => {
  const left = { code: 'left-unanswered', operation: 'start', detail: { outcomeUnknown: true } } as const;
  const shown = noticeFor({ kind: 'refused', error: left }, allOff, focused);
  expect(shown?.title).toBe('The server had not answered Record when RecLight stopped watching your line.');
});

it('tells what had to wait when RecLight was quit, whatever is switched off and however the window stands (C13)', () => {
  const left = { code: 'left-unsent', operation: 'stop', detail: { outcomeUnknown: false } } as const;
  const press = noticeFor({ kind: 'refused', error: left }, allOff, focused);
  expect(press?.title).toBe('RecLight was quit before it could carry out Stop.');
  const wait = noticeFor({ kind: 'waiting-ended', reason: 'quit' }, allOff, focused);
  expect(wait?.body).toBe('RecLight was quit. Choose Record next call to wait again.');
});

it.each([
  [new Date(2026, 2, 2, 23, 59), 'at 14:02'],
  [new Date(2026, 2, 3, 0, 1), 'at 14:02 yesterday'],
  [new Date(2026, 2, 5, 9), 'at 14:02 on 2 Mar'],
  [new Date(2027, 0, 5, 9), 'at 14:02 on 2 Mar 2026'],
])('a recording that was not found tells its day once it is another: %s', (later, when) => {
  const circumstances = { ...hidden, now: later.getTime() };
  const notice = noticeFor({ kind: 'unconfirmed', recording: unconfirmed }, allOn, circumstances);
  expect(notice?.body).toContain(`ended ${when} has not appeared`);
});
