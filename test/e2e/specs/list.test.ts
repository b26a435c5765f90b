import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createDefaultOffice } from '../../tools/simulator';
import { violations } from '../harness/axe';
import { pressIfThere, shows } from '../harness/light';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { signIn } from '../harness/reclight';

const total = 100_000;
const pageSize = 50;
const rowHeight = 48;

let harness: Harness;

beforeEach(async () => {
  const office = createDefaultOffice();
  harness = await startHarness({
    simulator: {
      recordings: total,
      office: { ...office, agents: office.agents.filter(({ username }) => username === 'anna.rossi') },
    },
  });
});

afterEach(async () => {
  await harness.close();
});

const grid = () => harness.reclight.window.getByRole('grid', { name: 'Recordings' });
const lists = () => harness.simulator.requests.filter('list');

/** A call of the agent is recorded from its beginning to its end, and nothing in the window is pressed for it. */
async function recordOne(remote: string): Promise<void> {
  const { window } = harness.reclight;
  const call = harness.simulator.telephony.connectCall({
    directoryNumber: '101',
    remote: { phoneNumber: remote },
  });
  await window.evaluate(() => self.reclight.startRecording({}));
  await window.getByRole('status').filter({ hasText: 'Recording' }).first().waitFor();
  harness.simulator.telephony.endCall(call.id);
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
      // Whether what is scrolled to is drawn already.
      covered: all.some((row) => {
        const middle = element.getBoundingClientRect().top + element.clientHeight / 2;
        const { top, bottom } = row.parentElement?.getBoundingClientRect() ?? row.getBoundingClientRect();
        return top <= middle && middle <= bottom;
      }),
      // Number, length and the second at which it began: no two recordings have the same.
      recordings: filled.map((row) => `${row.getAttribute('aria-label')} | ${row.getAttribute('title')}`),
    };
  });

/** Each recording that is drawn is drawn once. */
async function expectNoneTwice(): Promise<void> {
  const { recordings } = await rows();
  expect(recordings.length).toBeGreaterThan(3);
  expect(new Set(recordings).size).toBe(recordings.length);
}

/** Notes from now on of which pages rows are drawn, also before they are filled. @returns the pages */
async function watchPages(): Promise<() => Promise<ReadonlySet<number>>> {
  await grid().evaluate((element, size) => {
    const pages = new Set<number>();
    const note = () => {
      for (const row of element.querySelectorAll('[role=row]')) {
        pages.add(Math.floor((Number(row.getAttribute('aria-rowindex')) - 1) / size));
      }
    };
    note();
    new MutationObserver(note).observe(element, { childList: true, subtree: true });
    Object.assign(self, { drawnPages: pages });
  }, pageSize);
  return async () =>
    new Set(
      await harness.reclight.window.evaluate(() => [
        ...(self as unknown as { drawnPages: Set<number> }).drawnPages,
      ]),
    );
}

/** Notes from now on how long each task took that was longer than 50 ms. @returns what was noted, ms */
async function watchLongTasks(): Promise<() => Promise<readonly number[]>> {
  const { window } = harness.reclight;
  await window.evaluate(() => {
    const took: number[] = [];
    const observer = new PerformanceObserver((list) => {
      took.push(...list.getEntries().map(({ duration }) => Math.round(duration)));
    });
    observer.observe({ type: 'longtask' });
    Object.assign(self, { longTasks: { took, observer } });
  });
  return () =>
    window.evaluate(() => {
      const { took, observer } = (
        self as unknown as { longTasks: { took: number[]; observer: PerformanceObserver } }
      ).longTasks;
      took.push(...observer.takeRecords().map(({ duration }) => Math.round(duration)));
      return took;
    });
}

test('any place of 100,000 is reached by the pages in sight alone', async () => {
  await grid().getByRole('row').first().waitFor();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(total));
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const drawn = await watchPages();
  const before = lists().length;
  const longTasks = await watchLongTasks();

  // A fixed sequence that looks random, so that a failure can be seen again.
  let state = 42;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  // Each of them waits for the server.
  const jumps = harness.simulator.web.delays.list === undefined ? 200 : 20;
  for (let jump = 0; jump < jumps; jump += 1) {
    const target = Math.floor(random() * total);
    await grid().evaluate((element, top) => {
      element.scrollTop = top;
    }, target * rowHeight);
    await expect
      .poll(
        async () => {
          const { placeholders, covered } = await rows();
          return covered && placeholders === 0;
        },
        { interval: 10 },
      )
      .toBe(true);
    expect((await rows()).count).toBeLessThanOrEqual(60);
  }
  expect(lists().length - before).toBeLessThanOrEqual((await drawn()).size + 2);
  // For whoever reads the report: how long something takes on a shared machine proves nothing.
  const took = await longTasks();
  console.info(`Tasks over 50 ms in ${jumps} jumps: ${took.length === 0 ? 'none' : `${took.join(', ')} ms`}`);
});

test('new recordings at the top move nothing that is selected, and none is shown twice', async () => {
  const { window } = harness.reclight;
  await grid().getByRole('row').nth(3).click();
  const selected = grid().locator('[role=row][aria-selected=true]');
  const name = await selected.getAttribute('aria-label');
  for (let added = 0; added < 3; added += 1) {
    harness.simulator.recordings.add({
      startMs: harness.simulator.clock.now() - 1_000 + added,
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
  await expectNoneTwice();
});

test.each([
  ['ignores the page size', { kind: 'ignorePageSize' }],
  ['repeats rows', { kind: 'repeatRows' }],
  ['changes its count', { kind: 'changingTotalCount' }],
  ['sorts badly', { kind: 'badSort' }],
] as const)('a server that %s is coped with', async (_name, action) => {
  harness.simulator.faults.add({ match: { route: 'list' }, action });
  await harness.reclight.window.getByRole('button', { name: 'Refresh' }).click();
  await harness.simulator.requests.waitForRequest(
    ({ route, faults }) => route === 'list' && faults.length > 0,
  );
  await expect.poll(async () => (await rows()).count).toBeGreaterThan(3);
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  await expectNoneTwice();
  // Where one page ends and another begins.
  for (const boundary of [pageSize, 3 * pageSize]) {
    await grid().evaluate(
      (element, top) => {
        element.scrollTop = top;
      },
      (boundary - 4) * rowHeight,
    );
    await expect
      .poll(async () => {
        const { placeholders, covered } = await rows();
        return covered && placeholders === 0;
      })
      .toBe(true);
    await expectNoneTwice();
  }
  const count = Number(await grid().getAttribute('aria-rowcount'));
  expect(Math.abs(count - total)).toBeLessThan(100);
});

test('a server that sends all of 100,000 whatever it is asked for is coped with, page by page (G1)', async () => {
  harness.simulator.faults.add({
    match: { route: 'list' },
    action: { kind: 'ignorePaging' },
  });
  const before = lists().length;
  await harness.reclight.window.getByRole('button', { name: 'Refresh' }).click();
  await harness.simulator.requests.waitForRequest(
    ({ route, faults }) => route === 'list' && faults.length > 0,
  );
  await expect.poll(async () => (await rows()).placeholders, { timeout: 30_000 }).toBe(0);
  for (const place of [0.5, 0.99, 0.2]) {
    await grid().evaluate((element, share) => {
      element.scrollTop = element.scrollHeight * share;
    }, place);
    await expect
      .poll(
        async () => {
          const { placeholders, covered } = await rows();
          return covered && placeholders === 0;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    await expectNoneTwice();
  }
  expect(await grid().getAttribute('aria-rowcount')).toBe(String(total));
  // Each answer is cut to the page that was asked for, so that no process holds them all.
  expect(lists().length - before).toBeLessThanOrEqual(20);
  await harness.reclight.window.getByRole('status').filter({ hasText: 'Not recording' }).first().waitFor();
});

/** A part of the window as a screen reader is told of it. */
interface Spoken {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly childIds: readonly string[];
  readonly ignored: boolean;
  readonly role: string;
  readonly name: string;
  readonly focused: boolean;
  readonly element: number | undefined;
}

/** Asks Chromium for its accessibility tree, and for what else is needed of it. */
async function spokenTree<Value>(
  then: (
    nodes: readonly Spoken[],
    attributesOf: (node: Spoken | undefined) => Promise<ReadonlyMap<string, string>>,
  ) => Value | Promise<Value>,
): Promise<Value> {
  const session = await harness.reclight.window.context().newCDPSession(harness.reclight.window);
  try {
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const attributesOf = async (node: Spoken | undefined) => {
      if (node?.element === undefined) return new Map<string, string>();
      const { node: described } = await session.send('DOM.describeNode', { backendNodeId: node.element });
      const flat = described.attributes ?? [];
      return new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : [])));
    };
    return await then(
      nodes.map(({ nodeId, parentId, childIds, ignored, role, name, properties, backendDOMNodeId }) => ({
        id: nodeId,
        parentId,
        childIds: childIds ?? [],
        ignored,
        role: String(role?.value ?? ''),
        name: String(name?.value ?? ''),
        focused:
          properties?.some((property) => property.name === 'focused' && property.value.value === true) ??
          false,
        element: backendDOMNodeId,
      })),
      attributesOf,
    );
  } finally {
    await session.detach();
  }
}

/**
 * The row that has the focus, as `row 3 of 100000`: found by way of the accessibility tree, with the numbers that
 * its nodes are given (the protocol does not tell them of a tree that has them).
 */
const spokenRow = () =>
  spokenTree(async (nodes, attributesOf) => {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const row = nodes.findLast(({ focused, ignored, role }) => focused && !ignored && role !== 'RootWebArea');
    let list = row;
    while (list !== undefined && list.role !== 'grid') list = byId.get(list.parentId ?? '');
    const index = (await attributesOf(row)).get('aria-rowindex');
    return `${row?.role} ${index} of ${(await attributesOf(list)).get('aria-rowcount')}`;
  });

/** Says nothing of its own: boxes, and the text of what has a name already. */
const silent = /^(?:none|generic|StaticText|InlineTextBox|LineBreak|LabelText|ListMarker|paragraph)$/;

/** What a screen reader finds in a part of the window, one after the other. */
const walk = (role: string, name: string) =>
  spokenTree((nodes) => {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const told: string[] = [];
    const visit = (node: Spoken | undefined) => {
      if (node === undefined) return;
      if (!node.ignored && !silent.test(node.role)) told.push(`${node.role} ${node.name}`.trim());
      for (const child of node.childIds) visit(byId.get(child));
    };
    visit(nodes.find((node) => !node.ignored && node.role === role && node.name === name));
    return told;
  });

test('by keyboard alone: every row is named and numbered, and the focus never gets lost', async () => {
  const { window } = harness.reclight;
  await grid().getByRole('row').first().waitFor();
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const told = await walk('region', 'Recordings');
  const list = told.indexOf('grid Recordings');
  expect(
    told.slice(0, list + 1).filter((part) => !/^(?:option|spinbutton|MenuListPopup)\b/.test(part)),
  ).toEqual([
    'region Recordings',
    'searchbox Remote number',
    'group Period',
    'button All',
    'button Today',
    'button Yesterday',
    'button This week',
    'Date From',
    'button Show date picker',
    'Date To',
    'button Show date picker',
    'combobox Direction',
    'button More filters',
    'button Refresh',
    'button Export list',
    'grid Recordings',
  ]);
  const spokenRows = told.filter((part) => part.startsWith('row '));
  expect(spokenRows.length).toBeGreaterThan(5);
  for (const row of spokenRows) expect(row).toMatch(/^row .+, .+ \d.+, \d+:\d\d/);

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
  await expect
    .poll(() => harness.reclight.app.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(/\S/);
});

test('by keyboard alone: several are selected, and what is new is gone to', async () => {
  const { window } = harness.reclight;
  const { keyboard } = window;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  await grid().getByRole('row').first().focus();
  await keyboard.press('ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  const region = window.getByRole('region', { name: 'Recordings' });
  await region.getByText('3 selected').waitFor();
  const selected = () =>
    grid()
      .locator('[role=row][aria-selected=true]')
      .evaluateAll((all) => all.map((row) => row.getAttribute('aria-rowindex')));
  expect(await selected()).toEqual(['2', '3', '4']);
  await keyboard.press('Control+ArrowDown');
  await keyboard.press('Control+ArrowDown');
  await keyboard.press('Control+Space');
  await region.getByText('4 selected').waitFor();
  expect(await selected()).toEqual(['2', '3', '4', '6']);
  await keyboard.press('Control+a');
  await region.getByText('500 selected – at most 500 can be saved at once.').waitFor();
  await keyboard.press('ArrowDown');
  expect(await selected()).toEqual(['7']);
  const name = await grid().locator('[role=row][aria-selected=true]').getAttribute('aria-label');

  harness.simulator.recordings.add({
    startMs: harness.simulator.clock.now() - 3_600,
    durationMs: 3_000,
    direction: 2,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: '+390255500003',
  });
  await recordOne('+390255500002');
  const news = window.getByRole('button', { name: '2 new' });
  await news.waitFor();
  await expect.poll(spokenRow).toBe(`row 9 of ${total + 2}`);
  expect(await grid().locator('[role=row][aria-selected=true]').getAttribute('aria-label')).toBe(name);
  expect(await violations(harness.reclight.app)).toEqual([]);

  await keyboard.press('Shift+Tab');
  await expect.poll(() => news.evaluate((button) => button === document.activeElement)).toBe(true);
  await keyboard.press('Enter');
  await news.waitFor({ state: 'detached' });
  await expect.poll(spokenRow).toBe(`row 1 of ${total + 2}`);
  await grid()
    .getByRole('row', { name: /^\+390255500002/ })
    .waitFor();
  await expectNoneTwice();
});

test('by keyboard alone: the list is narrowed by everything there is, and widened again', async () => {
  const { window } = harness.reclight;
  const { keyboard } = window;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const own = harness.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi')
    .sort((a, b) => b.startMs - a.startMs);
  const focused = () =>
    window.evaluate(() => {
      const element = document.activeElement;
      const label = (element as HTMLInputElement | null)?.labels?.[0]?.textContent;
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '';
    });
  /** Tab, until what has that name has the focus. */
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 40 && (await focused()) !== name; presses += 1) {
      await keyboard.press('Tab');
    }
    expect(await focused()).toBe(name);
  };
  const showsRows = (count: number) =>
    expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(count));

  const part = own[0]?.remotePartyNumber?.slice(-5) ?? '';
  await keyboard.press('Control+f');
  await keyboard.type(part);
  const ofNumber = own.filter(({ remotePartyNumber }) => remotePartyNumber?.includes(part));
  await showsRows(ofNumber.length);
  await keyboard.press('Control+f');
  await keyboard.press('Delete');
  await showsRows(total);

  await tabTo('Yesterday');
  await keyboard.press('Space');
  const pressed = () =>
    window.getByRole('group', { name: 'Period' }).locator('[aria-pressed=true]').allTextContents();
  await expect.poll(pressed).toEqual(['Yesterday']);
  await expect.poll(async () => Number(await grid().getAttribute('aria-rowcount'))).toBeLessThan(total);
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Enter');
  await expect.poll(pressed).toEqual(['All']);
  await showsRows(total);

  // A day, typed as the field shows it.
  const day = new Date(own[200]?.startMs ?? 0);
  const two = (value: number) => String(value).padStart(2, '0');
  const typed = `${two(day.getMonth() + 1)}${two(day.getDate())}${day.getFullYear()}`;
  const from = new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const to = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
  await tabTo('From');
  await keyboard.type(typed);
  await showsRows(own.filter(({ startMs }) => startMs >= from).length);
  await tabTo('To');
  await keyboard.type(typed);
  await showsRows(own.filter(({ startMs }) => startMs >= from && startMs < to).length);
  await keyboard.press('Control+f');
  await tabTo('All');
  await keyboard.press('Space');
  await showsRows(total);

  await tabTo('Direction');
  await keyboard.press('ArrowDown');
  const incoming = own.filter(({ direction }) => direction === 1);
  await showsRows(incoming.length);
  await tabTo('More filters');
  await keyboard.press('Enter');
  await tabTo('Local line');
  await keyboard.type('101');
  const onLine = incoming.filter(({ localPartyNumber }) => localPartyNumber === '101');
  await showsRows(onLine.length);
  await tabTo('Length');
  await keyboard.press('ArrowDown');
  await window.getByText(/^Looked through/).waitFor();
  await tabTo('Clear filters');
  await keyboard.press('Enter');
  await showsRows(total);
  // What was pressed is of no use now, and yet the focus is where it was.
  await expect.poll(() => window.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
});

test('a screen reader walks through player, details and saves in the order in which they are seen', async () => {
  const { window, app } = harness.reclight;
  const { keyboard } = window;
  const folder = await mkdtemp(join(tmpdir(), 'reclight-walk-'));
  try {
    await expect.poll(async () => (await rows()).placeholders).toBe(0);
    await grid().getByRole('row').first().focus();
    await keyboard.press('Enter');
    await window.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause' }).waitFor();
    const choices = /^(?:option|MenuListPopup)\b/;
    expect((await walk('region', 'Player')).filter((part) => !choices.test(part))).toEqual([
      'region Player',
      'button Add a mark here',
      'button More controls',
      'button Close player',
      'slider Position',
      'button Back 10 seconds',
      'button Pause',
      'button Forward 10 seconds',
      'slider Volume',
      'combobox Playback speed',
    ]);

    await app.evaluate(
      ({ dialog }, path) => {
        Object.assign(dialog, {
          showSaveDialog: () => Promise.resolve({ canceled: false, filePath: path }),
        });
      },
      join(folder, 'call.mp3'),
    );
    await keyboard.press('Control+s');
    await window
      .getByRole('region', { name: 'Saves' })
      .getByRole('button', { name: 'Show in folder' })
      .waitFor();
    expect(await walk('region', 'Saves')).toEqual([
      'region Saves',
      'button Clear finished',
      'list Saves',
      'listitem',
      'button Show in folder',
      'status',
    ]);

    await keyboard.press('ContextMenu');
    await window.getByRole('menuitem', { name: 'Details' }).waitFor();
    await expect.poll(() => window.evaluate(() => document.activeElement?.textContent)).toBe('Play');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    const details = window.getByRole('dialog', { name: 'Recording details' });
    await details.getByText('Reference number').first().waitFor();
    await details
      .getByText(/SHA-256/)
      .first()
      .waitFor();
    const told = await walk('dialog', 'Recording details');
    // Each field is a term and what it is; buttons stand behind what they copy.
    expect(told.filter((part) => part !== 'term' && part !== 'definition')).toEqual([
      'dialog Recording details',
      'heading Recording details',
      'button Ask the server again',
      'button Close',
      'DescriptionList',
      'button Copy Remote number',
      'button Copy Reference number',
      'button Copy PBX call id',
      'button Copy Recording id',
      'button Copy SHA-256',
      'button Open the server’s page',
    ]);
    const terms = told.filter((part) => part === 'term').length;
    expect(terms).toBeGreaterThan(10);
    expect(told.filter((part) => part === 'definition')).toHaveLength(terms);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what comes while one reads is news, and moves nothing; what goes takes no other along', async () => {
  const { window } = harness.reclight;
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
  const [first, second] = harness.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi');
  for (const gone of [first, second]) harness.simulator.recordings.remove(gone?.id ?? '');
  await window.getByRole('button', { name: 'Refresh' }).click();
  await expect.poll(() => selected.getAttribute('aria-rowindex')).toBe('4');
  expect(await selected.locator('.row-number').textContent()).toBe(remote);
  await expectNoneTwice();
});

test('what was recorded while the server was away is there when it is back', async () => {
  const { window } = harness.reclight;
  const { simulator } = harness;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  await shows(harness, 'Not recording');
  const fault = simulator.faults.add({ action: { kind: 'respond', status: 503 } });
  await shows(harness, 'State unknown');
  simulator.recordings.add({
    startMs: simulator.clock.now() - 5_000,
    durationMs: 3_000,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: '+390255500009',
  });
  fault.remove();
  await pressIfThere(harness, 'Try now');
  await shows(harness, 'Not recording');
  await window
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row', { name: /^\+390255500009/ })
    .waitFor();
});

test.each([
  ['at the very top, too', null],
  ['in a list that fits into the window, too', 3],
] as const)('what the pointer is over stays under it, %s', async (_name, few) => {
  if (few !== null) {
    const { simulator } = harness;
    simulator.recordings.clear();
    for (let index = 0; index < few; index += 1) {
      simulator.recordings.add({
        startMs: simulator.clock.now() - (index + 1) * 60_000,
        durationMs: 5_000,
        ownerUsername: 'anna.rossi',
        localPartyNumber: '101',
        remotePartyNumber: `+39025550001${index}`,
      });
    }
    await harness.reclight.window.getByRole('button', { name: 'Refresh' }).click();
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(few));
  }
  const { window } = harness.reclight;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const second = await grid().getByRole('row').nth(1).boundingBox();
  if (second === null) throw new Error('the second row is not drawn');
  const [x, y] = [second.x + second.width / 2, second.y + second.height / 2];
  await window.mouse.move(x, y);
  const under = () =>
    window.evaluate(
      ([left, top]) =>
        document
          .elementFromPoint(left ?? 0, top ?? 0)
          ?.closest('[role=row]')
          ?.getAttribute('aria-label'),
      [x, y],
    );
  const name = await under();
  expect(name).toMatch(/\d/);

  await recordOne('+390255500004');
  const news = window.getByRole('button', { name: '1 new' });
  await news.waitFor();
  expect(await under()).toBe(name);
  await window.mouse.dblclick(x, y);
  await window.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause' }).waitFor();
  expect(await grid().locator('[role=row][data-playing]').getAttribute('aria-label')).toBe(name);

  await news.click();
  await news.waitFor({ state: 'detached' });
  await grid()
    .getByRole('row', { name: /^\+390255500004/ })
    .waitFor();
  // Nothing is left of the room that it took: the last row is at the end.
  if (few !== null) {
    const below = () =>
      grid().evaluate((element) => {
        const bottom = (found: Element | null | undefined) => found?.getBoundingClientRect().bottom ?? NaN;
        return (
          bottom(element.querySelector('.grid-rows')) - bottom([...element.querySelectorAll('.row')].at(-1))
        );
      });
    await expect.poll(below).toBeLessThan(1);
  }
});

test('from one recording to the next, also where its page has not been looked at', async () => {
  const { window } = harness.reclight;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  await grid().evaluate((element, top) => {
    element.scrollTop = top - element.clientHeight;
  }, 42 * rowHeight);
  const first = grid().locator('[data-index="38"]');
  await first.dblclick();
  const region = window.getByRole('region', { name: 'Player' });
  await region.getByRole('button', { name: 'Pause' }).waitFor();
  expect(lists().some(({ url }) => url.includes('page=1&'))).toBe(false);
  await region.getByRole('button', { name: 'More controls' }).click();
  const next = region.getByRole('button', { name: 'Next recording' });
  const own = harness.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi')
    .sort((a, b) => b.startMs - a.startMs);
  await next.focus();
  for (const { id } of own.slice(39, 53)) {
    await expect.poll(() => next.getAttribute('aria-disabled')).toBe('false');
    await window.keyboard.press('Enter');
    // Not by its number, which the one before may have, too.
    await expect
      .poll(() =>
        window.locator('audio').evaluate((element) => (element as HTMLAudioElement).src.toLowerCase()),
      )
      .toContain(id.toLowerCase());
  }
  expect(await next.evaluate((button) => button === document.activeElement)).toBe(true);

  // What is in no list has no neighbours.
  await window.getByRole('searchbox', { name: 'Remote number' }).fill('nobody');
  await window.getByText('No recording matches').waitFor();
  await expect.poll(() => next.getAttribute('aria-disabled')).toBe('true');
  expect(await violations(harness.reclight.app)).toEqual([]);
});

test('filters combine, and go to the server where it can apply them', async () => {
  const { window } = harness.reclight;
  await expect.poll(async () => (await rows()).placeholders).toBe(0);
  const region = window.getByRole('region', { name: 'Recordings' });
  await region.getByRole('button', { name: 'More filters' }).click();
  await region.getByRole('textbox', { name: 'Local line' }).fill('101');
  await region.getByRole('combobox', { name: 'Direction' }).selectOption('incoming');
  await harness.simulator.requests.waitForRequest(
    ({ url }) =>
      url.includes('localPartyNumber=101') && url.includes('direction=1') && url.includes('ownerUsername='),
  );
  const all = harness.simulator.recordings
    .all()
    .filter(
      ({ ownerUsername, direction, localPartyNumber }) =>
        ownerUsername === 'anna.rossi' && direction === 1 && localPartyNumber === '101',
    );
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(all.length));

  await region.getByRole('combobox', { name: 'Length' }).selectOption({ label: 'Up to 30 s' });
  const short = all.filter(({ durationMs }) => durationMs < 31_000);
  await region.getByText(/^Looked through/).waitFor();
  expect(await violations(harness.reclight.app)).toEqual([]);
  await expect.poll(async () => (await rows()).indexes.length).toBeGreaterThan(3);
  const shown = await grid().getByRole('row').first().locator('.row-number').textContent();
  expect(shown).toBe(short[0]?.remotePartyNumber);

  await region.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(total));
});

test('--play-latest plays the newest also where RecLight has to sign in first', async () => {
  const own = await startHarness({ signedIn: false });
  try {
    await signIn(own.reclight.window, { ...own.anna, remember: true });
    const [newest] = own.simulator.recordings
      .all()
      .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi');
    // Slow enough that the list is not there yet when the command line is obeyed.
    own.simulator.faults.add({ match: { route: 'list' }, action: { kind: 'latency', ms: 1_000 } });
    const { window } = await own.restart({ args: ['--play-latest'] });
    await window
      .getByRole('region', { name: 'Player' })
      .getByText(newest?.remotePartyNumber ?? '')
      .waitFor();
  } finally {
    await own.close();
  }
});
