import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import { startOfDay } from '../../../../src-renderer/ui/format';
import { guid, recorderView, snapshotOf, summary } from '../../../fixtures/examples';
import type { FakeAnswers } from '../../../fixtures/fake-window-api';
import {
  renderWindow,
  settle,
  useLateParts,
  useTestWindows,
  wallStart,
} from '../../../fixtures/render-window';
import { fc } from '../../../fixtures/seed';

useTestWindows();
useLateParts();

const hour = 3_600_000;

/** A server with so many recordings, one each hour back from now. */
function office(total: number, durationOf = (_number: number) => 91_000): FakeAnswers {
  return {
    listRecordings: ({ page, pageSize }) =>
      succeed({
        totalCount: total,
        recordings: Array.from(
          { length: Math.max(0, Math.min(pageSize, total - page * pageSize)) },
          (_, index) => {
            const number = page * pageSize + index;
            return summary({
              id: guid(number),
              referenceNumber: `REF-${number}`,
              startTime: wallStart - number * hour,
              durationMs: durationOf(number),
              remotePartyNumber: `+39 ${number}`,
            });
          },
        ),
      }),
  };
}

async function open(answers: FakeAnswers) {
  const window = await renderWindow(snapshotOf(), answers);
  await window.advance(300);
  return window;
}

const grid = () => screen.getByRole('grid', { name: 'Recordings' });
const rowOf = (number: number) => screen.getByRole('row', { name: new RegExp(`^\\+39 ${number},`) });
const focusRow = (number: number) => {
  act(() => {
    rowOf(number).focus();
  });
};
const focusedRow = () => document.activeElement?.getAttribute('aria-rowindex');
const press = async (key: string, options: object = {}) => {
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...options });
  await settle();
  await act(() => vi.advanceTimersByTimeAsync(300));
};

test('only the rows in sight exist, in a grid that knows them all', async () => {
  const { fake } = await open(office(100_000));
  expect(grid().getAttribute('aria-rowcount')).toBe('100000');
  const rows = screen.getAllByRole('row');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThanOrEqual(60);
  expect(rows[0]?.getAttribute('aria-rowindex')).toBe('1');
  expect(fake.callsOf('listRecordings')).toEqual([{ page: 0, pageSize: 50, ticket: 1 }]);
});

test('a row is named by number, time and length, and its title has the full date', async () => {
  await open(office(30));
  const name = screen.getAllByRole('row')[0]?.getAttribute('aria-label');
  expect(name).toMatch(/^\+39 0, Today \d\d:02, 1:31$/);
  expect(rowOf(0).title).toContain('2 March 2026');
  expect(screen.getAllByText('Today').length).toBeGreaterThan(0);
});

test('what cannot be read is told, and hides nothing else (D3)', async () => {
  const page = (unreadable: number, count: number): FakeAnswers => ({
    listRecordings: () =>
      succeed({
        totalCount: count + unreadable,
        recordings: Array.from({ length: count }, (_, number) =>
          summary({ id: guid(number), remotePartyNumber: `+39 ${number}` }),
        ),
        unreadable,
      }),
  });
  await open(page(1, 2));
  expect(screen.getAllByRole('row')).toHaveLength(2);
  screen.getByText('1 recording could not be read and is not shown.');
  cleanup();
  await open(page(3, 0));
  screen.getByText('3 recordings could not be read and are not shown.');
  // There are some.
  expect(screen.queryByText('No recordings yet')).toBeNull();
});

test('keys move the row cursor, and the focus with it', async () => {
  await open(office(1_000));
  focusRow(0);
  await press('ArrowDown');
  expect(focusedRow()).toBe('2');
  await press('ArrowDown');
  await press('ArrowUp');
  expect(focusedRow()).toBe('2');
  await press('PageDown');
  expect(Number(focusedRow())).toBeGreaterThan(6);
  await press('Home');
  expect(focusedRow()).toBe('1');
  await press('PageUp');
  expect(focusedRow()).toBe('1');
});

test('End goes to the last of many, fetches only there, and Enter plays it', async () => {
  const { fake, services } = await open(office(10_000));
  focusRow(0);
  await press('End');
  expect(focusedRow()).toBe('10000');
  expect(fake.callsOf('listRecordings').map(({ page }) => page)).toEqual([0, 199]);
  await press('Enter');
  expect(services.ui.getState().loaded?.recording.id).toBe(guid(9_999));
});

/** The row of this number has the focus, and lies where it is seen. */
function expectInSight(number: number): void {
  expect(focusedRow()).toBe(String(number));
  const item = document.activeElement?.closest<HTMLElement>('.grid-item');
  const drawnAt = Number(/translateY\(([-\d.]+)px\)/.exec(item?.style.transform ?? '')?.[1]);
  const heading = item?.querySelector('.grid-heading') === null ? 0 : 26;
  expect(drawnAt - grid().scrollTop).toBeGreaterThanOrEqual(-1);
  expect(drawnAt + heading + 48 - grid().scrollTop).toBeLessThanOrEqual(grid().clientHeight + 1);
}

test.each([1_000, 1_000_000])(
  'of %d, the last row is in sight once its page has come (R-14)',
  async (total) => {
    const held: (() => void)[] = [];
    await open({
      listRecordings: async (args) => {
        if (args.page > 0) await new Promise<void>((resolve) => held.push(resolve));
        return office(total).listRecordings?.(args) ?? fail('internal', 'list');
      },
    });
    focusRow(0);
    await press('End');
    expectInSight(total);
    for (let turn = 0; turn < 4; turn += 1) {
      for (const answer of held.splice(0)) answer();
      await settle();
    }
    expect(document.activeElement?.getAttribute('aria-label')).toContain(`+39 ${total - 1},`);
    expectInSight(total);
  },
);

test('a million rows reach their end, and keys stay in sight (R-14)', async () => {
  const total = 1_000_000;
  await open(office(total));
  focusRow(0);
  await press('End');
  expectInSight(total);
  expect(grid().scrollHeight).toBeLessThanOrEqual(16_000_000);
  // But for the headings that the last page has brought.
  expect(grid().scrollTop).toBeGreaterThan(grid().scrollHeight - grid().clientHeight - 100);
  await press('ArrowUp');
  expectInSight(total - 1);
  for (let turn = 0; turn < 20; turn += 1) await press('ArrowUp');
  expectInSight(total - 21);
  await press('PageUp');
  await press('PageDown');
  await press('ArrowDown');
  expectInSight(total - 20);
  // A turn of the wheel goes as far as in a short list.
  const seen = () => screen.getAllByRole('row').map((row) => Number(row.getAttribute('aria-rowindex')));
  const before = Math.min(...seen());
  fireEvent.wheel(grid(), { deltaY: -480 });
  await settle();
  expect(Math.min(...seen())).toBe(before - 10);
  await press('Home');
  expectInSight(1);
  expect(grid().scrollTop).toBe(0);
  // The scroll bar reaches every part.
  grid().scrollTop = (grid().scrollHeight - grid().clientHeight) / 2;
  fireEvent.scroll(grid());
  await settle();
  expect(seen().some((number) => Math.abs(number - total / 2) < 20)).toBe(true);
  grid().scrollTop = grid().scrollHeight - grid().clientHeight;
  fireEvent.scroll(grid());
  await settle();
  expect(seen()).toContain(total);
});

test('a double-click plays, a click only selects', async () => {
  const { services } = await open(office(10));
  focusRow(2);
  expect(rowOf(2).getAttribute('aria-selected')).toBe('true');
  expect(services.ui.getState().loaded).toBeNull();
  fireEvent.doubleClick(within(rowOf(2)).getByText('+39 2'));
  expect(services.ui.getState().loaded?.recording.id).toBe(guid(2));
});

test('Ctrl+C copies the reference number', async () => {
  const { fake } = await open(office(10));
  focusRow(3);
  await press('c', { ctrlKey: true });
  expect(fake.callsOf('copyText')).toEqual([{ text: 'REF-3' }]);
});

test('the selection stays with its recording when new ones push it down', async () => {
  let shift = 0;
  const { fake, send } = await open({
    listRecordings: () =>
      succeed({
        totalCount: 5 + shift,
        recordings: Array.from({ length: 5 + shift }, (_, index) =>
          summary({
            id: guid(index - shift + 10),
            startTime: wallStart - index * hour,
            remotePartyNumber: `+39 ${index - shift}`,
          }),
        ),
      }),
  });
  focusRow(1);
  expect(focusedRow()).toBe('2');
  shift = 2;
  await send(snapshotOf({ revision: 2, recordings: { revision: 2, recent: [] } }));
  expect(fake.callsOf('listRecordings')).toHaveLength(2);
  expect(rowOf(1).getAttribute('aria-rowindex')).toBe('4');
  expect(rowOf(1).getAttribute('aria-selected')).toBe('true');
  expect(focusedRow()).toBe('4');
});

/** A server whose list is what a test says it is now. */
function changing(numbers: () => readonly number[]): FakeAnswers {
  return {
    listRecordings: ({ page, pageSize }) =>
      succeed({
        totalCount: numbers().length,
        recordings: numbers()
          .slice(page * pageSize, (page + 1) * pageSize)
          .map((number) =>
            summary({
              id: guid(number),
              referenceNumber: `REF-${number}`,
              startTime: wallStart - number * hour,
              remotePartyNumber: `+39 ${number}`,
              direction: number % 2 === 0 ? 'incoming' : 'outgoing',
            }),
          ),
      }),
  };
}
const numbersFrom = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
const scrollTo = async (index: number) => {
  grid().scrollTop = index * 48;
  fireEvent.scroll(grid());
  await settle();
  await act(() => vi.advanceTimersByTimeAsync(300));
  await settle();
};
const selectedRows = () =>
  screen
    .getAllByRole('row')
    .filter((row) => row.getAttribute('aria-selected') === 'true')
    .map((row) => row.getAttribute('aria-label')?.split(',')[0]);

test('keys act on the recording that is selected, wherever new ones have pushed it', async () => {
  let numbers = numbersFrom(0, 1_000);
  let held = true;
  const answers = changing(() => numbers);
  const { fake, send, services } = await open({
    listRecordings: async (args) => {
      if (args.page === 1 && held) await new Promise(() => undefined);
      return answers.listRecordings?.(args) ?? fail('internal', 'list');
    },
  });
  await scrollTo(46);
  focusRow(49);
  await scrollTo(140);
  numbers = numbersFrom(-2, 1_000);
  await send(snapshotOf({ revision: 2, recordings: { revision: 2, recent: [] } }));
  await settle();
  // Its page is not here: it is still the one that is meant, and no other looks like it.
  expect(selectedRows()).toEqual([]);
  await press('c', { ctrlKey: true });
  await press('s', { ctrlKey: true });
  await press('Enter');
  expect(fake.callsOf('copyText')).toEqual([{ text: 'REF-49' }]);
  expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [guid(49)] }]);
  expect(services.ui.getState().loaded?.recording.id).toBe(guid(49));
  held = false;
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await settle();
  await settle();
  expect(rowOf(49).getAttribute('aria-rowindex')).toBe('52');
  expect(selectedRows()).toEqual(['+39 49']);
  expect(document.activeElement).toBe(rowOf(49));
});

test('another list has nothing selected that only stands where the selected one stood', async () => {
  const { fake, advance, services } = await open({
    listRecordings: ({ direction, ...args }) =>
      changing(() =>
        numbersFrom(0, 200).filter((number) => direction === undefined || number % 2 === 1),
      ).listRecordings?.(args) ?? fail('internal', 'list'),
  });
  focusRow(4);
  const direction = screen.getByRole('combobox', { name: 'Direction' });
  fireEvent.change(direction, { target: { value: 'outgoing' } });
  await advance(300);
  await settle();
  expect(rowOf(1)).toBeTruthy();
  expect(selectedRows()).toEqual([]);
  await press('s', { ctrlKey: true });
  expect(fake.callsOf('saveRecordings')).toEqual([]);
  // It is selected again where it is listed again.
  fireEvent.change(direction, { target: { value: 'all' } });
  await advance(300);
  await settle();
  expect(selectedRows()).toEqual(['+39 4']);
  expect(services.ui.getState().selectedId).toBe(guid(4));
});

test('where the selected recording was removed, the row that has the focus is the selected one (R-17)', async () => {
  let numbers = numbersFrom(0, 10);
  const { fake, services } = await open(changing(() => numbers));
  focusRow(4);
  numbers = numbers.filter((number) => number !== 4);
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await settle();
  expect(document.activeElement).toBe(rowOf(5));
  expect(selectedRows()).toEqual(['+39 5']);
  await press('c', { ctrlKey: true });
  expect(fake.callsOf('copyText')).toEqual([{ text: 'REF-5' }]);
  await press('Enter');
  expect(services.ui.getState().loaded?.recording.id).toBe(guid(5));
  numbers = numbers.slice(0, 3);
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await settle();
  expect(focusedRow()).toBe('3');
  expect(selectedRows()).toEqual(['+39 2']);
});

test('what plays from elsewhere stays selected although this list does not have it (R-17)', async () => {
  const { services } = await open(office(10));
  focusRow(4);
  act(() => {
    services.ui.getState().play(summary({ id: guid(99) }));
  });
  await settle();
  expect(services.ui.getState().selectedId).toBe(guid(99));
  expect(selectedRows()).toEqual([]);
});

test('a row that a key went to before it was there is selected by its recording once it is', async () => {
  let numbers = numbersFrom(0, 1_000);
  const { send, services } = await open(changing(() => numbers));
  focusRow(0);
  await press('End');
  expect(services.ui.getState().selectedId).toBe(guid(999));
  numbers = numbersFrom(-3, 1_000);
  await send(snapshotOf({ revision: 2, recordings: { revision: 2, recent: [] } }));
  await settle();
  await settle();
  expect(selectedRows()).toEqual(['+39 999']);
  expect(focusedRow()).toBe('1003');
});

const anywhere = fc.double({ min: 0, max: 1, noNaN: true });
const happening = fc.oneof(
  fc.record({ kind: fc.constant('come' as const), place: fc.constantFrom(1, 2, 60) }),
  fc.record({ kind: fc.constant('go' as const), place: anywhere }),
  fc.record({ kind: fc.constant('scroll' as const), place: anywhere }),
  fc.record({ kind: fc.constant('select' as const), place: anywhere }),
  fc.record({ kind: fc.constant('move' as const), place: anywhere }),
);

// A hundred windows: on a busy computer they take longer than a test may as a rule.
test(
  'whatever comes, goes and is looked at: no row is drawn twice, and only what was selected is',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 14, size: 'max' }), async (history) => {
        let numbers = numbersFrom(0, 300);
        let newest = 0;
        let revision = 1;
        const { fake, send, services } = await open(changing(() => numbers));
        const selected = () => services.ui.getState().selectedId;
        let before: string | null = null;
        for (const { kind, place } of history) {
          const some = Math.floor(place * (numbers.length - 1));
          const chosen = screen.getAllByRole('row')[Math.floor(place * 9)];
          if (kind === 'come') {
            for (let count = 0; count < place; count += 1) numbers = [(newest -= 1), ...numbers];
          }
          if (kind === 'go') numbers = numbers.toSpliced(some, 1);
          if (kind === 'come' || kind === 'go') {
            revision += 1;
            await send(snapshotOf({ revision, recordings: { revision, recent: [] } }));
          }
          if (kind === 'scroll') await scrollTo(some);
          if (kind === 'select' && chosen !== undefined) {
            fireEvent.mouseDown(chosen, { button: 0 });
            act(() => {
              chosen.focus();
            });
            await settle();
          }
          if (kind === 'move' && document.activeElement?.getAttribute('role') === 'row') {
            await press(place < 0.5 ? 'ArrowDown' : 'PageUp');
          }
          await settle();

          const names = screen
            .getAllByRole('row')
            .flatMap((row) => /^\+39 -?\d+/.exec(row.getAttribute('aria-label') ?? '') ?? []);
          expect(names.length).toBeGreaterThan(0);
          expect(new Set(names).size).toBe(names.length);
          const id = selected();
          if (kind !== 'select' && kind !== 'move') expect(id).toBe(before);
          before = id;
          const number = numbers.find((candidate) => guid(candidate) === id);
          expect([[], [`+39 ${number}`]]).toContainEqual(selectedRows());
          if (number === undefined) continue;
          const copied = fake.callsOf('copyText').length;
          fireEvent.keyDown(screen.getAllByRole('row')[0] ?? grid(), { key: 'c', ctrlKey: true });
          expect(fake.callsOf('copyText').slice(copied)).toEqual([{ text: `REF-${number}` }]);
        }
        cleanup();
      }),
      { numRuns: 40 },
    );
  },
);

test('the filters are sent together, once typing rests', async () => {
  const { fake, advance } = await open(office(10));
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  const search = region.getByRole('searchbox', { name: 'Remote number' });
  for (const value of ['A', 'An', 'Anonymous']) {
    fireEvent.change(search, { target: { value } });
    await advance(50);
  }
  fireEvent.change(region.getByRole('combobox', { name: 'Direction' }), { target: { value: 'incoming' } });
  fireEvent.change(region.getByLabelText('From'), { target: { value: '2026-03-01' } });
  fireEvent.change(region.getByLabelText('To'), { target: { value: '2026-03-02' } });
  await advance(300);
  const from = new Date(2026, 2, 1).getTime();
  const to = new Date(2026, 2, 3).getTime();
  expect(fake.callsOf('listRecordings').slice(1, 2)).toEqual([
    {
      page: 0,
      pageSize: 50,
      ticket: 2,
      startTime: { operator: 'between', from, to },
      remotePartyNumber: { operator: 'contains', value: 'Anonymous' },
      direction: 'incoming',
    },
  ]);
});

test('local line and length stand behind More filters, and Clear filters takes all of them back', async () => {
  const { fake, services, advance } = await open(office(450));
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  const more = region.getByRole('button', { name: 'More filters' });
  expect(region.queryByRole('combobox', { name: 'Length' })).toBeNull();
  fireEvent.click(more);
  expect(more.getAttribute('aria-expanded')).toBe('true');
  expect(region.getByRole('button', { name: 'Clear filters' }).getAttribute('aria-disabled')).toBe('true');
  fireEvent.change(region.getByRole('textbox', { name: 'Local line' }), { target: { value: ' 101 ' } });
  await advance(300);
  expect(fake.callsOf('listRecordings').at(-1)).toMatchObject({ localPartyNumber: '101', pageSize: 50 });

  fireEvent.change(region.getByRole('combobox', { name: 'Length' }), { target: { value: 'longest' } });
  await advance(300);
  await settle();
  // Nothing is as long as that: everything is looked through, and only then it is said.
  expect(fake.callsOf('listRecordings').at(-1)).toMatchObject({ localPartyNumber: '101', pageSize: 200 });
  expect(region.getByText('Looked through 450 of 450 recordings.')).toBeTruthy();
  expect(region.getByText('No recording matches')).toBeTruthy();
  expect(region.getByRole('button', { name: 'More filters (in use)' })).toBeTruthy();

  fireEvent.change(region.getByRole('combobox', { name: 'Length' }), { target: { value: 'minutes' } });
  await advance(300);
  await settle();
  expect(grid().getAttribute('aria-rowcount')).toBe('-1');
  expect(rowOf(0)).toBeTruthy();

  fireEvent.click(region.getByRole('button', { name: 'Clear filters' }));
  expect(services.ui.getState().filters).toMatchObject({ localLine: '', length: 'all' });
});

test('a long search rests, and goes on when told to', async () => {
  const { fake, advance } = await open(office(10_000));
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  fireEvent.click(region.getByRole('button', { name: 'More filters' }));
  fireEvent.change(region.getByRole('combobox', { name: 'Length' }), { target: { value: 'short' } });
  await advance(300);
  for (let turn = 0; turn < 10; turn += 1) await settle();
  expect(region.getByText('Looked through 2,000 of 10,000 recordings.')).toBeTruthy();
  expect(region.queryByText('No recording matches')).toBeNull();
  const before = fake.callsOf('listRecordings').length;
  fireEvent.click(region.getByRole('button', { name: 'Search further' }));
  for (let turn = 0; turn < 20; turn += 1) await settle();
  expect(fake.callsOf('listRecordings').length).toBe(before + 20);
  expect(region.getByText('Looked through 6,000 of 10,000 recordings.')).toBeTruthy();
});

test('a server that ignores a filter is told of', async () => {
  const { advance } = await open(office(100));
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  fireEvent.change(region.getByRole('searchbox', { name: 'Remote number' }), { target: { value: '9' } });
  await advance(300);
  await settle();
  expect(region.getByText(/The server did not apply this filter/)).toBeTruthy();
  expect(region.getByText('No recording matches')).toBeTruthy();
});

test('what nobody waits for is cancelled', async () => {
  const { fake, advance } = await open({
    ...office(100_000),
    listRecordings: (args) =>
      args.page === 0
        ? (office(100_000).listRecordings?.(args) ?? fail('internal', 'list'))
        : new Promise(() => undefined),
  });
  grid().scrollTop = 480_000;
  fireEvent.scroll(grid());
  await settle();
  const [asked] = fake.callsOf('listRecordings').slice(-1);
  expect(asked?.page).toBeGreaterThan(100);
  grid().scrollTop = 960_000;
  fireEvent.scroll(grid());
  await advance(150);
  expect(fake.callsOf('cancelList')).toContainEqual({ ticket: asked?.ticket });
});

test('new recordings move nothing that is being read: they are news, and a press goes to them', async () => {
  let added = 0;
  const shifted = (args: Parameters<NonNullable<FakeAnswers['listRecordings']>>[0]) =>
    succeed({
      totalCount: 1_000 + added,
      recordings: Array.from({ length: args.pageSize }, (_, index) => {
        const number = args.page * args.pageSize + index - added;
        return summary({
          id: guid(number),
          startTime: wallStart - number * hour,
          remotePartyNumber: number < 0 ? `+44 ${-number}` : `+39 ${number}`,
        });
      }),
    });
  const { send } = await open({ listRecordings: shifted });
  const refreshed = (revision: number) => {
    const snapshot = snapshotOf();
    return send({
      ...snapshot,
      revision: 100 + revision,
      recordings: { ...snapshot.recordings, revision: 100 + revision },
    });
  };
  // Nobody reads: what is new appears at once.
  added = 1;
  await refreshed(1);
  await settle();
  expect(screen.getByRole('row', { name: /^\+44 1,/ })).toBeTruthy();
  expect(grid().scrollTop).toBe(0);
  expect(screen.queryByRole('button', { name: /new$/ })).toBeNull();

  focusRow(2);
  const place = () => rowOf(2).parentElement?.style.transform;
  const before = Number(/[\d.]+/.exec(place() ?? '')?.[0]) - grid().scrollTop;
  added = 3;
  await refreshed(2);
  await settle();
  await settle();
  expect(grid().scrollTop).toBe(96);
  expect(Number(/[\d.]+/.exec(place() ?? '')?.[0]) - grid().scrollTop).toBe(before);
  expect(document.activeElement).toBe(rowOf(2));
  fireEvent.click(screen.getByRole('button', { name: '2 new' }));
  await settle();
  expect(grid().scrollTop).toBe(0);
  expect(focusedRow()).toBe('1');
  expect(screen.queryByRole('button', { name: /new$/ })).toBeNull();
});

test('typing a number in the list goes to its recording', async () => {
  const { advance } = await open(office(1_000));
  focusRow(0);
  // As one types: +39 1, and on to +39 12.
  for (const key of ['+', '3', '9', ' ', '1'])
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
  expect(focusedRow()).toBe('2');
  fireEvent.keyDown(document.activeElement ?? document.body, { key: '2' });
  await settle();
  await advance(300);
  expect(focusedRow()).toBe('13');
  // What is typed after a pause is another number; one that nobody has moves nothing.
  await advance(1_500);
  for (const key of ['4', '4']) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
  expect(focusedRow()).toBe('45');
  await advance(1_500);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'x' });
  for (const key of ['7', '7', '7', '7']) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
  const place = focusedRow();
  expect(place).not.toBe('1');
  const told = () => screen.queryByText(/^No recording that is loaded has 7777\./);
  expect(told()).toBeTruthy();
  await press('ArrowDown');
  expect(told()).toBeNull();
});

test('Space selects, and Ctrl with the arrows goes on without losing what is selected', async () => {
  const { fake } = await open(office(20));
  focusRow(0);
  await press(' ');
  await press('ArrowDown', { ctrlKey: true });
  await press('ArrowDown', { ctrlKey: true });
  await press(' ', { ctrlKey: true });
  const selected = () =>
    screen
      .getAllByRole('row')
      .filter((row) => row.getAttribute('aria-selected') === 'true')
      .map((row) => row.getAttribute('aria-rowindex'));
  expect(selected()).toEqual(['1', '3']);
  await press('s', { ctrlKey: true });
  expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [guid(0), guid(2)] }]);
  await press(' ');
  expect(selected()).toEqual(['1']);
  await press('ArrowDown');
  expect(selected()).toEqual(['4']);
});

test('Ctrl+F goes to the search', async () => {
  await open(office(10));
  fireEvent.keyDown(document.body, { key: 'f', ctrlKey: true });
  expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Remote number' }));
});

test('a chip sets both dates, and shows that it is on', async () => {
  const { services } = await open(office(10));
  const today = screen.getByRole('button', { name: 'Today' });
  expect(screen.getByRole('button', { name: 'All' }).getAttribute('aria-pressed')).toBe('true');
  fireEvent.click(today);
  expect(today.getAttribute('aria-pressed')).toBe('true');
  expect(services.ui.getState().filters.period).toBe('today');
  for (const label of ['From', 'To']) {
    expect(screen.getByLabelText<HTMLInputElement>(label).value).toBe('2026-03-02');
  }
});

test('a period goes with the day, and is asked for anew as it begins (R-1)', async () => {
  const { fake, advance, services } = await open(office(10));
  const asked = () => fake.callsOf('listRecordings').at(-1)?.startTime;
  const midnight = (day: number) => new Date(2026, 2, day).getTime();
  fireEvent.click(screen.getByRole('button', { name: 'Today' }));
  await advance(300);
  expect(asked()).toEqual({ operator: 'between', from: midnight(2), to: midnight(3) });
  await advance(midnight(3) - Date.now() + 1_000);
  expect(asked()).toEqual({ operator: 'between', from: midnight(3), to: midnight(4) });
  expect(screen.getByRole('button', { name: 'Today' }).getAttribute('aria-pressed')).toBe('true');
  expect(screen.getByRole('button', { name: 'Yesterday' }).getAttribute('aria-pressed')).toBe('false');
  fireEvent.click(screen.getByRole('button', { name: 'This week' }));
  await advance(300);
  expect(asked()).toEqual({ operator: 'between', from: midnight(2), to: midnight(4) });
  // A computer that slept: no timer rang, the window is looked at again.
  vi.setSystemTime(midnight(5) + 1_000);
  fireEvent.focus(window);
  await advance(300);
  expect(asked()).toEqual({ operator: 'between', from: midnight(2), to: midnight(6) });
  fireEvent.click(screen.getByRole('button', { name: 'Export list' }));
  await settle();
  expect(fake.callsOf('exportList').at(-1)?.startTime).toEqual(asked());
  // A date that is entered ends the period where it stands.
  fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-03-04' } });
  expect(services.ui.getState().filters).toMatchObject({
    period: null,
    from: '2026-03-04',
    to: '2026-03-05',
  });
  await advance(300);
  await advance(48 * hour);
  expect(asked()).toEqual({ operator: 'between', from: midnight(4), to: midnight(6) });
});

test('a time zone that changes changes every time that is shown, and what a day is (D10)', async () => {
  const { fake, advance } = await open(office(60));
  const former = process.env['TZ'];
  const headings = () => screen.getAllByText(/^(Today|Yesterday|\d+ Mar|\d+ Feb)$/).length;
  try {
    process.env['TZ'] = 'UTC';
    await advance(60_000);
    const utc = rowOf(1).getAttribute('aria-label');
    const title = rowOf(1).getAttribute('title');
    fireEvent.click(screen.getByRole('button', { name: 'Today' }));
    await advance(300);
    const inUtc = fake.callsOf('listRecordings').at(-1)?.startTime;
    expect(headings()).toBeGreaterThan(0);
    process.env['TZ'] = 'Asia/Kathmandu';
    await advance(60_000);
    const there = rowOf(1);
    expect(there.getAttribute('aria-label')).not.toBe(utc);
    expect(there.getAttribute('title')).not.toBe(title);
    expect(there.textContent).toContain(
      new Intl.DateTimeFormat('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        timeZone: 'Asia/Kathmandu',
      }).format(wallStart - hour),
    );
    expect(fake.callsOf('listRecordings').at(-1)?.startTime).not.toEqual(inUtc);
    expect(fake.callsOf('listRecordings').at(-1)?.startTime).toMatchObject({
      from: startOfDay(Date.now()),
    });
  } finally {
    if (former === undefined) delete process.env['TZ'];
    else process.env['TZ'] = former;
  }
});

test('a date that is being typed is no date yet (R-23)', async () => {
  const { fake, advance, services } = await open(office(10));
  const from = screen.getByLabelText<HTMLInputElement>('From');
  fireEvent.change(from, { target: { value: '2026-02-01' } });
  await advance(300);
  focusRow(4);
  const before = fake.callsOf('listRecordings').length;
  for (const value of ['0002-02-01', '0020-02-01', '0202-02-01']) {
    fireEvent.change(from, { target: { value } });
    expect(from.value).toBe(value);
    await advance(300);
  }
  expect(fake.callsOf('listRecordings')).toHaveLength(before);
  expect(services.ui.getState()).toMatchObject({ selectedId: guid(4), filters: { from: '2026-02-01' } });
  fireEvent.change(from, { target: { value: '2025-02-01' } });
  expect(services.ui.getState().filters.from).toBe('2025-02-01');
  // What is left unfinished is what counts again.
  fireEvent.change(from, { target: { value: '0002-02-01' } });
  fireEvent.blur(from);
  expect(from.value).toBe('2025-02-01');
  expect(from.max).toBe('9999-12-31');
  // Parts of a date are none, and are no wish to take it away.
  Object.defineProperty(from, 'validity', { configurable: true, value: { badInput: true } });
  fireEvent.change(from, { target: { value: '' } });
  expect(services.ui.getState().filters.from).toBe('2025-02-01');
  fireEvent.blur(from);
  expect(from.value).toBe('2025-02-01');
  Object.defineProperty(from, 'validity', { configurable: true, value: { badInput: false } });
  fireEvent.change(from, { target: { value: '' } });
  expect(services.ui.getState().filters.from).toBe('');
});

test('what is selected survives a refresh while a length is asked for (R-7)', async () => {
  const { advance, fake } = await open(office(60));
  fireEvent.click(screen.getByRole('button', { name: 'More filters' }));
  fireEvent.change(screen.getByRole('combobox', { name: 'Length' }), { target: { value: 'minutes' } });
  await advance(300);
  focusRow(1);
  await press('ArrowDown', { shiftKey: true });
  await press('ArrowDown', { shiftKey: true });
  const marked = ['+39 1', '+39 2', '+39 3'];
  expect(selectedRows()).toEqual(marked);
  const before = fake.callsOf('listRecordings').length;
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await settle();
  await advance(300);
  expect(fake.callsOf('listRecordings').length).toBeGreaterThan(before);
  expect(selectedRows()).toEqual(marked);
});

test('a number that was typed is forgotten with the next other key or press (R-8)', async () => {
  await open(office(1_000));
  focusRow(0);
  const type = (keys: readonly string[]) => {
    for (const key of keys) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  };
  type(['3', '9', 'ArrowDown', ' ']);
  await settle();
  expect(screen.getByText('1 selected')).toBeTruthy();
  type(['3', '9', 'ArrowDown', '4', '4']);
  await settle();
  expect(focusedRow()).toBe('45');
  fireEvent.mouseDown(rowOf(44), { button: 0 });
  type([' ']);
  await settle();
  expect(screen.getByText('1 selected')).toBeTruthy();
});

test('Select all where a page fails selects what has arrived, and says so (R-25)', async () => {
  let broken = true;
  const { fake } = await open({
    ...office(120),
    listRecordings: (args) =>
      args.page === 1 && broken
        ? fail('server-error', 'list')
        : (office(120).listRecordings?.(args) ?? fail('internal', 'list')),
  });
  focusRow(0);
  await press('a', { ctrlKey: true });
  await settle();
  expect(screen.queryByText('Selecting…')).toBeNull();
  expect(screen.getByText(/^\d+ selected; the rest could not be read\.$/)).toBeTruthy();
  await press('s', { ctrlKey: true });
  expect(fake.callsOf('saveRecordings').at(-1)?.ids.length).toBeGreaterThanOrEqual(50);
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await settle();
  await press('a', { ctrlKey: true });
  await settle();
  expect(screen.getByText('120 selected')).toBeTruthy();
});

test('counted recordings that are not sent are no reason to say that there are none (R-18)', async () => {
  await open({ listRecordings: () => succeed({ totalCount: 300, recordings: [] }) });
  expect(screen.queryByText('No recordings yet')).toBeNull();
  expect(screen.getByRole('alert')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
});

test.each([
  { length: 'short', words: 'No recordings', looked: '1,800' },
  { length: 'longest', words: '14 recordings', looked: '800' },
])(
  'looking through the list is spoken at its beginning and its end: $length (R-16)',
  async ({ length, words, looked }) => {
    const { advance } = await open(office(1_800, (number) => (number % 60 === 0 ? 7_200_000 : 91_000)));
    fireEvent.click(screen.getByRole('button', { name: 'More filters' }));
    const spoken: string[] = [];
    const live = '[role="status"], [role="alert"], [aria-live]';
    const sayings = () =>
      [...document.querySelectorAll(`.recordings :is(${live})`)].map((node) => node.textContent ?? '');
    let before: readonly string[] = sayings();
    const observer = new MutationObserver(() => {
      spoken.push(...sayings().filter((said) => said !== '' && !before.includes(said)));
      before = sayings();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    fireEvent.change(screen.getByRole('combobox', { name: 'Length' }), { target: { value: length } });
    await advance(300);
    for (let turn = 0; turn < 20; turn += 1) await settle();
    observer.disconnect();
    // Nothing that grows with every page.
    expect(spoken.filter((said) => said !== 'Loading recordings…')).toEqual([
      'Looking through the recordings…',
      words,
      `Looked through ${looked} of 1,800 recordings.`,
    ]);
  },
);

test('a number in another spelling finds its recording, and its sameness needs no words (D4)', async () => {
  const stored = ['+390244540000', '+490244540000'];
  const { fake, advance } = await open({
    listRecordings: ({ remotePartyNumber }) => {
      const found = stored.filter((number) => number.includes(remotePartyNumber?.value ?? ''));
      return succeed({
        totalCount: found.length,
        recordings: found.map((number, at) => summary({ id: guid(at), remotePartyNumber: number })),
      });
    },
  });
  const search = screen.getByRole('searchbox', { name: 'Remote number' });
  fireEvent.change(search, { target: { value: '\u202d(+39) 02/4454\u20110000\u202c' } });
  await advance(300);
  await settle();
  expect(fake.callsOf('listRecordings').at(-1)?.remotePartyNumber).toEqual({
    operator: 'contains',
    value: '244540000',
  });
  expect(screen.getAllByRole('row').map((row) => row.getAttribute('aria-label')?.split(',')[0])).toEqual([
    '+390244540000',
  ]);
  expect(screen.queryByText(/Looked through/)).toBeNull();
});

test('on the first day of a week the chip is on that was pressed, and no other', async () => {
  const { services } = await open(office(10));
  // It is a Monday, in Britain.
  const on = () =>
    ['All', 'Today', 'Yesterday', 'This week'].filter(
      (name) => screen.getByRole('button', { name }).getAttribute('aria-pressed') === 'true',
    );
  fireEvent.click(screen.getByRole('button', { name: 'This week' }));
  expect(on()).toEqual(['This week']);
  fireEvent.click(screen.getByRole('button', { name: 'Today' }));
  expect(on()).toEqual(['Today']);
  expect(services.ui.getState().filters.from).toBe(services.ui.getState().filters.to);
});

test('Refresh asks again', async () => {
  const { fake } = await open(office(10));
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await settle();
  expect(fake.callsOf('listRecordings')).toHaveLength(2);
});

test('nothing found is told, with a way back', async () => {
  const { advance, services } = await open(office(0));
  expect(screen.getByText('No recordings yet')).toBeTruthy();
  fireEvent.change(screen.getByRole('searchbox', { name: 'Remote number' }), { target: { value: '99' } });
  await advance(300);
  fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(services.ui.getState().filters.remoteNumber).toBe('');
});

test('each day has a heading above its first recording; the one that is at the top sticks there', async () => {
  // One each hour: how many are of today depends on the time zone.
  const ofToday = Math.floor((wallStart - startOfDay(wallStart)) / hour) + 1;
  const { advance } = await open(office(100));
  const headings = () =>
    [...document.querySelectorAll('.grid-item .grid-heading')].map((heading) => ({
      text: heading.textContent,
      above: heading.parentElement?.querySelector('[role=row]')?.getAttribute('aria-rowindex'),
    }));
  const stuck = () => document.querySelector('.grid-heading-stuck');
  expect(headings()[0]).toEqual({ text: 'Today', above: '1' });
  expect(stuck()?.textContent).toBe('Today');
  const scrollTo = async (top: number) => {
    grid().scrollTop = top;
    fireEvent.scroll(grid());
    await advance(300);
  };
  // Behind the rows of today, 48 px each, and a heading of 26.
  const yesterday = 26 + ofToday * 48;
  await scrollTo(yesterday - 10);
  expect(headings()).toContainEqual({ text: 'Yesterday', above: String(ofToday + 1) });
  // Pushed out of the way by the next one, as far as that has come.
  expect(stuck()?.textContent).toBe('Today');
  expect(stuck()?.getAttribute('style')).toContain('translateY(-16px)');
  await scrollTo(yesterday + 30);
  expect(stuck()?.textContent).toBe('Yesterday');
  expect(stuck()?.getAttribute('style')).toContain('translateY(0px)');
});

test('no heading stands where the recording before is not known', async () => {
  const { advance } = await open(office(100_000));
  grid().scrollTop = 50_010 * 48;
  fireEvent.scroll(grid());
  await advance(300);
  const first = screen.getAllByRole('row')[0];
  expect(Number(first?.getAttribute('aria-rowindex'))).toBeGreaterThan(49_000);
  const headed = [...document.querySelectorAll('.grid-item .grid-heading')].map((heading) =>
    Number(heading.parentElement?.querySelector('[role=row]')?.getAttribute('aria-rowindex')),
  );
  // The first row of a page whose neighbour has not arrived may begin a day or not.
  expect(headed.every((index) => (index - 1) % 50 !== 0)).toBe(true);
});

test('a list that could not be had is asked for again once the light is known again', async () => {
  let broken = true;
  const { fake, send } = await open({
    listRecordings: (args) =>
      broken
        ? fail('connection-lost', 'list')
        : (office(3).listRecordings?.(args) ?? fail('internal', 'list')),
  });
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  expect(region.getByRole('alert')).toBeTruthy();
  await send(snapshotOf({ revision: 2, recorder: recorderView({ status: 'unknown' }) }));
  expect(fake.callsOf('listRecordings')).toHaveLength(1);
  broken = false;
  await send(snapshotOf({ revision: 3, recorder: recorderView({ status: 'not-recording' }) }));
  await settle();
  expect(region.queryByRole('alert')).toBeNull();
  expect(screen.getAllByRole('row')).toHaveLength(3);
});

test('closing the player leaves the list where one reads (R-28)', async () => {
  await open(office(1_000));
  fireEvent.mouseDown(rowOf(1), { button: 0 });
  fireEvent.mouseDown(rowOf(1), { button: 0 });
  fireEvent.doubleClick(rowOf(1));
  await settle();
  const focus = vi.spyOn(HTMLElement.prototype, 'focus');
  fireEvent.click(screen.getByRole('button', { name: 'Close player' }));
  await settle();
  expect(focus).toHaveBeenCalled();
  expect(focus.mock.calls.every(([options]) => options?.preventScroll === true)).toBe(true);
  focus.mockRestore();
});

test('what goes with the focus passes it on', async () => {
  let broken = false;
  const { advance } = await open({
    listRecordings: (args) =>
      broken
        ? fail('service-down', 'list', { status: 504 })
        : (office(args.remotePartyNumber === undefined ? 3 : 0).listRecordings?.(args) ??
          fail('internal', 'list')),
  });
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  fireEvent.change(screen.getByRole('searchbox', { name: 'Remote number' }), { target: { value: '99' } });
  await advance(300);
  // Nothing found: its button goes with it.
  const clear = region.getAllByRole('button', { name: 'Clear filters' }).at(-1);
  act(() => {
    clear?.focus();
    clear?.click();
  });
  await advance(300);
  expect(clear?.isConnected).toBe(false);
  expect(document.activeElement).not.toBe(document.body);

  broken = true;
  fireEvent.click(region.getByRole('button', { name: 'Refresh' }));
  await settle();
  const retry = region.getByRole('button', { name: 'Try again' });
  broken = false;
  act(() => {
    retry.focus();
    retry.click();
  });
  await settle();
  expect(retry.isConnected).toBe(false);
  // The list is what comes next.
  expect(document.activeElement?.getAttribute('role')).toBe('row');
});

test('a failure is an alert with a way to try again', async () => {
  let broken = true;
  const { fake } = await open({
    listRecordings: (args) =>
      broken
        ? fail('service-down', 'list', { status: 504 })
        : (office(3).listRecordings?.(args) ?? fail('internal', 'list')),
  });
  const region = within(screen.getByRole('region', { name: 'Recordings' }));
  expect(region.getByRole('alert').textContent).toMatch(/service is not running/);
  broken = false;
  fireEvent.click(region.getByRole('button', { name: 'Try again' }));
  await settle();
  expect(fake.callsOf('listRecordings')).toHaveLength(2);
  expect(rowOf(0)).toBeTruthy();
});

const details: RecordingDetails = {
  id: guid(1),
  referenceNumber: 'REF-1',
  pbxCallId: '17-4',
  startTime: wallStart,
  durationMs: 91_000,
  direction: 'incoming',
  localPartyNumber: '101',
  remotePartyNumber: '+39 1',
  owner: {
    username: 'anna',
    firstName: 'Anna',
    lastName: 'Rossi',
    phoneNumber: null,
    group: 'Sales',
    department: null,
  },
  preservingUser: null,
  note: { owner: null, text: 'A note' },
  sizeBytes: 364_000,
  sha256: 'ABCD',
};

/** The real clock: what is loaded later, and the overlay's own timers, need it. */
async function openMenu() {
  vi.useRealTimers();
  fireEvent.contextMenu(rowOf(1), { clientX: 40, clientY: 40 });
  return within(await screen.findByRole('menu', { name: 'Recording' }));
}

test('the context menu plays, shows details and copies', async () => {
  const { fake, services } = await open({ ...office(10), getRecording: () => succeed(details) });
  const menu = await openMenu();
  expect(menu.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual([
    'Play',
    'Details',
    'Save as…',
    'Save as evidence…',
    'Copy reference number',
  ]);
  fireEvent.click(menu.getByRole('menuitem', { name: 'Copy reference number' }));
  await vi.waitFor(() => {
    expect(fake.callsOf('copyText')).toEqual([{ text: 'REF-1' }]);
  });
  fireEvent.click((await openMenu()).getByRole('menuitem', { name: 'Details' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Recording details' }));
  expect(await dialog.findByText('Anna Rossi (anna)')).toBeTruthy();
  expect(dialog.getByText('A note')).toBeTruthy();
  expect(dialog.getByText('364 kB')).toBeTruthy();
  expect(dialog.getByText(/each download in its audit trail/)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Copy Reference number' }));
  expect(fake.callsOf('copyText')).toHaveLength(2);
  fireEvent.click(dialog.getByRole('button', { name: 'Close' }));
  await vi.waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });
  expect(services.ui.getState().detailsOf).toBeNull();
});

test('details tell whether the sound is the right one, and are asked for again when wished', async () => {
  const { services, fake } = await open({
    ...office(10),
    getRecording: ({ fresh }) => succeed(fresh === true ? { ...details, note: null } : details),
    verifyRecording: () => succeed('unverified'),
  });
  vi.useRealTimers();
  act(() => {
    services.ui.getState().showDetails(summary({ id: guid(1) }));
  });
  const dialog = within(await screen.findByRole('dialog', { name: 'Recording details' }));
  expect(await dialog.findByText(/^Could not be verified/)).toBeTruthy();
  expect(dialog.getByText('Group Sales')).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Ask the server again' }));
  expect(await dialog.findByText('No note')).toBeTruthy();
  expect(fake.callsOf('getRecording')).toEqual([
    { id: guid(1), fresh: false },
    { id: guid(1), fresh: true },
  ]);
  fake.answer('openServerPage', () => fail('browser-unavailable', 'details'));
  fireEvent.click(dialog.getByRole('button', { name: 'Open the server’s page' }));
  expect((await dialog.findByRole('alert')).textContent).toMatch(/browser could not be opened/);
});

test('details that nobody answers can be asked for again (R-19)', async () => {
  const { services } = await open({
    ...office(3),
    getRecording: () => Promise.reject(new Error('reply was never sent')),
  });
  act(() => {
    services.ui.getState().showDetails(summary({ id: guid(1) }));
  });
  await settle();
  const dialog = within(screen.getByRole('dialog', { name: 'Recording details' }));
  expect(dialog.queryByText('Loading details…')).toBeNull();
  expect(dialog.getByRole('alert')).toBeTruthy();
});

test('details that the server no longer has say so', async () => {
  const { services } = await open(office(10));
  vi.useRealTimers();
  act(() => {
    services.ui.getState().showDetails(summary({ id: guid(1) }));
  });
  const dialog = within(await screen.findByRole('dialog', { name: 'Recording details' }));
  expect((await dialog.findByRole('alert')).textContent).toMatch(/no longer on the server/);
});
