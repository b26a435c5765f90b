import { act, fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fail, succeed, type CodedError } from '@shared/domain/errors';
import { defaultSettings } from '@shared/ipc/settings';
import type { RecorderControls, RecorderView } from '@shared/ipc/snapshot';
import { activeView, guid, recorderView, snapshotOf, summary, saveJob } from '../../fixtures/examples';
import { load, tell, useSilentAudio } from '../../fixtures/player-window';
import { renderWindow, settle, useLateParts, useTestWindows } from '../../fixtures/render-window';

useTestWindows();
useLateParts();
useSilentAudio();

const none: RecorderControls = {
  record: false,
  stop: false,
  pause: false,
  resume: false,
  recordNextCall: false,
  cancelWaiting: false,
  markMoment: false,
  tryNow: false,
};
const free = { record: true, recordNextCall: true };
const running = { stop: true, pause: true, markMoment: true };
let revision = 1;
const withRecorder = (
  status: RecorderView['status'],
  able: Partial<RecorderControls>,
  changes: Partial<RecorderView> = {},
) => {
  revision += 1;
  const recordings = ['recording', 'paused', 'stopping'].includes(status)
    ? [activeView({ isPaused: status === 'paused' })]
    : [];
  const controls = { ...none, ...able };
  return snapshotOf({ revision, recorder: recorderView({ status, recordings, controls, ...changes }) });
};
const nameOf = (element: Element | null) =>
  element?.getAttribute('aria-label') ?? element?.querySelector('span')?.textContent ?? element?.textContent;
const focused = () => nameOf(document.activeElement);
const press = async (name: string | RegExp) => {
  const button = screen.getByRole('button', { name });
  act(() => {
    button.focus();
  });
  fireEvent.keyDown(button, { key: 'Enter' });
  fireEvent.click(button);
  await settle();
};

test('whoever has pressed Record presses Stop, Record next call and Cancel without Tab (R-13)', async () => {
  const { send, fake } = await renderWindow(withRecorder('not-recording', free));
  await press('Record');
  for (const [status, able, name] of [
    ['starting', {}, 'Record'],
    ['starting', { stop: true }, 'Stop'],
    ['recording', running, 'Stop'],
    ['stopping', {}, 'Stop'],
    ['not-recording', free, 'Record'],
  ] as const) {
    await send(withRecorder(status, able));
    expect([status, focused()]).toEqual([status, name]);
  }
  await press('Record next call');
  await send(
    withRecorder('waiting', { cancelWaiting: true }, { waiting: { untilMono: 9e5, nextTryMono: null } }),
  );
  expect(focused()).toBe('Cancel');
  fireEvent.click(document.activeElement!);
  await send(withRecorder('not-recording', free));
  expect(focused()).toBe('Record');
  expect(fake.calls.map(({ channel }) => channel)).toEqual(
    expect.arrayContaining(['startRecording', 'recordNextCall', 'cancelWaiting']),
  );
});

test('Pause becomes Resume under the focus, also while it is under way (R-13)', async () => {
  const { send } = await renderWindow(withRecorder('recording', running));
  await press('Pause');
  await send(withRecorder('recording', { stop: true, markMoment: true }));
  expect(focused()).toBe('Pause');
  await send(withRecorder('paused', { stop: true, resume: true, markMoment: true }));
  expect(focused()).toBe('Resume');
  await press('Mark moment');
  await send(withRecorder('stopping', {}));
  expect(focused()).toBe('Stop');
});

test('a button that cannot be pressed now does nothing, and a press is about the name it began on (R-13)', async () => {
  const { send, fake } = await renderWindow(withRecorder('recording', running));
  const main = screen.getByRole('button', { name: 'Stop' });
  fireEvent.pointerDown(main);
  await send(withRecorder('not-recording', free));
  fireEvent.click(main);
  await settle();
  expect(fake.callsOf('startRecording')).toEqual([]);
  await send(withRecorder('starting', {}));
  fireEvent.click(main);
  await settle();
  expect(main.getAttribute('aria-disabled')).toBe('true');
  expect(fake.callsOf('startRecording')).toEqual([]);
  await send(withRecorder('not-recording', free));
  fireEvent.click(main);
  await settle();
  expect(fake.callsOf('startRecording')).toHaveLength(1);
});

test("the Stop of a colleague's recording leaves the focus at the main button (R-13)", async () => {
  const two = [activeView(), activeView({ id: guid(2), own: false, localUsername: 'ben' })];
  const { send } = await renderWindow(withRecorder('recording', running, { recordings: two }));
  await press(/^Stop ben/);
  await send(withRecorder('recording', running));
  expect(focused()).toBe('Stop');
});

test('what passes leaves its place to a neighbour, and each Dismiss tells which (R-21)', async () => {
  const unconfirmed = [1, 2].map((id) => ({
    id: guid(id),
    directoryNumber: `10${id}`,
    startedAt: 0,
    endedAt: 60_000,
  }));
  const warnings = [
    { id: 'a', kind: 'keychain-unavailable', fileName: null },
    { id: 'b', kind: 'settings-unwritable', fileName: null },
  ] as const;
  const told = (left: number, alsoUnconfirmed: number) => {
    const view = withRecorder('not-recording', free, { unconfirmed: unconfirmed.slice(2 - alsoUnconfirmed) });
    return { ...view, warnings: warnings.slice(2 - left) };
  };
  const { send } = await renderWindow(told(2, 2));
  const names = within(screen.getByRole('region', { name: 'Notices' }))
    .getAllByRole('button')
    .map(nameOf);
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^Dismiss: \S/);
  await press(/^Dismiss: This computer has no working keychain/);
  await send(told(1, 2));
  expect(focused()).toMatch(/^Dismiss: Your settings/);
  await press(/^Dismiss: Your settings/);
  await send(told(0, 2));
  expect(focused()).toMatch(/^Dismiss: Line 101/);
  await press(/^Dismiss: Line 101/);
  await send(told(0, 1));
  expect(focused()).toMatch(/^Dismiss: Line 102/);
  await press(/^Dismiss: Line 102/);
  await send(told(0, 0));
  expect(document.activeElement?.tagName).not.toBe('BODY');
});

test('the line that was offered is taken, and the focus goes on (R-13)', async () => {
  const snapshot = withRecorder('not-recording', free);
  const offered = { ...snapshot.session, suggestedDirectoryNumber: '101' } as typeof snapshot.session;
  let answer = (): void => undefined;
  const { send } = await renderWindow(
    { ...snapshot, session: offered },
    {
      updateSettings: () =>
        new Promise((resolve) => {
          answer = () => {
            resolve(succeed(null));
          };
        }),
    },
  );
  await press('Use line 101');
  expect(focused()).toBe('Use line 101');
  answer();
  await send(withRecorder('not-recording', free));
  expect(document.activeElement?.tagName).not.toBe('BODY');
});

test('clearing a shortcut leaves the focus where it is (R-13)', async () => {
  const { services, send } = await renderWindow(snapshotOf({ revision: 1 }));
  act(() => {
    services.ui.getState().showSettings('shortcuts');
  });
  await settle();
  const clear = screen.getAllByRole('button', { name: /^Clear/ })[0]!;
  act(() => {
    clear.focus();
  });
  fireEvent.click(clear);
  const settings = defaultSettings();
  const cleared = Object.fromEntries(Object.keys(settings.hotkeys).map((action) => [action, null]));
  revision += 1;
  await send(
    snapshotOf({
      revision,
      settings: { ...settings, hotkeys: cleared as unknown as typeof settings.hotkeys },
    }),
  );
  expect(document.activeElement).toBe(clear);
  expect((clear as HTMLButtonElement).disabled).toBe(false);
  expect(clear.getAttribute('aria-disabled')).toBe('true');
});

test('Play keeps the focus where the recording breaks off (R-13)', async () => {
  await load();
  const play = screen.getByRole('button', { name: 'Pause' });
  act(() => {
    play.focus();
  });
  await tell('error', { error: { code: 2, message: '' } });
  expect(document.activeElement).toBe(play);
  expect((play as HTMLButtonElement).disabled).toBe(false);
});

test('after sign-in the focus is in the window, where Enter begins nothing (R-13)', async () => {
  const signedOut = { serverAddress: 'https://r', username: 'anna', error: null };
  const { send } = await renderWindow(snapshotOf({ session: { status: 'signing-in', ...signedOut } }));
  act(() => {
    screen.getByRole('button', { name: 'Sign in' }).focus();
  });
  await send(withRecorder('connecting', {}));
  expect(focused()).toBe('Remote number');
});

test('an ended save passes the focus on where its button goes (R-13)', async () => {
  const { send } = await renderWindow(snapshotOf(), {
    listRecordings: () => succeed({ totalCount: 1, recordings: [summary()] }),
  });
  revision += 1;
  const job = saveJob({ recordingId: guid(1), fileName: 'call.mp3', status: 'verifying' });
  const snapshot = withRecorder('not-recording', free);
  await send({ ...snapshot, keep: { ...snapshot.keep, jobs: [job] } });
  await press('Cancel');
  await send(withRecorder('not-recording', free));
  expect(document.activeElement?.tagName).not.toBe('BODY');
});

const declined: CodedError = { code: 'busy', operation: 'start', detail: {} };
const alerts = () => screen.queryAllByRole('alert').length;

test.each(['answer first', 'snapshot first'])(
  'a declined command is told once and goes once: %s (R-3)',
  async (order) => {
    let answer = (): void => undefined;
    const { send, fake } = await renderWindow(withRecorder('not-recording', free), {
      startRecording: () =>
        new Promise((resolve) => {
          answer = () => {
            resolve(fail('busy', 'start'));
          };
        }),
    });
    const spoken: Node[] = [];
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        spoken.push(
          ...[...addedNodes].filter((node) => node instanceof Element && node.matches('[role="alert"]')),
        );
      }
    });
    observer.observe(document.body, { subtree: true, childList: true });
    await press('Record');
    const told = () =>
      send(withRecorder('not-recording', free, { lastError: { error: declined, atMono: 900 } }));
    const steps = [
      async () => {
        answer();
        await settle();
      },
      told,
    ];
    for (const step of order === 'answer first' ? steps : steps.reverse()) await step();
    expect(alerts()).toBe(1);
    await settle();
    observer.disconnect();
    expect(spoken).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: /^Dismiss: / }));
    await send(withRecorder('not-recording', free));
    expect(fake.callsOf('dismissError')).toHaveLength(1);
    expect(alerts()).toBe(0);
  },
);

test('a refusal that a later command has cleared does not come back (R-3)', async () => {
  const { send } = await renderWindow(withRecorder('not-recording', free), {
    startRecording: () => fail('busy', 'start'),
  });
  await press('Record');
  await send(withRecorder('not-recording', free, { lastError: { error: declined, atMono: 900 } }));
  await send(withRecorder('starting', { stop: true }));
  expect(alerts()).toBe(0);
});

test('whoever is in a list that another search replaces keeps a focus (R-13)', async () => {
  const { services, advance } = await renderWindow(withRecorder('not-recording', free), {
    listRecordings: () => succeed({ totalCount: 1, recordings: [summary()] }),
  });
  const row = screen.getByRole('row');
  act(() => {
    row.focus();
  });
  act(() => {
    services.ui.getState().setFilters({ direction: 'incoming' });
  });
  await advance(300);
  await settle();
  expect(row.isConnected).toBe(false);
  expect(document.activeElement?.tagName).not.toBe('BODY');
});
