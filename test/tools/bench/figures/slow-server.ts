import { monotonicNow } from '../../desktop/protocol';
import { chromiumProcesses } from '../../../e2e/harness/chromium-processes';
import type { RouteName } from '../../simulator/api-routes';
import type { RunningApp } from '../apps';
import type { BenchContext } from '../context';
import { pause } from '../context';
import type { Figure } from '../figure';
import { toFigure } from '../figure';
import type { Keyboard } from '../keyboard';
import { createKeyboard } from '../keyboard';
import { treePss } from '../process-tree';
import type { FigureGroup } from './group';

/** All that the light and the user's commands do not ask. */
const slowRoutes: readonly RouteName[] = ['list', 'detail', 'media'];
const slowMs = 20_000;

const stateKnown = ({ desktop }: BenchContext, app: RunningApp) =>
  desktop.waitForTrayItem((item) => item.pid === app.pid && item.tooltip.endsWith('Not recording'), {
    timeoutMs: 60_000,
  });

/** From the key to the start at the server, ms. The call is hung up afterwards. */
async function timeOfRecord(context: BenchContext, app: RunningApp, keyboard: Keyboard): Promise<number> {
  const { desktop, simulator } = context;
  simulator.telephony.connectCall({ directoryNumber: '101' });
  simulator.requests.clear();
  const at = await keyboard.press(['ctrl', 'alt'], 'r');
  const post = await simulator.requests.waitForRequest(({ route }) => route === 'start', 60_000);
  await desktop.waitForTrayItem((item) => item.pid === app.pid && item.tooltip.includes('Recording '), {
    timeoutMs: 30_000,
  });
  simulator.telephony.endAllCalls();
  await stateKnown(context, app);
  return post.monotonic - at;
}

/** One start of RecLight: tray icon → state known, then key → start; each in ms. */
async function startOnce(
  context: BenchContext,
  keyboard: Keyboard,
  isSlow: boolean,
): Promise<{ readonly state: number; readonly record: number }> {
  const { simulator } = context;
  const fault = isSlow
    ? simulator.faults.add({ match: { route: slowRoutes }, action: { kind: 'latency', ms: slowMs } })
    : null;
  simulator.requests.clear();
  try {
    const app = await context.start('reclight');
    try {
      await stateKnown(context, app);
      const state = monotonicNow() - app.trayReadyAt;
      await simulator.requests.waitForRequest(({ route }) => route === 'list', 30_000);
      return { state, record: await timeOfRecord(context, app, keyboard) };
    } finally {
      await app.quit();
    }
  } finally {
    fault?.remove();
  }
}

/** The light and Record where everything else takes 20 s; the floor is the same app with a quick server. */
export const slowServer: FigureGroup = {
  names: ['state-beside-slow-lists', 'record-beside-slow-lists'],
  measure: async (prepare) => {
    const context = await prepare();
    const { runs } = context.options;
    const keyboard = createKeyboard();
    const slow: { state: number; record: number }[] = [];
    const quick: { state: number; record: number }[] = [];
    try {
      for (let run = 0; run < runs; run += 1) {
        for (const isSlow of run % 2 === 0 ? [true, false] : [false, true])
          (isSlow ? slow : quick).push(await startOnce(context, keyboard, isSlow));
        context.say(`Slow server ${run + 1} of ${runs}`);
      }
    } finally {
      keyboard.dispose();
    }
    return [
      toFigure({
        name: 'state-beside-slow-lists',
        title: 'tray icon → state known, all but the light takes 20 s',
        unit: 'ms',
        aim: { kind: 'value', most: 1_000 },
        ours: slow.map(({ state }) => state),
        floor: quick.map(({ state }) => state),
      }),
      toFigure({
        name: 'record-beside-slow-lists',
        title: 'hotkey press → POST received, all but the light takes 20 s',
        unit: 'ms',
        aim: { kind: 'value', most: 300 },
        ours: slow.map(({ record }) => record),
        floor: quick.map(({ record }) => record),
      }),
    ];
  },
};

/** Kills Chromium's network service, and answers how long it takes until the state is asked and answered again, ms. */
async function lightBackAfterKill(context: BenchContext, app: RunningApp): Promise<number> {
  const { simulator } = context;
  const services = (await chromiumProcesses(app)).filter(({ name }) => name.includes('network.mojom'));
  if (services.length === 0) throw new Error(`${app.name} has no network service to kill`);
  simulator.requests.clear();
  const at = performance.now();
  for (const { pid } of services) process.kill(pid, 'SIGKILL');
  const asked = await simulator.requests.waitForRequest(
    ({ route, status, monotonic }) => route === 'active' && status === 200 && monotonic > at,
    60_000,
  );
  await stateKnown(context, app);
  return asked.monotonic - at;
}

/** Network service killed → the next answer of the light; without a floor: a bare app asks nothing by itself. */
export const killedNetwork: FigureGroup = {
  names: ['light-back-after-kill'],
  measure: async (prepare) => {
    const context = await prepare();
    const ours: number[] = [];
    const app = await context.startHidden('reclight');
    try {
      await stateKnown(context, app);
      for (let run = 0; run < context.options.runs; run += 1) {
        ours.push(await lightBackAfterKill(context, app));
        context.say(`Killed network service ${run + 1} of ${context.options.runs}`);
      }
    } finally {
      await app.quit();
    }
    return [
      toFigure({
        name: 'light-back-after-kill',
        title: "Chromium's network service killed → the light's next answer",
        unit: 'ms',
        aim: { kind: 'value', most: 5_000 },
        ours,
        floor: null,
      }),
    ];
  },
};

/** A list of 350,000 rows in one answer: 79 MB, more than RecLight takes. */
function hugeList(): string {
  const row = JSON.stringify({
    id: '6b98303a-b295-473a-adae-000000000001',
    referenceNumber: 'R-1',
    startTime: '2018-11-01T16:39:15.0000000+02:00',
    duration: 'PT1M31.87S',
    direction: 1,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: '+39 055 123',
  });
  return `{"totalCount":350000,"recordings":[${Array.from({ length: 350_000 }, () => row).join(',')}]}`;
}

const megabyte = 1e6;
const sampleMs = 250;
const aMinuteMs = 60_000;

interface HugeListRun {
  readonly growth: number;
  readonly left: number;
  readonly tray: number;
  readonly record: number;
}

/** Shows RecLight, gives it the huge list, and tells what that costs while it arrives and a minute later. */
async function takeHugeList(context: BenchContext, keyboard: Keyboard, body: string): Promise<HugeListRun> {
  const { desktop, simulator, options } = context;
  const app = await context.startShown('reclight', { debugging: true });
  try {
    await stateKnown(context, app);
    await pause(options.settleMs);
    const before = await treePss(app.pid);
    const fault = simulator.faults.add({
      match: { route: 'list' },
      action: { kind: 'respond', status: 200, body, contentType: 'application/json' },
    });
    const page = await app.page();
    await page.getByRole('button', { name: 'Refresh' }).click();
    let [peak, tray] = [before, 0];
    const arriving = { is: true };
    const watch = async (): Promise<void> => {
      while (arriving.is) {
        const asked = performance.now();
        await desktop.trayMenu(app.trayItem.item);
        tray = Math.max(tray, performance.now() - asked);
        peak = Math.max(peak, await treePss(app.pid));
        await pause(sampleMs);
      }
    };
    const watching = watch();
    const record = await timeOfRecord(context, app, keyboard);
    await page
      .getByText(/cannot read \(size\)/)
      .first()
      .waitFor({ timeout: 60_000 });
    await pause(options.quick ? sampleMs : 5_000);
    arriving.is = false;
    await watching;
    fault.remove();
    await pause(options.quick ? options.settleMs : aMinuteMs);
    const after = await treePss(app.pid);
    return { growth: (peak - before) / megabyte, left: (after - before) / megabyte, tray, record };
  } finally {
    await app.quit();
  }
}

const hugeListNames = ['huge-list-growth', 'huge-list-left', 'huge-list-tray', 'huge-list-record'] as const;

/** A list larger than RecLight takes: what it costs, and whether tray and Record wait for it. */
export const hugeLists: FigureGroup = {
  names: hugeListNames,
  measure: async (prepare): Promise<readonly Figure[]> => {
    const context = await prepare();
    const keyboard = createKeyboard();
    const runs: HugeListRun[] = [];
    const body = hugeList();
    try {
      // One run takes two minutes, most of it waiting.
      for (let run = 0; run < Math.min(context.options.runs, 3); run += 1) {
        runs.push(await takeHugeList(context, keyboard, body));
        context.say(`Huge list ${run + 1}`);
      }
    } finally {
      keyboard.dispose();
    }
    const figure = (
      name: string,
      title: string,
      unit: Figure['unit'],
      most: number,
      ours: readonly number[],
    ) => toFigure({ name, title, unit, aim: { kind: 'value', most }, ours, floor: null });
    const [growth, left, tray, record] = hugeListNames;
    return [
      figure(
        growth,
        'memory, PSS, while a list of 79 MB arrives',
        'MB',
        150,
        runs.map((run) => run.growth),
      ),
      figure(
        left,
        'the same a minute later',
        'MB',
        20,
        runs.map((run) => run.left),
      ),
      figure(
        tray,
        'longest answer of the tray menu meanwhile',
        'ms',
        200,
        runs.map((run) => run.tray),
      ),
      figure(
        record,
        'hotkey press → POST received meanwhile',
        'ms',
        300,
        runs.map((run) => run.record),
      ),
    ];
  },
};
