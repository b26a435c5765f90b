import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import { fail, type CodedError } from '@shared/domain/errors';
import type { RecorderControls, RecorderStatus, RecorderView, SessionView } from '@shared/ipc/snapshot';
import { activeView, guid, recorderView, snapshotOf } from '../../../fixtures/examples';
import { startOfDay } from '../../../../src-renderer/ui/format';
import { renderWindow, settle, useTestWindows, wallStart } from '../../../fixtures/render-window';

useTestWindows();

const controls = (able: Partial<RecorderControls> = {}): RecorderControls => ({
  record: false,
  stop: false,
  pause: false,
  resume: false,
  recordNextCall: false,
  cancelWaiting: false,
  markMoment: false,
  tryNow: false,
  ...able,
});
const withRecorder = (changes: Partial<RecorderView>, revision = 1) =>
  snapshotOf({ revision, recorder: recorderView(changes) });
const recorder = () => within(screen.getByRole('region', { name: 'Recorder' }));
const status = () => recorder().getByRole('status').textContent;
const timers = () =>
  recorder()
    .queryAllByRole('timer')
    .map(({ textContent }) => textContent);
const buttons = () =>
  recorder()
    .queryAllByRole('button')
    .filter((button) => button.getAttribute('aria-disabled') !== 'true')
    .map((button) => button.getAttribute('aria-label') ?? button.textContent);
const refused: CodedError = {
  code: 'no-connected-call',
  operation: 'start',
  detail: { status: 409, reason: 1, directoryNumber: '101' },
};

describe('each state has its name, its lamp and only the buttons that can work', () => {
  const running = { recordings: [activeView()] };
  test.each<{ name: string; view: Partial<RecorderView>; buttons: string[]; timers: string[] }>([
    {
      name: 'Not recording',
      view: { status: 'not-recording', controls: controls({ record: true, recordNextCall: true }) },
      buttons: ['Record', 'Record next call'],
      timers: [],
    },
    { name: 'Starting…', view: { status: 'starting', controls: controls() }, buttons: [], timers: [] },
    {
      name: 'Recording',
      view: {
        status: 'recording',
        ...running,
        controls: controls({ stop: true, pause: true, markMoment: true }),
      },
      buttons: ['Stop', 'Pause', 'Mark moment'],
      timers: ['00:42'],
    },
    {
      name: 'Paused',
      view: {
        status: 'paused',
        recordings: [activeView({ isPaused: true, ticking: false })],
        controls: controls({ stop: true, resume: true }),
      },
      buttons: ['Stop', 'Resume'],
      timers: ['00:42'],
    },
    {
      name: 'Stopping…',
      view: { status: 'stopping', ...running, controls: controls() },
      buttons: [],
      timers: ['00:42'],
    },
    {
      name: 'Waiting for a call…',
      view: {
        status: 'waiting',
        waiting: { untilMono: 601_000, nextTryMono: null },
        controls: controls({ cancelWaiting: true }),
      },
      buttons: ['Cancel'],
      timers: ['10:00'],
    },
    {
      name: 'State unknown',
      view: {
        status: 'unknown',
        recordings: [activeView({ ticking: false })],
        unknown: { sinceMono: 1_000, error: null, lastKnown: null },
        controls: controls({ tryNow: true }),
      },
      buttons: ['Try now'],
      timers: [],
    },
    {
      name: 'State unknown',
      view: { status: 'connecting', asOfMono: null, controls: controls() },
      buttons: [],
      timers: [],
    },
    {
      name: 'Not visible to you',
      view: { status: 'not-visible', controls: controls({ record: true }) },
      buttons: ['Record'],
      timers: [],
    },
  ])('$view.status: $name', async ({ name, view, buttons: expected, timers: expectedTimers }) => {
    await renderWindow(withRecorder(view));
    expect(status()).toBe(name);
    expect(document.querySelector('.recorder .lamp')?.getAttribute('data-status')).toBe(view.status);
    expect(buttons()).toEqual(expected);
    expect(timers()).toEqual(expectedTimers);
  });
});

test.each<RecorderStatus>(['unknown', 'connecting', 'locked', 'signed-out', 'not-visible'])(
  'in the state %s nothing says "not recording"',
  async (uncertain) => {
    await renderWindow(withRecorder({ status: uncertain, controls: controls() }));
    expect(status()).not.toBe('Not recording');
  },
);

test('the timer runs by the monotonic clock, whatever the wall clock does', async () => {
  const { advance, jumpWall } = await renderWindow(
    withRecorder({ status: 'recording', recordings: [activeView()] }),
  );
  expect(timers()).toEqual(['00:42']);
  await advance(1_010);
  expect(timers()).toEqual(['00:43']);
  jumpWall(3 * 3_600_000);
  await advance(1_000);
  expect(timers()).toEqual(['00:44']);
  jumpWall(-6 * 3_600_000);
  await advance(60_000);
  expect(timers()).toEqual(['01:44']);
});

test('a timer follows each answer of the server', async () => {
  const { advance, send } = await renderWindow(
    withRecorder({ status: 'recording', recordings: [activeView()] }),
  );
  await advance(5_010);
  expect(timers()).toEqual(['00:47']);
  await send({
    ...withRecorder(
      { status: 'recording', recordings: [activeView({ elapsedMs: 50_000, anchorMono: 6_010 })] },
      2,
    ),
    sentAtMono: 6_010,
  });
  expect(timers()).toEqual(['00:50']);
  await send(withRecorder({ status: 'not-recording' }, 3));
  expect(timers()).toEqual([]);
});

test('tells when it was true, in the locale of the user', async () => {
  await renderWindow(withRecorder({ status: 'not-recording', asOfMono: -4_000 }));
  const expected = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(wallStart - 5_000);
  expect(recorder().getByText(`as of ${expected}`)).toBeTruthy();
});

test('while unknown, says what was last certain and counts down to the next try', async () => {
  const { advance } = await renderWindow(
    withRecorder({
      status: 'unknown',
      unknown: {
        sinceMono: 0,
        error: { code: 'timeout', operation: 'active', detail: {} },
        lastKnown: {
          recording: true,
          remoteParty: { firstName: 'Ada', lastName: 'Bianchi', phoneNumber: '+39 02 4454' },
          asOfMono: 0,
        },
      },
      nextTryMono: 7_000,
      controls: controls({ tryNow: true }),
    }),
  );
  const card = screen.getByRole('region', { name: 'Recorder' });
  expect(card.textContent).toMatch(/Was recording Ada Bianchi · \+39 02 4454 at \d\d:02:04/);
  expect(card.textContent).toContain('The recording server does not answer.');
  expect(card.textContent).toContain('Trying again in 6 s.');
  await advance(2_010);
  expect(card.textContent).toContain('Trying again in 4 s.');
  await advance(10_000);
  expect(card.textContent).toContain('Trying again now.');
});

test('what was last certain on another day says so (R-9)', async () => {
  const day = 86_400_000;
  const remoteParty = { firstName: null, lastName: null, phoneNumber: '0039' };
  const unknown = (asOfMono: number, revision?: number) =>
    withRecorder(
      {
        status: 'unknown',
        unknown: { sinceMono: 0, error: null, lastKnown: { recording: false, remoteParty, asOfMono } },
      },
      revision,
    );
  const card = () => screen.getByRole('region', { name: 'Recorder' }).textContent;
  const { send, advance } = await renderWindow(unknown(0));
  expect(card()).toMatch(/Was not recording at \d\d:02:04(?! yesterday|,)/);
  await send(unknown(-3 * day, 2));
  expect(card()).toMatch(/Was not recording at \d\d:02:04, 27 Feb/);
  await send(unknown(0, 3));
  // At midnight it is of yesterday, with nothing new from the main process.
  await advance(startOfDay(Date.now(), 1) - Date.now() + 1_000);
  expect(card()).toMatch(/Was not recording at \d\d:02:04 yesterday/);
});

test('while unknown, a start that cannot be confirmed is told rather than the older "not recording"', async () => {
  const card = () => screen.getByRole('region', { name: 'Recorder' }).textContent;
  const remoteParty = { firstName: null, lastName: null, phoneNumber: '0039;02' };
  const unknown = (recording: boolean, revision?: number) =>
    withRecorder(
      {
        status: 'unknown',
        unknown: { sinceMono: 0, error: null, lastKnown: { recording, remoteParty, asOfMono: 0 } },
        startedHere: { id: guid(1), atMono: 1_000 },
        controls: controls({ tryNow: true }),
      },
      revision,
    );
  const { send } = await renderWindow(unknown(false));
  expect(card()).toMatch(/Started here at \d\d:02; it cannot be confirmed\./);
  expect(card()).not.toContain('Was not recording');
  await send(unknown(true, 2));
  expect(card()).toMatch(/Was recording 0039;02 at .*Started here at \d\d:02/);
});

test('while unknown, each of several recordings is said to have run', async () => {
  const remoteParty = { firstName: null, lastName: null, phoneNumber: '+391' };
  await renderWindow(
    withRecorder({
      status: 'unknown',
      recordings: [
        activeView({ id: guid(1), ticking: false, remoteParty }),
        activeView({ id: guid(2), ticking: false, remoteParty: { ...remoteParty, phoneNumber: '+392' } }),
      ],
      unknown: { sinceMono: 0, error: null, lastKnown: { recording: true, remoteParty, asOfMono: 0 } },
      controls: controls({ tryNow: true }),
    }),
  );
  const card = screen.getByRole('region', { name: 'Recorder' });
  const known = within(card)
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);
  expect(known).toEqual([
    expect.stringMatching(/^Was recording \+391 at \d\d:02:04$/),
    expect.stringMatching(/^Was recording \+392 at \d\d:02:04$/),
  ]);
  expect(card.textContent).not.toContain('Also being recorded');
  expect(timers()).toEqual([]);
});

test('where nothing can be seen, Stop is the main button only for what was started here', async () => {
  const mainButton = () => document.querySelector('.recorder .button-main')?.textContent;
  const view = { status: 'not-visible', controls: controls({ record: true, stop: true }) } as const;
  const { send } = await renderWindow(withRecorder({ ...view, startedHere: { id: guid(1), atMono: 1_000 } }));
  expect(mainButton()).toContain('Stop');
  expect(buttons()).toContain('Record');
  await send(withRecorder(view, 2));
  expect(mainButton()).toContain('Record');
});

test('Pause and Resume leave it to the main process which of several recordings is meant', async () => {
  const complaints = vi.spyOn(console, 'error');
  const { fake } = await renderWindow(
    withRecorder({
      status: 'recording',
      recordings: [
        activeView({ id: guid(1), isPaused: true, ticking: false }),
        activeView({ id: guid(2), startedHere: false }),
      ],
      controls: controls({ stop: true, pause: true, resume: true }),
    }),
  );
  for (const name of ['Pause', 'Resume']) {
    fireEvent.click(recorder().getByRole('button', { name }));
    await settle();
  }
  expect([...fake.callsOf('pauseRecording'), ...fake.callsOf('resumeRecording')]).toEqual([{}, {}]);
  // Two buttons under one key would be drawn twice, or not at all.
  expect(complaints).not.toHaveBeenCalled();
  complaints.mockRestore();
});

test('a start that cannot be confirmed is told with its time', async () => {
  await renderWindow(
    withRecorder({
      status: 'not-visible',
      startedHere: { id: guid(1), atMono: 1_000 },
      controls: controls(),
    }),
  );
  expect(screen.getByRole('region', { name: 'Recorder' }).textContent).toMatch(
    /Started here at \d\d:02; it cannot be confirmed\./,
  );
});

test.each([
  { party: { firstName: 'Ada', lastName: 'Bianchi', phoneNumber: '+39 02' }, shown: 'Ada Bianchi · +39 02' },
  { party: { firstName: null, lastName: 'Bianchi', phoneNumber: null }, shown: 'Bianchi' },
  { party: { firstName: null, lastName: null, phoneNumber: '0039;02' }, shown: '0039;02' },
  { party: { firstName: null, lastName: null, phoneNumber: null }, shown: 'Unknown number' },
])('the remote party is shown as $shown', async ({ party, shown }) => {
  await renderWindow(withRecorder({ status: 'recording', recordings: [activeView({ remoteParty: party })] }));
  expect(document.querySelector('.recorder-subject')?.textContent).toBe(shown);
});

test('several recordings are all shown, the meant one first, and each can be stopped', async () => {
  const { fake } = await renderWindow(
    withRecorder({
      status: 'recording',
      recordings: [
        activeView({ id: guid(1) }),
        activeView({
          id: guid(2),
          startedHere: false,
          elapsedMs: 5_000,
          remoteParty: { firstName: 'Oliver', lastName: null, phoneNumber: null },
        }),
      ],
      controls: controls({ stop: true }),
    }),
  );
  expect(timers()).toEqual(['00:42', '00:05']);
  fireEvent.click(recorder().getByRole('button', { name: 'Stop' }));
  await settle();
  fireEvent.click(recorder().getByRole('button', { name: 'Stop Oliver' }));
  await settle();
  // The main button means what the keys mean; which recording that is, is decided where all is known.
  expect(fake.callsOf('stopRecording')).toEqual([{}, { id: guid(2) }]);
});

test('a colleague’s recording on a shared line is shown as theirs, with a stop button of its own (C7)', async () => {
  const { fake } = await renderWindow(
    withRecorder({
      status: 'recording',
      recordings: [activeView({ id: guid(3), own: false, startedHere: false, localUsername: 'carlo' })],
      controls: controls({ record: true }),
    }),
  );
  expect(recorder().queryByRole('button', { name: 'Stop' })).toBeNull();
  expect(recorder().getByRole('button', { name: 'Record' })).toBeTruthy();
  fireEvent.click(recorder().getByRole('button', { name: /^Stop carlo: / }));
  await settle();
  expect(fake.callsOf('stopRecording')).toEqual([{ id: guid(3) }]);
});

test('a recording that the newest list lacks says when it was last seen (C18)', async () => {
  await renderWindow(
    withRecorder({ status: 'recording', recordings: [activeView({ ticking: false, lastSeenMono: -2_000 })] }),
  );
  expect(recorder().getByText(/^last seen \d+ s ago$/)).toBeTruthy();
});

test('a call that is kept from its beginning says so (P4)', async () => {
  await renderWindow(
    withRecorder({ status: 'recording', recordings: [activeView({ keptFrom: 1_700_000_000_000 })] }),
  );
  expect(recorder().getByText(/^Kept from .*, the beginning of the call$/)).toBeTruthy();
});

test.each([
  { button: 'Record', able: { record: true }, channel: 'startRecording' },
  { button: 'Record next call', able: { recordNextCall: true }, channel: 'recordNextCall' },
  { button: 'Cancel', able: { cancelWaiting: true }, channel: 'cancelWaiting' },
  { button: 'Try now', able: { tryNow: true }, channel: 'tryNow' },
  { button: 'Mark moment', able: { markMoment: true }, channel: 'markMoment' },
  { button: 'Pause', able: { pause: true }, channel: 'pauseRecording' },
  { button: 'Resume', able: { resume: true }, channel: 'resumeRecording' },
] as const)(
  '$button asks the main process once, however fast it is pressed',
  async ({ button, able, channel }) => {
    const { fake } = await renderWindow(withRecorder({ controls: controls(able) }));
    const found = recorder().getByRole('button', { name: button });
    fireEvent.click(found);
    fireEvent.click(found);
    await settle();
    expect(fake.callsOf(channel)).toHaveLength(1);
  },
);

test('the main button shows its hotkey, and only one that the computer gave', async () => {
  const hotkey = (registered: boolean) =>
    snapshotOf({
      revision: registered ? 1 : 2,
      hotkeys: [{ action: 'record', accelerator: 'CommandOrControl+Alt+R', registered, error: null }],
    });
  const { send } = await renderWindow(hotkey(true));
  expect(recorder().getByRole('button', { name: 'Record' }).textContent).toBe('RecordCtrl Alt R');
  await send(hotkey(false));
  expect(recorder().getByRole('button', { name: 'Record' }).textContent).toBe('Record');
});

test('names and numbers keep their own direction of writing (rtl)', async () => {
  const remoteParty = { firstName: 'דוד', lastName: 'לוי', phoneNumber: '+39055123' };
  const own = activeView({ remoteParty });
  const other = activeView({ id: guid(2), own: false, localUsername: 'ben', remoteParty });
  await renderWindow(withRecorder({ status: 'recording', recordings: [own, other] }));
  const isolated = [...document.querySelectorAll('.recorder bdi')].map(({ textContent }) => textContent);
  expect(isolated).toEqual(['דוד לוי', '+39055123', 'ben', 'דוד לוי', '+39055123']);
  expect(recorder().getByText('ben').parentElement?.textContent).toBe('ben: דוד לוי · +39055123');
});

test('a failure is an alert of two sentences with a code to copy, and can be dismissed', async () => {
  const { fake } = await renderWindow(withRecorder({ lastError: { error: refused, atMono: 900 } }));
  const alert = within(recorder().getByRole('alert'));
  expect(alert.getByText('There is no connected call on line 101.')).toBeTruthy();
  expect(
    alert.getByText('Start the recording as soon as the call connects, or choose Record next call.'),
  ).toBeTruthy();
  fireEvent.click(alert.getByRole('button', { name: 'Copy error code no-connected-call (409/1)' }));
  fireEvent.click(alert.getByRole('button', { name: /^Dismiss: / }));
  await settle();
  expect(fake.callsOf('copyText')).toEqual([{ text: 'no-connected-call (409/1)' }]);
  expect(fake.callsOf('dismissError')).toHaveLength(1);
});

test('a command that is not accepted says why', async () => {
  await renderWindow(snapshotOf(), { startRecording: () => fail('busy', 'start') });
  fireEvent.click(recorder().getByRole('button', { name: 'Record' }));
  await settle();
  expect(recorder().getByRole('alert').textContent).toContain('This is already in progress.');
});

test('an error about the line leads to its settings', async () => {
  const error: CodedError = { code: 'no-line-configured', operation: 'start', detail: {} };
  const { services } = await renderWindow(withRecorder({ lastError: { error, atMono: 0 } }));
  fireEvent.click(recorder().getByRole('button', { name: 'Open settings' }));
  expect(services.ui.getState()).toMatchObject({ view: 'settings', settingsTab: 'line' });
});

test('the line of the newest recording is offered and used', async () => {
  const snapshot = snapshotOf();
  const { fake } = await renderWindow({
    ...snapshot,
    session: { ...snapshot.session, suggestedDirectoryNumber: '101' } as typeof snapshot.session,
  });
  fireEvent.click(screen.getByRole('button', { name: 'Use line 101' }));
  await settle();
  expect(fake.callsOf('updateSettings')).toEqual([{ line: { directoryNumber: '101' } }]);
});

test('warnings and unconfirmed recordings are told until dismissed', async () => {
  const { fake } = await renderWindow(
    snapshotOf({
      warnings: [{ id: 'w', kind: 'settings-damaged', fileName: 'settings.bad.json' }],
      recorder: recorderView({
        unconfirmed: [{ id: guid(3), directoryNumber: '101', startedAt: 0, endedAt: 60_000 }],
      }),
    }),
  );
  const notices = within(screen.getByRole('region', { name: 'Notices' }));
  expect(notices.getByText(/settings\.bad\.json/)).toBeTruthy();
  expect(notices.getByText(/^Line 101, /)).toBeTruthy();
  for (const dismiss of notices.getAllByRole('button', { name: /^Dismiss: / })) fireEvent.click(dismiss);
  await settle();
  expect(fake.callsOf('dismissWarning')).toEqual([{ id: 'w' }]);
  expect(fake.callsOf('dismissUnconfirmed')).toEqual([{ id: guid(3) }]);
});

test('each notice stands in a live region of its own, so that it is announced once', async () => {
  const recorder = recorderView({
    unconfirmed: [{ id: guid(1), directoryNumber: '101', startedAt: 0, endedAt: 1_000 }],
  });
  const warning = { id: 'a', kind: 'policy-invalid', fileName: null } as const;
  const { send } = await renderWindow(snapshotOf({ recorder, warnings: [warning] }));
  const alerts = () =>
    within(screen.getByRole('region', { name: 'Notices' }))
      .getAllByRole('alert')
      .map(({ textContent }) => textContent);
  const before = alerts();
  expect(before).toHaveLength(3);
  expect(before[0]).toMatch(/administrator/);
  const first = screen.getAllByRole('alert');
  const damaged = { id: 'b', kind: 'settings-damaged', fileName: 'settings.bad.json' } as const;
  await send(snapshotOf({ recorder, warnings: [warning, damaged], revision: 2 }));
  expect(alerts()).toHaveLength(4);
  // What stood there is the same element: only the new one is announced.
  for (const alert of first) expect(alert.isConnected).toBe(true);
});

test('the line that could be used is announced without hurry', async () => {
  const session = { ...snapshotOf().session, suggestedDirectoryNumber: '101' } as SessionView;
  await renderWindow(snapshotOf({ session }));
  const notices = within(screen.getByRole('region', { name: 'Notices' }));
  expect(notices.getByRole('status').textContent).toMatch(/101/);
});
