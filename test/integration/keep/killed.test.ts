import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Simulator } from '../../simulator';
import { startSimulator } from '../../simulator';
import { filesIn, hashOf, partsIn, servedHash, withFolder } from './support/folders';
import type { SaverOrder, SaverReport } from './support/saver-process';

const script = fileURLToPath(new URL('./support/saver-process.ts', import.meta.url));

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

/**
 * Saves in another process until it has ended, or until `killAt` says so.
 * @param begun gets the process, which may be killed from outside, too
 * @returns whether it was killed
 */
async function saveElsewhere(
  order: SaverOrder,
  killAt: (report: SaverReport) => boolean,
  begun: (child: ChildProcess) => void = () => undefined,
): Promise<boolean> {
  const child = fork(script, { execArgv: ['--import', 'tsx'] });
  const exited = once(child, 'exit');
  begun(child);
  let killed = false;
  child.on('message', (report: SaverReport) => {
    if (killed || report.ended || !killAt(report)) return;
    killed = true;
    child.kill('SIGKILL');
  });
  child.send(order);
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  return signal === 'SIGKILL';
}

it('leaves no damaged file under a final name when it is killed, and the next run tidies up', async () => {
  const expected = new Map<string, string>();
  const ids = Array.from({ length: 30 }, (_, index) => {
    const { id } = simulator.recordings.add({
      startMs: Date.UTC(2026, 1, 1) + index * 600_000,
      durationMs: 10_000,
      media: {
        voice: 'speech',
        exactBytes: 1_500_000 + index,
        // Some take three times as long, so that one is in the middle when another is done.
        bytesPerSecond: index % 4 === 0 ? 2_000_000 : 6_000_000,
      },
    });
    return id;
  });
  for (const id of ids) {
    const { referenceNumber } = simulator.recordings.get(id) ?? { referenceNumber: '' };
    expected.set(`${referenceNumber}.mp3`, await servedHash(simulator, id));
  }
  const right = async (folder: string): Promise<number> => {
    const files = await filesIn(folder);
    for (const file of files) {
      // A second run numbers what the first one has saved.
      const original = file.replace(/ \(\d+\)(?=\.mp3$)/, '');
      expect(await hashOf(join(folder, file)), file).toBe(expected.get(original));
    }
    return files.length;
  };

  await withFolder(async (folder) => {
    // Looks like ours, but belongs to another computer that may still be writing; and names that are only similar.
    const foreign = '.reclight-00000001-aaaa-bbbb-cccc-0123456789ab.part';
    const abandoned = '.reclight-00000002-aaaa-bbbb-cccc-0123456789ab.part';
    const others = [foreign, '.reclight-notes.part', 'reclight.part', 'call.part'];
    for (const name of [...others, abandoned]) await writeFile(join(folder, name), 'x');
    const longAgo = new Date(Date.now() - 48 * 3_600_000);
    await utimes(join(folder, abandoned), longAgo, longAgo);

    const order = { server: simulator.url, folder, ids };
    let saved = 0;
    for (const doneBeforeKill of [2, 5, 9]) {
      expect(await saveElsewhere(order, ({ done, arriving }) => done >= doneBeforeKill && arriving > 0)).toBe(
        true,
      );
      const parts = (await partsIn(folder)).filter((name) => !others.includes(name));
      // It was killed in the middle: otherwise this shows nothing.
      expect(parts.length).toBeGreaterThan(0);
      // What an earlier run has left was swept by this one; what is there now is this one's own.
      expect(parts.length).toBeLessThanOrEqual(2);
      const files = await right(folder);
      expect(files).toBeGreaterThanOrEqual(saved + doneBeforeKill);
      saved = files;
    }
    expect(await saveElsewhere(order, () => false)).toBe(false);
    expect(await right(folder)).toBeGreaterThanOrEqual(saved + ids.length);
    expect([...(await partsIn(folder))].sort()).toEqual([...others].sort());
    for (const name of others) expect((await stat(join(folder, name))).size).toBe(1);
  });
}, 120_000);

it('has nothing but whole files under final names when it is killed among many short ones', async () => {
  const expected = new Map<string, string>();
  const ids: string[] = [];
  for (let index = 0; index < 150; index += 1) {
    const { id, referenceNumber } = simulator.recordings.add({
      startMs: Date.UTC(2026, 2, 1) + index * 600_000,
      durationMs: 1_000,
      media: { voice: 'speech', exactBytes: 500 + ((index * 7_919) % 30_000) },
    });
    ids.push(id);
    expected.set(`${referenceNumber}.mp3`, await servedHash(simulator, id));
  }
  await withFolder(async (folder) => {
    for (const killAtName of [1, 3, 8, 17, 40, 71, 98, 131, 149]) {
      // At the very moment at which a name appears: what gets it before it is whole, would stay as it is.
      let names = 0;
      let child: ChildProcess | null = null;
      const seen = new Set<string>(await filesIn(folder));
      const watcher = watch(folder, (_event, name) => {
        if (name === null || name.endsWith('.part') || seen.has(name)) return;
        seen.add(name);
        names += 1;
        if (names === killAtName) child?.kill('SIGKILL');
      });
      const before = seen.size;
      const wasKilled = await saveElsewhere(
        { server: simulator.url, folder, ids },
        () => false,
        (begun) => (child = begun),
      );
      watcher.close();
      expect(wasKilled).toBe(true);
      const files = await filesIn(folder);
      expect(files.length).toBeGreaterThanOrEqual(before + killAtName);
      for (const file of files) {
        const original = file.replace(/ \(\d+\)(?=\.mp3$)/, '');
        expect(await hashOf(join(folder, file)), file).toBe(expected.get(original));
      }
    }
  });
}, 120_000);
