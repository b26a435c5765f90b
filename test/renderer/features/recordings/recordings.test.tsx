import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { startOfDay } from '../../../../src-renderer/ui/format';
import { guid, recorderView, snapshotOf, summary } from '../../../fixtures/examples';
import type { FakeAnswers } from '../../../fixtures/fake-window-api';
import { hour, office, open, grid, rowOf, focusRow } from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows, wallStart } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

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
