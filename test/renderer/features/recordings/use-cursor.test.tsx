import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { guid, snapshotOf, summary } from '../../../fixtures/examples';
import {
  hour,
  office,
  open,
  grid,
  rowOf,
  focusRow,
  focusedRow,
  press,
  changing,
  numbersFrom,
  scrollTo,
  selectedRows,
} from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows, wallStart } from '../../../fixtures/render-window';
import { fc } from '../../../fixtures/seed';

useTestWindows();
useLateParts();

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
