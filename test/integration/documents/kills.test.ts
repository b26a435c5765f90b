import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { seededRandom } from '../../fixtures/virtual-clock';
import type { Counts } from './processes';
import { DocumentProcess, bundleProcess } from './processes';

/** How many processes are killed; `npm test -- --kills N` lets it be others. */
function killsWanted(): number {
  const wanted = Number(process.env['RECLIGHT_KILLS'] ?? 50);
  if (!Number.isInteger(wanted) || wanted < 1) throw new Error('RECLIGHT_KILLS is no number of kills.');
  return wanted;
}

/** Longest life of a process after it has begun to write, ms: some dozens of writes. */
const longestLifeMs = 60;

let bundle: Awaited<ReturnType<typeof bundleProcess>>;
let folder: string;

beforeAll(async () => {
  bundle = await bundleProcess();
  folder = await mkdtemp(join(tmpdir(), 'reclight-kills-'));
});

afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true, force: true });
});

it(
  `after each of ${killsWanted()} kills at random moments every file is whole, and what was confirmed is there`,
  { timeout: killsWanted() * 10_000 },
  async () => {
    const random = seededRandom(Number(process.env['RECLIGHT_TEST_SEED'] ?? 20_260_302));
    const confirmed = new Map<string, number>();
    let midWrite = 0;
    for (let kill = 0; kill < killsWanted(); kill += 1) {
      const child = new DocumentProcess(bundle.script, 'write', folder);
      const { loaded } = await child.hear((said) => 'loaded' in said);
      expect(child.troubles(), `after kill ${kill}`).toEqual([]);
      for (const [name, count] of Object.entries(loaded as Counts)) {
        const least = confirmed.get(name) ?? 0;
        // One more may have reached the disk without its confirmation.
        expect([name, kill, count - least]).toSatisfy(() => count === least || count === least + 1);
      }
      await new Promise((resolve) => setTimeout(resolve, random() * longestLifeMs));
      child.kill();
      await child.ended;
      for (const { confirmed: name, count } of child.said) {
        if (typeof name === 'string') confirmed.set(name, Number(count));
      }
      for (const [name, count] of Object.entries(loaded as Counts)) {
        confirmed.set(name, Math.max(count, confirmed.get(name) ?? 0));
      }
      const entries = await readdir(folder);
      if (entries.some((entry) => entry.includes('.tmp-'))) midWrite += 1;
      const documents = entries.filter((entry) => entry.endsWith('.json'));
      expect(documents.filter((entry) => entry.includes('damaged'))).toEqual([]);
      for (const entry of documents) JSON.parse(await readFile(join(folder, entry), 'utf8'));
    }
    // The kills met writes, and what they left was cleared away.
    expect(midWrite).toBeGreaterThan(0);
    expect((await readdir(folder)).filter((entry) => entry.includes('.tmp-')).length).toBeLessThanOrEqual(5);
    expect([...confirmed.values()].every((count) => count > 0)).toBe(true);
  },
);
