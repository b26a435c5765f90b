import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Random } from '../../../../src-main/core/ports/clock';
import { collectGarbage } from '../../../e2e/harness/memory';
import type { RecLight } from '../../../e2e/harness/reclight';
import { launch, signIn } from '../../../e2e/harness/reclight';
import type { Simulator } from '../../simulator';
import { createDefaultOffice, startSimulator } from '../../simulator';
import { seededRandom } from '../../../fixtures/virtual-clock';
import { pause } from '../context';
import { toFigure } from '../figure';
import { treePss } from '../process-tree';
import { percentile } from '../statistics';
import type { FigureGroup } from './group';

const anna = { username: 'anna.rossi', password: 'Anna-101-demo' };
const rowHeight = 48;

/** How many recordings the list has: as many as any agent ever had, and a few. */
type Length = 'long' | 'short';

const counts: Readonly<Record<Length, number>> = { long: 100_000, short: 1_000 };

/** A RecLight whose list has so many rows. */
interface Listed {
  readonly reclight: RecLight;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

async function open(length: Length, folder: string): Promise<Listed> {
  const office = createDefaultOffice();
  const simulator = await startSimulator({
    recordings: counts[length],
    office: { ...office, agents: office.agents.filter(({ username }) => username === anna.username) },
  });
  const reclight = await launch({ profile: join(folder, length) });
  const close = async () => {
    await reclight.quit();
    await simulator.close();
  };
  await signIn(reclight.window, { server: simulator.url, ...anna, remember: false });
  await reclight.window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
  return { reclight, simulator, close };
}

/**
 * Scrolls as fast as one flings a wheel, and notes how long each frame took, ms.
 * @param from the place at which it begins, as a share of the list
 */
function frames({ reclight }: Listed, forMs: number, from: number): Promise<readonly number[]> {
  return reclight.window.evaluate(
    async ({ duration, step, share }) => {
      const grid = document.querySelector<HTMLElement>('[role=grid]');
      if (grid === null) throw new Error('There is no list');
      const took: number[] = [];
      // From anywhere, up and down: each run is to meet pages that no earlier one has fetched.
      grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
      let direction = 1;
      const begun = await new Promise(requestAnimationFrame);
      for (let before = begun; before - begun < duration;) {
        if (grid.scrollTop >= grid.scrollHeight - grid.clientHeight) direction = -1;
        if (grid.scrollTop <= 0) direction = 1;
        grid.scrollTop += direction * step;
        const now = await new Promise(requestAnimationFrame);
        took.push(now - before);
        before = now;
      }
      return took;
    },
    { duration: forMs, step: 4 * rowHeight, share: from },
  );
}

/** Loads the window anew. @returns from then to the frame that has its first rows, ms */
async function firstRows({ reclight: { window } }: Listed): Promise<number> {
  await window.reload({ waitUntil: 'commit' });
  return window.evaluate(async () => {
    do await new Promise(requestAnimationFrame);
    while (document.querySelector('[role=row]:not(.row-placeholder)') === null);
    return performance.now();
  });
}

/** The longest task of the page while something happens, ms; 0: none was over 50 ms, of which alone the page is told. */
async function longestTask(
  { reclight: { window } }: Listed,
  happens: () => Promise<unknown>,
): Promise<number> {
  // No function in the page has a name: what is compiled to keep names cannot run there.
  const watch = await window.evaluateHandle(() => {
    const tasks: PerformanceEntry[] = [];
    const observer = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries());
    });
    observer.observe({ type: 'longtask' });
    return { tasks, observer };
  });
  await happens();
  return watch.evaluate(async ({ tasks, observer }) => {
    // What the last task was is told after it.
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    tasks.push(...observer.takeRecords());
    observer.disconnect();
    return Math.max(0, ...tasks.map(({ duration }) => duration));
  });
}

/**
 * Jumps from place to place, and waits at each until its rows are there.
 * @param places shares of the list
 */
function jumps({ reclight }: Listed, places: readonly number[]): Promise<void> {
  return reclight.window.evaluate(async (shares) => {
    const grid = document.querySelector<HTMLElement>('[role=grid]');
    if (grid === null) throw new Error('There is no list');
    for (const share of shares) {
      grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
      do await new Promise(requestAnimationFrame);
      while (grid.querySelector('.row-placeholder') !== null);
    }
  }, places);
}

/** Plays a recording of three hours that was not there before, until all of it has come and is drawn. */
async function drawThreeHours({ reclight: { window }, simulator }: Listed, run: number): Promise<void> {
  const remotePartyNumber = `+39029911${String(run).padStart(4, '0')}`;
  simulator.recordings.add({
    startMs: simulator.clock.now() - 1_000,
    durationMs: 3 * 3_600_000,
    ownerUsername: anna.username,
    localPartyNumber: '101',
    remotePartyNumber,
    media: { voice: 'stereo' },
  });
  await window.getByRole('button', { name: 'Refresh' }).click();
  await window
    .getByRole('row', { name: new RegExp(`\\${remotePartyNumber}`) })
    .first()
    .dblclick();
  const player = window.getByRole('region', { name: 'Player' });
  await player.locator('.player-wave[data-waveform="whole"]').waitFor({ timeout: 120_000 });
  await player.getByRole('button', { name: 'Close player' }).click();
}

/** What one may narrow the list to; the empty ones are in so often that the whole list comes by as well. */
const choices = {
  number: ['', '', '+39', '02', '5', '+44', '7', '99'],
  direction: ['all', 'all', 'incoming', 'outgoing', 'unknown'],
  period: ['All', 'All', 'Today', 'Yesterday', 'This week'],
  length: ['all', 'all', 'short', 'minute', 'minutes', 'long', 'longest'],
  line: ['', '', '101', '999'],
} as const;

/** So often at most three hours are drawn: each time takes long, and only the worst counts. */
const maxDrawings = 3;

/** So often at most a filter that only the window can apply is told to go on. */
const maxSearches = 3;

/** Narrows the list to anything. @param random the choice */
async function filterAtRandom({ reclight: { window } }: Listed, random: Random): Promise<void> {
  const one = <Choice>(of: readonly Choice[]) => of[Math.floor(random() * of.length)]!;
  await window.getByRole('searchbox', { name: 'Remote number' }).fill(one(choices.number));
  await window.getByRole('combobox', { name: 'Direction' }).selectOption(one(choices.direction));
  await window
    .getByRole('group', { name: 'Period' })
    .getByRole('button', { name: one(choices.period), exact: true })
    .click();
  await window.getByRole('combobox', { name: 'Length' }).selectOption(one(choices.length));
  await window.getByRole('textbox', { name: 'Local line' }).fill(one(choices.line));
  // Longer than typing has to rest before the list is asked again.
  await pause(400);
  const further = window.getByRole('button', { name: 'Search further' });
  for (let press = 0; press < maxSearches; press += 1) {
    // It goes when everything was looked through, perhaps just now.
    await further.evaluateAll((buttons) => {
      for (const button of buttons) (button as HTMLElement).click();
    });
    await pause(200);
  }
}

/** Scrolls, jumps and filters at random until a moment on the monotonic clock. */
async function rummage(listed: Listed, until: number, random: Random): Promise<void> {
  const { window } = listed.reclight;
  const grid = window.getByRole('grid', { name: 'Recordings' });
  const more = window.getByRole('button', { name: /^More filters/ });
  if ((await more.getAttribute('aria-expanded')) !== 'true') await more.click();
  while (performance.now() < until) {
    await filterAtRandom(listed, random);
    if ((await grid.count()) > 0) await jumps(listed, Array.from({ length: 25 }, random));
  }
  await window.getByRole('button', { name: 'Clear filters' }).first().click();
  await grid.getByRole('row').first().waitFor();
}

/** What the app holds once it has collected its garbage, MB. */
async function memoryOf({ reclight }: Listed): Promise<number> {
  const session = await reclight.window.context().newCDPSession(reclight.window);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  await collectGarbage(reclight);
  return (await treePss(reclight.pid)) / 1e6;
}

/**
 * The list of 100,000 recordings: its first rows and its frames against the same window with 1,000, long tasks, and what
 * it holds; and long tasks while three hours are drawn.
 */
export const listFigures: FigureGroup = {
  names: ['list-first-rows', 'list-frame', 'list-longest-task', 'list-memory', 'player-longest-task'],
  measure: async (prepare) => {
    const { options, say } = await prepare();
    const folder = await mkdtemp(join(tmpdir(), 'reclight-bench-list-'));
    const frameTimes: Record<Length, number[]> = { long: [], short: [] };
    const beginnings: Record<Length, number[]> = { long: [], short: [] };
    const jumping: number[] = [];
    const drawing: number[] = [];
    const memory: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
    const random = seededRandom(1);
    const opened: Listed[] = [];
    try {
      const long = await open('long', folder);
      opened.push(long);
      const short = await open('short', folder);
      opened.push(short);
      for (let run = 0; run < options.runs; run += 1) {
        const order = run % 2 === 0 ? ([short, long] as const) : ([long, short] as const);
        for (const listed of order) {
          beginnings[listed === long ? 'long' : 'short'].push(await firstRows(listed));
        }
        for (const listed of order) {
          const took = await frames(listed, options.scrollMs, random());
          frameTimes[listed === long ? 'long' : 'short'].push(percentile(took, 95));
        }
        const places = Array.from({ length: Math.ceil(200 / options.runs) }, random);
        jumping.push(await longestTask(long, () => jumps(long, places)));
        say(`List ${run + 1} of ${options.runs}`);
      }
      const begun = performance.now();
      await rummage(long, begun + options.rummageMs / 10, random);
      memory.floor.push(await memoryOf(long));
      say('List: memory at first');
      await rummage(long, begun + options.rummageMs, random);
      memory.ours.push(await memoryOf(long));
      say('List: memory at last');
      for (let run = 0; run < Math.min(options.runs, maxDrawings); run += 1) {
        drawing.push(await longestTask(long, () => drawThreeHours(long, run)));
        say(`Three hours: ${run + 1}`);
      }
    } finally {
      for (const listed of opened) await listed.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    return [
      toFigure({
        name: 'list-first-rows',
        title: 'window loaded anew until the first rows of 100,000 recordings, against 1,000',
        unit: 'ms',
        aim: { kind: 'ratio', most: 1.3 },
        ours: beginnings.long,
        floor: beginnings.short,
      }),
      toFigure({
        name: 'list-frame',
        title: 'p95 frame time scrolling 100,000 recordings, against 1,000',
        unit: 'ms',
        aim: { kind: 'ratio', most: 1.3 },
        ours: frameTimes.long,
        floor: frameTimes.short,
      }),
      toFigure({
        name: 'list-longest-task',
        title: 'longest task in 200 random jumps over 100,000 recordings (0: none over 50 ms)',
        unit: 'ms',
        aim: { kind: 'value', most: 50 },
        ours: [Math.max(...jumping)],
        floor: null,
      }),
      toFigure({
        name: 'list-memory',
        title: 'memory after 10 min of scrolling and filtering, against 1 min',
        unit: 'MB',
        aim: { kind: 'ratio', most: 1.1 },
        ours: memory.ours,
        floor: memory.floor,
      }),
      toFigure({
        name: 'player-longest-task',
        title: 'longest task while three hours come and are drawn (0: none over 50 ms)',
        unit: 'ms',
        aim: { kind: 'value', most: 50 },
        ours: [Math.max(...drawing)],
        floor: null,
      }),
    ];
  },
};
