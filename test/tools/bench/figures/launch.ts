import type { AppName, RunningApp } from '../apps';
import type { BenchContext } from '../context';
import { bothNames, pause } from '../context';
import { toFigure } from '../figure';
import type { FigureGroup } from './group';

/** How long the page is left alone before it is asked when it painted: asking must not slow down the start. */
const afterMs = 1_500;

/** Since the start of the process, ms: both, the window on the screen and the first content in it. */
async function paintedAfter(app: RunningApp, { windows }: BenchContext): Promise<number> {
  const mapped = (await windows.mapped(app.startedAt)) - app.startedAt;
  await pause(afterMs);
  const page = await app.page();
  const painted = await page.evaluate(() => {
    const [entry] = performance.getEntriesByName('first-contentful-paint');
    return entry === undefined ? null : performance.timeOrigin + entry.startTime;
  });
  if (painted === null) throw new Error(`${app.name} has painted nothing`);
  return Math.max(mapped, painted - app.startedAtEpoch);
}

/** launch → tray ready, launch → window painted. */
export const launchFigures: FigureGroup = {
  names: ['tray-ready', 'window-painted'],
  measure: async (prepare) => {
    const context = await prepare();
    const ready: Record<AppName, number[]> = { reclight: [], bare: [] };
    const painted: Record<AppName, number[]> = { reclight: [], bare: [] };
    for (let run = 0; run < context.options.runs; run += 1) {
      for (const name of bothNames(run)) {
        const app = await context.start(name, { debugging: true });
        try {
          ready[name].push(app.trayReadyAt - app.startedAt);
          painted[name].push(await paintedAfter(app, context));
        } finally {
          await app.quit();
        }
      }
      context.say(`Launch ${run + 1} of ${context.options.runs}`);
    }
    return [
      toFigure({
        name: 'tray-ready',
        title: 'launch → tray ready',
        unit: 'ms',
        aim: { kind: 'ratio', most: 1.3 },
        ours: ready.reclight,
        floor: ready.bare,
      }),
      toFigure({
        name: 'window-painted',
        title: 'launch → window painted',
        unit: 'ms',
        aim: { kind: 'ratio', most: 1.3 },
        ours: painted.reclight,
        floor: painted.bare,
      }),
    ];
  },
};
