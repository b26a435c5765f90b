import { afterEach, beforeEach, expect, test } from 'vitest';

import { createDefaultOffice } from '../simulator';
import type { Stage } from './support/stage';
import { setStage } from './support/stage';

const total = 100_000;
const pageSize = 50;
const rowHeight = 48;

let stage: Stage;

beforeEach(async () => {
  const office = createDefaultOffice();
  stage = await setStage({
    simulator: {
      recordings: total,
      office: { ...office, agents: office.agents.filter(({ username }) => username === 'anna.rossi') },
    },
  });
});

afterEach(async () => {
  await stage.close();
});

const grid = () => stage.reclight.window.getByRole('grid', { name: 'Recordings' });
const lists = () => stage.simulator.requests.filter('list');

/** A call of the agent is recorded from its beginning to its end, and nothing in the window is pressed for it. */
async function recordOne(remote: string): Promise<void> {
  const { window } = stage.reclight;
  const call = stage.simulator.telephony.connectCall({
    directoryNumber: '101',
    remote: { phoneNumber: remote },
  });
  await window.evaluate(() => self.reclight.startRecording({}));
  await window.getByRole('status').filter({ hasText: 'Recording' }).first().waitFor();
  stage.simulator.telephony.endCall(call.id);
}

/** Rows of the DOM that are filled, and how many are not. */
const rows = () =>
  grid().evaluate((element) => {
    const all = [...element.querySelectorAll('[role=row]')];
    const filled = all.filter((row) => !row.classList.contains('row-placeholder'));
    return {
      count: all.length,
      placeholders: all.length - filled.length,
      indexes: filled.map((row) => Number(row.getAttribute('aria-rowindex')) - 1),
      names: filled.map((row) => row.getAttribute('title') ?? ''),
    };
  });

test('any place of 100,000 is reached by the pages in sight alone', async () => {
  await grid().getByRole('row').first().waitFor();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(total));
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const seen = new Set<number>([0]);
  const before = lists().length;

  // A fixed sequence that looks random, so that a failure can be seen again.
  let state = 42;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let jump = 0; jump < 40; jump += 1) {
    const target = Math.floor(random() * total);
    await grid().evaluate((element, top) => {
      element.scrollTop = top;
    }, target * rowHeight);
    await expect
      .poll(async () => {
        const { placeholders, indexes } = await rows();
        return placeholders === 0 && Math.min(...indexes) > 0;
      })
      .toBe(true);
    const { count, indexes } = await rows();
    expect(count).toBeLessThanOrEqual(60);
    for (const index of indexes) seen.add(Math.floor(index / pageSize));
  }
  expect(lists().length - before).toBeLessThanOrEqual(seen.size + 2);
});

test('new recordings at the top move nothing that is selected, and none is shown twice', async () => {
  const { window } = stage.reclight;
  await grid().getByRole('row').nth(3).click();
  const selected = grid().locator('[role=row][aria-selected=true]');
  const name = await selected.getAttribute('aria-label');
  for (let added = 0; added < 3; added += 1) {
    stage.simulator.recordings.add({
      startMs: stage.simulator.clock.now() - 1_000 + added,
      durationMs: 5_000,
      direction: 2,
      ownerUsername: 'anna.rossi',
      localPartyNumber: '101',
      remotePartyNumber: `+3902998877${added}`,
    });
  }
  await window.getByRole('button', { name: 'Refresh' }).click();
  await grid()
    .getByRole('row', { name: /\+39029988772/ })
    .first()
    .waitFor();
  await expect.poll(() => selected.getAttribute('aria-label')).toBe(name);
  await expect.poll(() => selected.getAttribute('aria-rowindex')).toBe('7');
  const { indexes } = await rows();
  expect(new Set(indexes).size).toBe(indexes.length);
});

test.each([
  ['ignores the page size', { kind: 'ignorePageSize' }],
  ['repeats rows', { kind: 'repeatRows' }],
  ['changes its count', { kind: 'changingTotalCount' }],
  ['sorts badly', { kind: 'badSort' }],
] as const)('a server that %s is coped with', async (_name, action) => {
  stage.simulator.faults.add({ match: { route: 'list' }, action });
  await stage.reclight.window.getByRole('button', { name: 'Refresh' }).click();
  await stage.simulator.requests.waitForRequest(({ route, faults }) => route === 'list' && faults.length > 0);
  await expect.poll(async () => (await rows()).count).toBeGreaterThan(3);
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const { indexes } = await rows();
  expect(new Set(indexes).size).toBe(indexes.length);
});

/** What a screen reader is told: role and name of each part of the window that has one. */
async function spokenTree(): Promise<readonly { readonly role: string; readonly name: string }[]> {
  const session = await stage.reclight.window.context().newCDPSession(stage.reclight.window);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => ({
      role: String(role?.value ?? ''),
      name: String(name?.value ?? ''),
    }));
}

/** The row that has the focus, as `row 3 of 100000`. */
const spokenRow = () =>
  stage.reclight.window.evaluate(() => {
    const row = document.activeElement;
    const list = row?.closest('[role=grid]');
    return `${row?.getAttribute('role')} ${row?.getAttribute('aria-rowindex')} of ${list?.getAttribute('aria-rowcount')}`;
  });

test('by keyboard alone: every row is named and numbered, and the focus never gets lost', async () => {
  const { window } = stage.reclight;
  await grid().getByRole('row').first().waitFor();
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const told = await spokenTree();
  expect(told).toContainEqual({ role: 'region', name: 'Recordings' });
  expect(told).toContainEqual({ role: 'grid', name: 'Recordings' });
  for (const name of ['Remote number', 'From', 'To', 'Direction', 'Refresh', 'More filters', 'Export list']) {
    expect(told.map((part) => part.name)).toContain(name);
  }
  const spokenRows = told.filter(({ role }) => role === 'row');
  expect(spokenRows.length).toBeGreaterThan(5);
  for (const { name } of spokenRows) expect(name).toMatch(/^.+, .+ \d.+, \d+:\d\d/);

  // Ctrl+F, then on with Tab until the list is reached.
  await window.keyboard.press('Control+f');
  const focused = () => window.evaluate(() => document.activeElement?.getAttribute('role'));
  for (let presses = 0; presses < 20 && (await focused()) !== 'row'; presses += 1) {
    await window.keyboard.press('Tab');
  }
  expect(await spokenRow()).toBe(`row 1 of ${total}`);
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowDown');
  await expect.poll(spokenRow).toBe(`row 3 of ${total}`);
  await window.keyboard.press('End');
  await expect.poll(spokenRow).toBe(`row ${total} of ${total}`);
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  await window.keyboard.press('PageUp');
  await expect.poll(spokenRow).not.toBe(`row ${total} of ${total}`);
  await window.keyboard.press('Home');
  await expect.poll(spokenRow).toBe(`row 1 of ${total}`);

  // Typed: the last digits of a number that is in sight, a little further down.
  const wanted = await grid().getByRole('row').nth(4).locator('.row-number').textContent();
  await window.keyboard.type((wanted ?? '').replace(/\D/g, ''));
  await expect
    .poll(() => window.evaluate(() => document.activeElement?.querySelector('.row-number')?.textContent))
    .toBe(wanted);
  await window.keyboard.press('Enter');
  await window
    .getByRole('region', { name: 'Player' })
    .getByText(wanted ?? '')
    .waitFor();
  await window.keyboard.press('Control+c');
  await expect.poll(() => stage.reclight.app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/\S/);
});

test('what comes while one reads is news, and moves nothing; what goes takes no other along', async () => {
  const { window } = stage.reclight;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  await grid().getByRole('row').nth(4).click();
  const selected = grid().locator('[role=row][aria-selected=true]');
  const name = await selected.getAttribute('aria-label');
  const place = () => selected.evaluate((row) => Math.round(row.getBoundingClientRect().top));
  const before = await place();
  const remote = await selected.locator('.row-number').textContent();

  // A recording of the agent ends: RecLight hears of it by itself.
  await recordOne('+390255500001');
  await window.getByRole('button', { name: '1 new' }).waitFor();
  await expect.poll(() => selected.getAttribute('aria-rowindex')).toBe('6');
  expect(await place()).toBe(before);
  expect(await selected.getAttribute('aria-label')).toBe(name);

  // Two that stand above it are removed by retention.
  const [first, second] = stage.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi');
  for (const gone of [first, second]) stage.simulator.recordings.remove(gone?.id ?? '');
  await window.getByRole('button', { name: 'Refresh' }).click();
  await expect.poll(() => selected.getAttribute('aria-rowindex')).toBe('4');
  expect(await selected.locator('.row-number').textContent()).toBe(remote);
  const { indexes } = await rows();
  expect(new Set(indexes).size).toBe(indexes.length);
});

test('filters combine, and go to the server where it can apply them', async () => {
  const { window } = stage.reclight;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const region = window.getByRole('region', { name: 'Recordings' });
  await region.getByRole('button', { name: 'More filters' }).click();
  await region.getByRole('textbox', { name: 'Local line' }).fill('101');
  await region.getByRole('combobox', { name: 'Direction' }).selectOption('incoming');
  await stage.simulator.requests.waitForRequest(
    ({ url }) =>
      url.includes('localPartyNumber=101') && url.includes('direction=1') && url.includes('ownerUsername='),
  );
  const all = stage.simulator.recordings
    .all()
    .filter(
      ({ ownerUsername, direction, localPartyNumber }) =>
        ownerUsername === 'anna.rossi' && direction === 1 && localPartyNumber === '101',
    );
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(all.length));

  await region.getByRole('combobox', { name: 'Length' }).selectOption({ label: 'Up to 30 s' });
  const short = all.filter(({ durationMs }) => durationMs < 30_000);
  await region.getByText(/^Look(ed|ing) through/).waitFor();
  await expect.poll(async () => (await rows()).indexes.length).toBeGreaterThan(3);
  const shown = await grid().getByRole('row').first().locator('.row-number').textContent();
  expect(shown).toBe(short[0]?.remotePartyNumber);

  await region.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(total));
});
