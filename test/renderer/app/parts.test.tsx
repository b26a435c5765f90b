import { act, fireEvent, screen, within } from '@testing-library/react';
import { createElement, type ComponentType } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { emptySavesView } from '@shared/domain/saves';
import type { Snapshot } from '@shared/ipc/snapshot';
import { createFailureReporter } from '../../../src-renderer/app/failure-report';
import { activeView, guid, recorderView, snapshotOf, summary } from '../../fixtures/examples';
import {
  renderWindow,
  settle,
  useLateParts,
  useTestWindows,
  type TestWindow,
} from '../../fixtures/render-window';

/** The components that throw instead of drawing; their error holds a number, as a real one may. */
const { broken, breakable } = vi.hoisted(() => {
  const throwing = new Set<string>();
  return {
    broken: throwing,
    breakable: (module: Record<string, unknown>, name: string) => ({
      ...module,
      [name]: (props: object) => {
        const icon = 'name' in props ? `${name} ${String(props.name)}` : name;
        if (throwing.has(name) || throwing.has(icon)) throw new TypeError('No name for +39 02 1234');
        return createElement(module[name] as ComponentType, props);
      },
    }),
  };
});
vi.mock('../../../src-renderer/ui/Icon', async (load) => breakable(await load(), 'Icon'));
vi.mock('../../../src-renderer/features/recorder/Recorder', async (load) =>
  breakable(await load(), 'Recorder'),
);
vi.mock('../../../src-renderer/features/recorder/PlainRecorder', async (load) =>
  breakable(await load(), 'PlainRecorder'),
);
vi.mock('../../../src-renderer/features/recorder/Notices', async (load) =>
  breakable(await load(), 'Notices'),
);
vi.mock('../../../src-renderer/features/recordings/Recordings', async (load) =>
  breakable(await load(), 'Recordings'),
);
vi.mock('../../../src-renderer/features/recordings/Grid', async (load) => breakable(await load(), 'Grid'));
vi.mock('../../../src-renderer/features/recordings/Details', async (load) =>
  breakable(await load(), 'Details'),
);
vi.mock('../../../src-renderer/features/recordings/RowMenu', async (load) =>
  breakable(await load(), 'RowMenu'),
);
vi.mock('../../../src-renderer/features/sign-in/SignIn', async (load) => breakable(await load(), 'SignIn'));
vi.mock('../../../src-renderer/features/settings/Settings', async (load) =>
  breakable(await load(), 'Settings'),
);
vi.mock('../../../src-renderer/features/saving/Saving', async (load) => breakable(await load(), 'Saving'));
vi.mock('../../../src-renderer/features/player/Player', async (load) => breakable(await load(), 'Player'));

useTestWindows();
useLateParts();
afterEach(() => {
  broken.clear();
});

const recording = {
  recorder: recorderView({
    status: 'recording',
    recordings: [activeView()],
    controls: { ...recorderView().controls, record: false, stop: true },
  }),
};
const saves: Partial<Snapshot> = {
  keep: {
    ...emptySavesView(),
    counts: { ...emptySavesView().counts, queued: 1 },
    jobs: [
      {
        id: 'save-1',
        kind: 'recording',
        recordingId: summary().id,
        fileName: 'a.mp3',
        status: 'queued',
        unit: 'bytes',
        received: 0,
        size: null,
        bytesPerSecond: null,
        downloads: 0,
        fromMemory: false,
        unreadable: 0,
        verification: null,
        retryAtMono: null,
        error: null,
      },
    ],
  },
};
const locked = {
  session: {
    status: 'locked',
    serverAddress: 'https://recorder.example.com',
    username: 'anna',
    remembered: false,
    suggestedDirectoryNumber: null,
    error: null,
  },
} as const;

function open(changes: Partial<Snapshot> = {}) {
  const page = { totalCount: 1, recordings: [summary()] };
  return renderWindow(
    snapshotOf({ ...recording, ...changes }),
    { listRecordings: () => ({ ok: true, value: page }) },
    { onCaughtError: () => undefined },
  );
}

const recorder = () => within(screen.getByRole('region', { name: 'Recorder' }));
const state = () => recorder().getByRole('status').textContent;
const note = () => within(screen.getByRole('alert'));
async function press(element: HTMLElement) {
  fireEvent.click(element);
  await settle();
}
const retry = () => press(note().getByRole('button', { name: 'Try again' }));

function openMenu() {
  const [row] = screen.getAllByRole('row');
  if (row !== undefined) fireEvent.contextMenu(row);
  return settle();
}
async function pressGear() {
  await press(screen.getByRole('button', { name: 'Settings' }));
}
async function showDetails({ services }: TestWindow) {
  act(() => {
    services.ui.getState().showDetails(summary());
  });
  await settle();
}
async function play({ services }: TestWindow) {
  act(() => {
    services.ui.getState().play(summary());
  });
  await settle();
}

interface PartCase {
  readonly component: string;
  readonly sentence: string;
  readonly changes?: Partial<Snapshot>;
  readonly ask?: (window: TestWindow) => Promise<void>;
  /** Draws what shows that the part is there. */
  readonly find: () => HTMLElement;
}

const cases: readonly PartCase[] = [
  {
    component: 'Icon settings',
    sentence: 'The top of the window cannot be shown.',
    find: () => screen.getByRole('heading', { name: 'RecLight' }),
  },
  {
    component: 'Notices',
    sentence: 'The notices cannot be shown.',
    changes: { warnings: [{ id: 'w', kind: 'settings-unwritable', fileName: null }] },
    find: () => screen.getByRole('region', { name: 'Notices' }),
  },
  {
    component: 'Recordings',
    sentence: 'The recordings cannot be shown.',
    find: () => screen.getByRole('region', { name: 'Recordings' }),
  },
  {
    component: 'SignIn',
    sentence: 'The sign-in form cannot be shown.',
    changes: locked,
    find: () => screen.getByRole('form', { name: 'Sign in' }),
  },
  {
    component: 'Settings',
    sentence: 'The settings cannot be shown.',
    ask: pressGear,
    find: () => screen.getByRole('tabpanel'),
  },
  {
    component: 'Details',
    sentence: 'The details cannot be shown.',
    ask: showDetails,
    find: () => screen.getByRole('dialog'),
  },
  {
    component: 'RowMenu',
    sentence: 'The menu cannot be shown.',
    ask: openMenu,
    find: () => screen.getByRole('menu'),
  },
  {
    component: 'Saving',
    sentence: 'The saves cannot be shown.',
    changes: saves,
    find: () => screen.getByText('a.mp3'),
  },
  {
    component: 'Player',
    sentence: 'The player cannot be shown.',
    ask: async (window) => {
      await play(window);
      await window.advance(100);
    },
    find: () => screen.getByRole('region', { name: 'Player' }),
  },
];

describe.each(cases)('$component that throws', ({ component, sentence, changes, ask, find }) => {
  test('leaves the light and Stop, says so once, and comes back on Try again (R-15)', async () => {
    broken.add(component);
    const window = await open(changes);
    await ask?.(window);
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain(sentence);
    expect(state()).toBe('Recording');
    await press(recorder().getByRole('button', { name: /^Stop/ }));
    expect(window.fake.callsOf('stopRecording')).toHaveLength(1);

    // Further snapshots neither announce it again nor draw it again.
    await window.send(snapshotOf({ ...recording, ...changes, revision: 2 }));
    expect(screen.getByRole('alert')).toBe(alert);

    await retry();
    expect(screen.getByRole('alert').textContent).toContain(sentence.replace('cannot', 'still cannot'));
    broken.clear();
    await retry();
    expect(screen.queryByText(/cannot be shown/)).toBeNull();
    expect(find()).toBeTruthy();
    expect(state()).toBe('Recording');
  });
});

test.each(cases.slice(4, 7))(
  '$component that throws does not stay open, and is tried again when it is asked for again (R-15)',
  async ({ component, ask, find }) => {
    broken.add(component);
    const window = await open();
    await ask?.(window);
    expect(window.services.ui.getState()).toMatchObject({ view: 'main', detailsOf: null });
    broken.clear();
    await ask?.(window);
    expect(find()).toBeTruthy();
    expect(screen.queryByText(/cannot be shown/)).toBeNull();
  },
);

test('the note of a part that was opened can be put away (R-15)', async () => {
  broken.add('Settings');
  await open();
  await pressGear();
  await press(note().getByRole('button', { name: /^Dismiss: / }));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(state()).toBe('Recording');
});

test('who tries again by keyboard keeps the focus on Try again (R-15)', async () => {
  broken.add('Notices');
  await open();
  note().getByRole('button', { name: 'Try again' }).focus();
  await retry();
  expect(document.activeElement?.textContent).toBe('Try again');
});

test('putting away the note of a player that cannot be shown ends its sound (R-15)', async () => {
  broken.add('Player');
  const window = await open();
  await play(window);
  await window.advance(100);
  await press(note().getByRole('button', { name: /^Dismiss: / }));
  expect(window.services.ui.getState().loaded).toBeNull();
});

test('a recording light that throws gives way to its state and Stop in plain elements (R-15)', async () => {
  broken.add('Recorder');
  const window = await open();
  expect(screen.getByRole('alert').textContent).toContain('The recording light cannot be shown.');
  expect(state()).toBe('Recording');
  await press(recorder().getByRole('button', { name: 'Stop' }));
  expect(window.fake.callsOf('stopRecording')).toEqual([{ id: activeView().id }]);
  await window.send(snapshotOf({ revision: 2, recorder: recorderView() }));
  expect(state()).toBe('Not recording');
  await press(recorder().getByRole('button', { name: 'Record' }));
  expect(window.fake.callsOf('startRecording')).toHaveLength(1);
  broken.clear();
  await retry();
  expect(recorder().getByRole('button', { name: 'Record next call' })).toBeTruthy();
});

test('a snapshot that no part can draw leaves the state and Stop (R-15)', async () => {
  const window = await open();
  await window.send({ ...snapshotOf({ ...recording, revision: 2 }), session: null as never });
  expect(screen.getByRole('alert').textContent).toContain('The window cannot be shown.');
  expect(state()).toBe('Recording');
  await press(recorder().getByRole('button', { name: 'Stop' }));
  expect(window.fake.callsOf('stopRecording')).toHaveLength(1);
  await window.send(snapshotOf({ ...recording, revision: 3 }));
  await retry();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('region', { name: 'Recordings' })).toBeTruthy();
});

test('where not even that can be drawn, the window says so and comes back (R-15)', async () => {
  broken.add('Recorder').add('PlainRecorder');
  await open();
  expect(screen.getByRole('alert').textContent).toContain('The window cannot be shown.');
  broken.clear();
  await retry();
  expect(state()).toBe('Recording');
});

test('a failure is reported once, by its part and its kind alone (R-15)', () => {
  const reportWindowFailure = vi.fn(() => Promise.resolve({ ok: true, value: null } as const));
  const report = createFailureReporter({ reportWindowFailure });
  const error = new TypeError('No name for +39 02 1234');
  report(error, 'player');
  report(error, 'player');
  report(Object.assign(new Error('x'), { name: '+39 02 1234' }), 'window');
  report('+39 02 1234', 'settings');
  expect(reportWindowFailure.mock.calls).toEqual([
    [{ part: 'player', error: 'TypeError' }],
    [{ part: 'window', error: 'other' }],
    [{ part: 'settings', error: 'other' }],
  ]);
});

test('one row that cannot be drawn leaves the others, and can be left by keys (M3)', async () => {
  const rows = ['incoming', 'outgoing', 'incoming'].map((direction, number) =>
    summary({ id: guid(number), direction: direction as 'incoming', remotePartyNumber: `+39 ${number}` }),
  );
  broken.add('Icon outgoing');
  const caught = vi.fn();
  await renderWindow(
    snapshotOf(recording),
    { listRecordings: () => ({ ok: true, value: { totalCount: 3, recordings: rows } }) },
    { onCaughtError: caught },
  );
  await settle();
  const names = () => screen.getAllByRole('row').map((row) => row.getAttribute('aria-label')?.slice(0, 14));
  expect(names()).toEqual(['+39 0, Today 1', 'This recording', '+39 2, Today 1']);
  expect(caught).toHaveBeenCalled();
  act(() => {
    screen.getAllByRole('row')[0]?.focus();
  });
  for (const [index, key] of [
    [2, 'ArrowDown'],
    [3, 'ArrowDown'],
  ] as const) {
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
    await settle();
    expect(document.activeElement?.getAttribute('aria-rowindex')).toBe(String(index));
  }
});

test('a list that cannot be drawn leaves the filters, and another search tries again (M3)', async () => {
  broken.add('Grid');
  const window = await open();
  await window.advance(300);
  expect(note().getByText('The recordings cannot be shown.')).toBeDefined();
  broken.delete('Grid');
  fireEvent.change(screen.getByRole('searchbox', { name: 'Remote number' }), { target: { value: '12' } });
  await window.advance(300);
  await settle();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('grid', { name: 'Recordings' })).toBeDefined();
});
