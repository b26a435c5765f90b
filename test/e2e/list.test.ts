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
