import type { RunningApp } from '../apps';
import { pause } from '../context';
import { toFigure } from '../figure';
import { treeCpuMs } from '../process-tree';
import type { FigureGroup } from './group';

/** Percent of one core that an app has used since it was last asked. */
async function createMeter({ pid }: RunningApp): Promise<() => Promise<number>> {
  let used = await treeCpuMs(pid);
  let at = performance.now();
  return async () => {
    const [usedNow, atNow] = [await treeCpuMs(pid), performance.now()];
    const percent = (100 * (usedNow - used)) / (atNow - at);
    [used, at] = [usedNow, atNow];
    return percent;
  };
}

/** Idle CPU with the window hidden; RecLight is signed in and polls. Both run side by side: no time is lost by it. */
export const idleCpu: FigureGroup = {
  names: ['idle-cpu'],
  measure: async (prepare) => {
    const context = await prepare();
    const { runs, settleMs, cpuWindowMs } = context.options;
    const ours: number[] = [];
    const floor: number[] = [];
    const bare = await context.startHidden('bare');
    const reclight = await context.startHidden('reclight');
    try {
      await pause(settleMs);
      const [readOurs, readFloor] = [await createMeter(reclight), await createMeter(bare)];
      for (let run = 0; run < runs; run += 1) {
        await pause(cpuWindowMs);
        ours.push(await readOurs());
        floor.push(await readFloor());
        context.say(`Idle CPU ${run + 1} of ${runs}`);
      }
    } finally {
      await Promise.all([reclight.quit(), bare.quit()]);
    }
    return [
      toFigure({
        name: 'idle-cpu',
        title: `idle CPU over ${cpuWindowMs / 1_000} s, signed in, window hidden`,
        unit: '% of a core',
        aim: { kind: 'value', most: 0.5 },
        ours,
        floor,
      }),
    ];
  },
};
