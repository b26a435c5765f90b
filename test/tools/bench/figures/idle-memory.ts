import type { AppName } from '../apps';
import { bothNames, pause } from '../context';
import { toFigure } from '../figure';
import { treePss } from '../process-tree';
import type { FigureGroup } from './group';

/** Idle memory with the window hidden. Never both apps at once: they would share Electron's pages. */
export const idleMemory: FigureGroup = {
  names: ['idle-memory'],
  measure: async (prepare) => {
    const context = await prepare();
    const { runs, settleMs } = context.options;
    const megabytes: Record<AppName, number[]> = { reclight: [], bare: [] };
    for (let run = 0; run < runs; run += 1) {
      for (const name of bothNames(run)) {
        const app = await context.startHidden(name);
        try {
          await pause(settleMs);
          megabytes[name].push((await treePss(app.pid)) / 1e6);
        } finally {
          await app.quit();
        }
      }
      context.say(`Idle memory ${run + 1} of ${runs}`);
    }
    return [
      toFigure({
        name: 'idle-memory',
        title: 'idle memory, PSS of all processes, window hidden',
        unit: 'MB',
        aim: { kind: 'ratio', most: 1.25 },
        ours: megabytes.reclight,
        floor: megabytes.bare,
      }),
    ];
  },
};
