import { afterEach, beforeEach, expect, test } from 'vitest';

import { signIn } from '../harness/reclight';
import { mainMemory } from '../harness/memory';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { isInMemory, watchProgress } from '../harness/media';

/** The least that the settings allow: room for two of the recordings. */
const limitMegabytes = 16;
const recordingBytes = 8_000_000;
const names = ['a', 'b', 'c', 'd', 'e'] as const;
type Name = (typeof names)[number];

let harness: Harness;
let ids: Readonly<Record<Name, string>>;

beforeEach(async () => {
  harness = await startHarness({ simulator: { recordings: 0 } });
  const { simulator, reclight } = harness;
  const added = names.map((name, index) => {
    const { id } = simulator.recordings.add({
      durationMs: 1_600_000,
      remotePartyNumber: `+3902990011${index}`,
      media: { voice: 'speech', exactBytes: recordingBytes },
    });
    return [name, id] as const;
  });
  ids = Object.fromEntries(added) as Record<Name, string>;
  await reclight.window.getByRole('button', { name: 'Refresh' }).click();
  await reclight.window.evaluate(
    (cacheMegabytes) => self.reclight.updateSettings({ player: { cacheMegabytes } }),
    limitMegabytes,
  );
});

afterEach(async () => {
  await harness.close();
});

/** Plays a recording, and waits until it is here whole. */
async function hear(name: Name): Promise<void> {
  const { window } = harness.reclight;
  const progress = await watchProgress(window);
  await window
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row', { name: new RegExp(`990011${names.indexOf(name)},`) })
    .dblclick();
  await expect
    .poll(async () => {
      const isHeard = await window.evaluate((id) => {
        const { currentTime = 0, src = '' } = document.querySelector('audio') ?? {};
        return src.includes(id) && currentTime > 0;
      }, ids[name]);
      return isHeard && (await progress(ids[name]))?.status;
    })
    .toBe('complete');
}

/** Which recordings are in memory, as soon as what was left is given up. */
const expectPresent = (...expected: readonly Name[]) =>
  expect
    .poll(async () => {
      const present: Name[] = [];
      for (const name of names) {
        if (await isInMemory(harness.reclight.window, ids[name])) present.push(name);
      }
      return present;
    })
    .toEqual(expected);

const memory = () => mainMemory(harness.reclight);

test('the sound in memory is bounded, and what was heard the longest ago goes first', async () => {
  // What pipes and parts of the program need that come into use with the first one, is not the cache's.
  await hear('a');
  await harness.reclight.window.evaluate(() => self.reclight.signOut({}));
  await signIn(harness.reclight.window, harness.anna);
  await expectPresent();
  harness.simulator.audit.clear();
  const before = await memory();
  const most = { external: 0, whole: 0 };
  const hearAndMeasure = async (name: Name) => {
    await hear(name);
    const now = await memory();
    most.external = Math.max(most.external, now.external - before.external);
    most.whole = Math.max(most.whole, now.whole - before.whole);
  };
  await hearAndMeasure('a');
  await hearAndMeasure('b');
  await expectPresent('a', 'b');
  await hearAndMeasure('a');
  await hearAndMeasure('c');
  await expectPresent('a', 'c');
  await hearAndMeasure('d');
  await expectPresent('c', 'd');
  await hearAndMeasure('e');
  await hearAndMeasure('b');
  await expectPresent('b', 'e');

  const downloads = names.map(
    (name) => harness.simulator.audit.events.filter(({ recordingId }) => recordingId === ids[name]).length,
  );
  expect(downloads).toEqual([1, 2, 1, 1, 1]);
  // One that is just being left may still be there beside the two.
  expect(most.external).toBeLessThan(3.1 * recordingBytes);
  const held = async () => ((await memory()).external - before.external) / recordingBytes;
  // Two, and what the network has of one that came a moment ago: never a third one.
  await expect.poll(held).toBeLessThan(2.9);
  // Six were downloaded.
  expect(most.whole).toBeLessThan(4 * recordingBytes);
});
