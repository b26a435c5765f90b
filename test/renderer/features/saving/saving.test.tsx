import { act, configure, fireEvent, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { emptySavesView, type SavesView, type SaveJobView } from '@shared/domain/saves';
import { guid, snapshotOf, summary } from '../../../fixtures/examples';
import type { FakeAnswers } from '../../../fixtures/fake-window-api';
import {
  renderWindow,
  settle,
  useLateParts,
  useTestWindows,
  wallStart,
} from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

// What the window loads only when it is needed takes its time on a busy machine.
configure({ asyncUtilTimeout: 4_000 });

/** A server with so many recordings, one each minute back from now. */
const listOf = (total: number, shift = () => 0): FakeAnswers => ({
  listRecordings: ({ page, pageSize }) =>
    succeed({
      totalCount: total + shift(),
      recordings: Array.from(
        { length: Math.max(0, Math.min(pageSize, total + shift() - page * pageSize)) },
        (_, index) => {
          const number = page * pageSize + index - shift();
          return summary({
            id: guid(number),
            startTime: wallStart - number * 60_000,
            remotePartyNumber: `+39 ${number}`,
          });
        },
      ),
    }),
});
const list = listOf(60);

function job(change: Partial<SaveJobView> = {}): SaveJobView {
  return {
    id: 'save-1',
    kind: 'recording',
    recordingId: guid(1),
    fileName: 'call.mp3',
    status: 'downloading',
    unit: 'bytes',
    received: 1_200_000,
    size: 3_400_000,
    bytesPerSecond: 800_000,
    downloads: 1,
    fromMemory: false,
    unreadable: 0,
    verification: null,
    error: null,
    retryAtMono: null,
    ...change,
  };
}

function keepOf(...jobs: readonly SaveJobView[]): SavesView {
  const counts = { ...emptySavesView().counts };
  for (const { status } of jobs) counts[status] += 1;
  return { counts, jobs, hidden: 0, bytesPerSecond: null };
}

async function open(keep: SavesView = emptySavesView(), answers: FakeAnswers = list) {
  const window = await renderWindow(snapshotOf({ keep }), answers);
  await window.advance(300);
  await settle();
  return window;
}

/** What is loaded later needs the real clock. */
async function openSaving(...jobs: readonly SaveJobView[]) {
  const window = await open(keepOf(...jobs));
  vi.useRealTimers();
  return { ...window, saving: within(await screen.findByRole('region', { name: 'Saves' })) };
}

const rowOf = (number: number) => screen.getByRole('row', { name: new RegExp(`^\\+39 ${number},`) });
/** As a pointer does it: the button goes down, and the row takes the focus. */
function pressRow(number: number, keys: { readonly ctrlKey?: boolean; readonly shiftKey?: boolean } = {}) {
  fireEvent.mouseDown(rowOf(number), { button: 0, ...keys });
  act(() => {
    rowOf(number).focus();
  });
}
const selected = () =>
  screen
    .getAllByRole('row')
    .filter((row) => row.getAttribute('aria-selected') === 'true')
    .map((row) => Number(row.getAttribute('aria-rowindex')) - 1);
async function pressKey(key: string, keys: object = {}) {
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...keys });
  await settle();
}

describe('choosing what to keep', () => {
  test('the grid lets several rows be selected, with the pointer', async () => {
    await open();
    expect(screen.getByRole('grid').getAttribute('aria-multiselectable')).toBe('true');
    pressRow(1);
    expect(selected()).toEqual([1]);
    pressRow(4, { ctrlKey: true });
    expect(selected()).toEqual([1, 4]);
    pressRow(1, { ctrlKey: true });
    expect(selected()).toEqual([4]);
    pressRow(2);
    pressRow(5, { shiftKey: true });
    expect(selected()).toEqual([2, 3, 4, 5]);
    pressRow(0);
    expect(selected()).toEqual([0]);
  });

  test('and with keys; a plain arrow ends it', async () => {
    await open();
    pressRow(2);
    await pressKey('ArrowDown', { shiftKey: true });
    await pressKey('ArrowDown', { shiftKey: true });
    expect(selected()).toEqual([2, 3, 4]);
    await pressKey('ArrowUp', { shiftKey: true });
    expect(selected()).toEqual([2, 3]);
    await pressKey('ArrowDown');
    expect(selected()).toEqual([4]);
  });

  test('Ctrl+S saves the selected rows in the order of the list', async () => {
    const { fake } = await open();
    pressRow(3);
    pressRow(1, { ctrlKey: true });
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [guid(1), guid(3)] }]);
  });

  const selectAll = async () => {
    await pressKey('a', { ctrlKey: true });
    for (let turn = 0; turn < 12; turn += 1) await settle();
  };
  const said = () => document.querySelector('.grid-selection')?.textContent;
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => guid(from + at));

  test('Ctrl+A takes every row, also those that had not arrived', async () => {
    const { fake } = await open();
    pressRow(0);
    await selectAll();
    expect(said()).toBe('60 selected');
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: ids(0, 60) }]);
  });

  test('of more than can be saved at once it takes as many as can, and says so', async () => {
    const { fake } = await open(emptySavesView(), listOf(100_000));
    pressRow(0);
    await selectAll();
    expect(said()).toBe('500 selected – at most 500 can be saved at once.');
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: ids(0, 500) }]);
    // One less, and another one: that is no more than can be. One more is refused, and said.
    await pressKey(' ');
    pressRow(1, { ctrlKey: true });
    expect(said()).toBe('498 selected');
    for (const number of [0, 1]) pressRow(number, { ctrlKey: true });
    expect(said()).toBe('500 selected');
    pressRow(2);
    expect(said()).toBe('');
  });

  test('nothing is saved while rows that are to be selected are on their way', async () => {
    let reply: () => void = () => undefined;
    const answers = listOf(60);
    const { fake } = await open(emptySavesView(), {
      listRecordings: async (args) => {
        if (args.page === 1) await new Promise<void>((resolve) => (reply = resolve));
        return answers.listRecordings?.(args) ?? fail('internal', 'list');
      },
    });
    pressRow(0);
    await selectAll();
    expect(said()).toBe('Selecting…');
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([]);
    reply();
    await settle();
    expect(said()).toBe('60 selected');
  });

  test('Shift takes the rows between, also those that have not arrived', async () => {
    const { fake } = await open(emptySavesView(), listOf(1_000));
    pressRow(3);
    const grid = screen.getByRole('grid');
    grid.scrollTop = 300 * 48;
    fireEvent.scroll(grid);
    await settle();
    await act(() => vi.advanceTimersByTimeAsync(300));
    await settle();
    pressRow(302, { shiftKey: true });
    for (let turn = 0; turn < 12; turn += 1) await settle();
    expect(said()).toBe('300 selected');
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: ids(3, 303) }]);
  });

  test('what is pushed off the pages that are here stays selected, and is saved', async () => {
    let shift = 0;
    const { fake, send } = await open(
      emptySavesView(),
      listOf(1_000, () => shift),
    );
    pressRow(0);
    await selectAll();
    expect(said()).toBe('500 selected – at most 500 can be saved at once.');
    shift = 2;
    await send(snapshotOf({ revision: 2, recordings: { revision: 2, recent: [] } }));
    await settle();
    expect(said()).toBe('500 selected – at most 500 can be saved at once.');
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: ids(0, 500) }]);
  });

  test('Ctrl+S saves nothing where nothing is selected, or while the settings cover the list', async () => {
    const { fake, services } = await open();
    await pressKey('s', { ctrlKey: true });
    pressRow(0);
    act(() => {
      services.ui.getState().showSettings();
    });
    await pressKey('s', { ctrlKey: true });
    expect(fake.callsOf('saveRecordings')).toEqual([]);
  });

  test('the context menu keeps one recording, or all that are selected', async () => {
    const { fake } = await open();
    pressRow(1);
    pressRow(2, { ctrlKey: true });
    vi.useRealTimers();
    fireEvent.contextMenu(rowOf(2), { clientX: 40, clientY: 40 });
    const several = within(await screen.findByRole('menu', { name: '2 recordings' }));
    fireEvent.click(several.getByRole('menuitem', { name: 'Save as evidence…' }));
    await vi.waitFor(() => {
      expect(fake.callsOf('saveEvidence')).toEqual([{ ids: [guid(1), guid(2)] }]);
    });
    fireEvent.contextMenu(rowOf(5), { clientX: 40, clientY: 40 });
    const one = within(await screen.findByRole('menu', { name: 'Recording' }));
    fireEvent.click(one.getByRole('menuitem', { name: 'Save as…' }));
    await vi.waitFor(() => {
      expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [guid(5)] }]);
    });
  });

  test('Export list sends the filters, and a refusal is told', async () => {
    const { fake, advance } = await open(emptySavesView(), {
      ...list,
      exportList: () => fail('busy', 'file'),
    });
    fireEvent.change(screen.getByRole('searchbox', { name: 'Remote number' }), { target: { value: '+39' } });
    fireEvent.click(screen.getByRole('button', { name: 'Today' }));
    await advance(300);
    fireEvent.click(screen.getByRole('button', { name: 'Export list' }));
    await settle();
    expect(fake.callsOf('exportList')).toEqual([
      {
        startTime: {
          operator: 'between',
          from: new Date(2026, 2, 2).getTime(),
          to: new Date(2026, 2, 3).getTime(),
        },
        // The list has numbers with separators, so that the server is not asked for the number (D4).
        number: '+39',
      },
    ]);
    expect(screen.getByRole('alert').textContent).toContain('already in progress');
  });

  test('there is nothing to export of an empty list', async () => {
    await open(emptySavesView(), {});
    expect(screen.getByRole('button', { name: 'Export list' }).getAttribute('aria-disabled')).toBe('true');
  });
});

describe('what is being kept', () => {
  test('nothing is shown as long as nothing is kept', async () => {
    await open();
    expect(screen.queryByRole('region', { name: 'Saves' })).toBeNull();
  });

  test.each<{ name: string; change: Partial<SaveJobView>; says: string }>([
    { name: 'downloading', change: {}, says: '1.2 MB of 3.4 MB · 800 kB/s' },
    { name: 'unknown size', change: { size: null, bytesPerSecond: null }, says: '1.2 MB' },
    {
      name: 'a list',
      change: { kind: 'list', unit: 'rows', received: 50, size: 120, bytesPerSecond: null },
      says: '50 of 120 recordings',
    },
    { name: 'waiting', change: { status: 'queued' }, says: 'Waiting' },
    { name: 'verifying', change: { status: 'verifying' }, says: 'Checking…' },
    { name: 'paused', change: { status: 'paused' }, says: 'Paused · 1.2 MB of 3.4 MB' },
    {
      name: 'verified',
      change: { status: 'done', verification: 'verified', received: 3_400_000 },
      says: 'Saved, verified · 3.4 MB',
    },
    {
      name: 'unverified',
      change: { status: 'done', verification: 'unverified', received: 3_400_000 },
      says: 'Saved, could not be verified · 3.4 MB',
    },
    { name: 'cancelled', change: { status: 'cancelled' }, says: 'Cancelled' },
  ])('a save says how far it is: $name', async ({ change, says }) => {
    const { saving } = await openSaving(job(change));
    expect(within(saving.getByRole('listitem')).getByText(says)).toBeTruthy();
  });

  test('a save that is tried again by itself says so, and asks for nothing', async () => {
    const error = { code: 'timeout', operation: 'download', detail: {} } as const;
    const { saving } = await openSaving(job({ status: 'queued', error }));
    const item = within(saving.getByRole('listitem'));
    expect(item.getByText('Tries again by itself')).toBeTruthy();
    expect(item.getByText(/The recording server does not answer\./).textContent).not.toContain('choose');
  });

  test('its progress is a progressbar by its name; without a size it tells no share', async () => {
    const { saving } = await openSaving(job(), job({ id: 'save-2', fileName: null, size: null }));
    const known = saving.getByRole<HTMLProgressElement>('progressbar', { name: 'Saving call.mp3' });
    expect([known.value, known.max]).toEqual([1_200_000, 3_400_000]);
    expect(saving.getByRole<HTMLProgressElement>('progressbar', { name: 'Saving Recording' }).position).toBe(
      -1,
    );
  });

  test.each([
    { status: 'downloading', button: 'Pause', channel: 'pauseSave' },
    { status: 'queued', button: 'Pause', channel: 'pauseSave' },
    { status: 'paused', button: 'Resume', channel: 'resumeSave' },
    { status: 'paused', button: 'Cancel', channel: 'cancelSave' },
    { status: 'failed', button: 'Try again', channel: 'retrySave' },
    { status: 'cancelled', button: 'Try again', channel: 'retrySave' },
    { status: 'done', button: 'Show in folder', channel: 'showSavedFile' },
  ] as const)('$status: $button', async ({ status, button, channel }) => {
    const { saving, fake } = await openSaving(job({ status }));
    fireEvent.click(saving.getByRole('button', { name: button }));
    await vi.waitFor(() => {
      expect(fake.callsOf(channel)).toEqual([{ jobId: 'save-1' }]);
    });
  });

  test('a failure is told in its two sentences', async () => {
    const { saving } = await openSaving(
      job({ status: 'failed', error: { code: 'disk-full', operation: 'file', detail: {} } }),
    );
    expect(saving.getByText(/The disk is full\. Free some space, then try again\./)).toBeTruthy();
    expect(saving.getByText('0 of 1 saved · 1 not saved')).toBeTruthy();
  });

  test('more than two fold into one line, and unfold', async () => {
    const { saving, fake } = await openSaving(
      job(),
      job({ id: 'save-2', status: 'queued' }),
      job({ id: 'save-3', status: 'done' }),
    );
    expect(saving.getByText('1 of 3 saved')).toBeTruthy();
    expect(saving.queryAllByRole('listitem')).toHaveLength(0);
    fireEvent.click(saving.getByRole('button', { name: 'Pause all' }));
    fireEvent.click(saving.getByRole('button', { name: 'Cancel all' }));
    expect([fake.callsOf('pauseSave'), fake.callsOf('cancelSave')]).toEqual([[{}], [{}]]);
    const unfold = saving.getByRole('button', { name: 'Show saves' });
    expect(unfold.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(unfold);
    expect(saving.getAllByRole('listitem')).toHaveLength(3);
  });

  test('the end is said once, when all have ended', async () => {
    const window = await openSaving(job(), job({ id: 'save-2' }));
    const status = window.saving.getByRole('status');
    const done = job({ status: 'done', verification: 'verified' });
    expect(status.textContent).toBe('');
    await window.send(snapshotOf({ revision: 2, keep: keepOf(done, job({ id: 'save-2' })) }));
    expect(status.textContent).toBe('');
    await window.send(snapshotOf({ revision: 3, keep: keepOf(done, { ...done, id: 'save-2' }) }));
    expect(status.textContent).toBe('2 saves are complete.');
    await window.send(
      snapshotOf({ revision: 4, keep: keepOf(done, { ...done, id: 'save-2', status: 'failed' }) }),
    );
    expect(status.textContent).toBe('1 save failed; 1 is complete.');
  });

  test('Clear finished leaves the keyboard in the list', async () => {
    const { saving, fake } = await openSaving(job({ status: 'done' }));
    const clear = saving.getByRole('button', { name: 'Clear finished' });
    clear.focus();
    fireEvent.click(clear);
    expect(fake.callsOf('clearFinishedSaves')).toEqual([{}]);
    expect(document.activeElement?.getAttribute('role')).toBe('row');
  });

  test('axe finds nothing in any state', async () => {
    await openSaving(
      job(),
      job({ id: 'save-2', status: 'paused' }),
      job({ id: 'save-3', status: 'failed', error: { code: 'disk-full', operation: 'file', detail: {} } }),
      job({ id: 'save-4', status: 'done', verification: 'unverified' }),
    );
    fireEvent.click(screen.getByRole('button', { name: 'Show saves' }));
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });
});

describe('the names of saved files', () => {
  async function openTemplate() {
    const window = await open();
    vi.useRealTimers();
    act(() => {
      window.services.ui.getState().showSettings('connection');
    });
    const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Names of saved files' });
    return { ...window, field };
  }

  test('have an example that follows what is typed, and are saved when one leaves', async () => {
    const { field, fake } = await openTemplate();
    expect(screen.getByText('For example: 2026-03-02 14.02.05 +39 055 123456 1000042.mp3')).toBeTruthy();
    fireEvent.change(field, { target: { value: 'Call {reference}' } });
    expect(screen.getByText('For example: Call 1000042.mp3')).toBeTruthy();
    expect(fake.callsOf('updateSettings')).toEqual([]);
    fireEvent.blur(field);
    expect(fake.callsOf('updateSettings')).toEqual([{ keep: { template: 'Call {reference}' } }]);
  });

  test.each(['no braces', '{unknown}', '{start', '{start} }'])('refuse %s', async (value) => {
    const { field, fake } = await openTemplate();
    fireEvent.change(field, { target: { value } });
    fireEvent.blur(field);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('alert').textContent).toContain('Use at least one of');
    expect(fake.callsOf('updateSettings')).toEqual([]);
  });
});
