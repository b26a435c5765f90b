import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { basic } from '../../tools/simulator/testing/caller';
import { drawnText } from '../harness/drawn';
import { patience } from '../harness/light';
import { signIn, status } from '../harness/reclight';
import type { Traces } from '../harness/secrets';
import { expectNothingWritten, filesHolding, holds, tracesOfBytes, tracesOfText } from '../harness/secrets';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { isInMemory, watchProgress } from '../harness/media';
import { until } from '../harness/until';

/** Numbers without their plus sign, which not every encoding keeps as it is. */
const planted = {
  heard: '39028675309',
  slow: '39028675311',
  live: '39028675317',
  liveFirstName: 'Wilhelmina',
  liveLastName: 'Quackenbush',
  ownerLastName: 'Throgmorton',
  ownerDepartment: 'Unterwasserfunk',
  noteOwnerLastName: 'Zbigniewska',
  note: 'velvet umbrella 8842',
  pbxCallId: '778899001122',
  reference: 'QX8842001733',
} as const;

let harness: Harness;
/** What RecLight uses for temporary files, and where the user saves. */
let temp: string;
let kept: string;
let traces: Traces;
/** The sound of the long one. */
let sound: Buffer;
/** Recordings of Anna's: one short and one long that are heard, one that arrives slowly. */
let ids: { readonly short: string; readonly long: string; readonly slow: string };

const page = () => harness.reclight.window;
const grid = () => page().getByRole('grid', { name: 'Recordings' });
const row = (number: string) => grid().getByRole('row', { name: new RegExp(number) });
const player = () => page().getByRole('region', { name: 'Player' });
const audio = <Value>(look: (element: HTMLAudioElement) => Value) =>
  page()
    .locator('audio')
    .evaluate(look as (element: HTMLElement | SVGElement) => Value);

/** A recording of Anna's with everything that a server can tell of one. */
function add(remote: string, durationMs: number, bytesPerSecond?: number): string {
  const { simulator } = harness;
  const { id } = simulator.recordings.add({
    startMs: simulator.clock.now() - 1_000,
    durationMs,
    remotePartyNumber: `+${remote}`,
    referenceNumber: `${planted.reference}${durationMs}`,
    pbxCallId: planted.pbxCallId,
    note: { ownerUsername: 'ben.carter', text: planted.note },
    preservedBy: 'ben.carter',
  });
  if (bytesPerSecond !== undefined) simulator.recordings.setMedia(id, { bytesPerSecond });
  return id;
}

/** The bytes that the server sends, asked for apart from RecLight. */
async function original(id: string): Promise<Buffer> {
  const answer = await fetch(`${harness.simulator.apiUrl}/Recordings/${id}/Media`, {
    headers: { authorization: basic(harness.anna.username, harness.anna.password) },
  });
  return Buffer.from(await answer.arrayBuffer());
}

beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'reclight-temp-'));
  kept = await mkdtemp(join(tmpdir(), 'reclight-kept-'));
  harness = await startHarness({
    signedIn: false,
    simulator: { recordings: 20, generation: 2025 },
    launch: { env: { TMPDIR: temp } },
  });
  const { accounts } = harness.simulator;
  accounts.update('anna.rossi', { lastName: planted.ownerLastName, department: planted.ownerDepartment });
  accounts.update('ben.carter', { lastName: planted.noteOwnerLastName });
  ids = {
    long: add(planted.heard, 2_400_000),
    short: add(planted.heard, 5_000),
    slow: add(planted.slow, 2_400_000, 100_000),
  };
  sound = await original(ids.long);
  traces = [
    ...Object.values(planted).flatMap((text) => tracesOfText(text)),
    ...[sound, await original(ids.short)].flatMap((bytes) => tracesOfBytes(bytes)),
  ];
  await signIn(page(), harness.anna);
});

afterEach(async () => {
  await harness.close();
  await Promise.all([temp, kept].map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A call, recorded with a mark; and one whose recording never appears. */
async function recordCalls(): Promise<void> {
  const { telephony } = harness.simulator;
  const recorder = page().getByRole('region', { name: 'Recorder' });
  for (const saving of ['same-id', 'never'] as const) {
    const call = telephony.connectCall({
      directoryNumber: '101',
      remote: {
        phoneNumber: `+${planted.live}`,
        firstName: planted.liveFirstName,
        lastName: planted.liveLastName,
      },
    });
    // What has ended before it was known under the id that its start answered, is waited for.
    await expect.poll(() => status(page()).textContent(), patience).toBe('Not recording');
    await recorder.getByRole('button', { name: /^Record(?! next)/ }).click();
    await expect.poll(() => recorder.textContent()).toContain(planted.liveLastName);
    await recorder.getByRole('button', { name: 'Mark moment' }).click();
    telephony.endCall(call.id, saving);
  }
  await row(planted.live).first().waitFor();
  await harness.desktop.waitForNotification(({ body }) => body.includes(planted.live));
}

/** The list, searched; every detail; sound to its end, and sought in. */
async function lookAndListen(): Promise<void> {
  const search = page().getByRole('searchbox', { name: 'Remote number' });
  await search.fill(`+${planted.heard}`);
  await expect.poll(() => grid().getByRole('row').count()).toBe(2);
  await row(planted.heard).first().click({ button: 'right' });
  await page().getByRole('menuitem', { name: 'Details' }).click();
  const dialog = page().getByRole('dialog', { name: 'Recording details' });
  await expect.poll(() => dialog.textContent()).toContain(planted.note);
  await page().keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await row('0:05').dblclick();
  await expect.poll(() => audio(({ ended }) => ended), { timeout: 30_000 }).toBe(true);
  const progress = await watchProgress(page());
  await row('40:00').dblclick();
  await expect.poll(() => audio(({ duration }) => duration)).toBeGreaterThan(2_000);
  await player().focus();
  await page().keyboard.press('9');
  await expect.poll(() => audio(({ currentTime }) => currentTime)).toBeGreaterThan(2_160);
  await expect.poll(async () => (await progress(ids.long))?.status).toBe('complete');
}

/** From now on a save is under way, and another one done. */
async function keepTwo(): Promise<void> {
  await harness.reclight.app.evaluate(({ dialog }, folder) => {
    Object.assign(dialog, {
      showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [folder] }),
    });
  }, kept);
  await page().evaluate((wanted) => self.reclight.saveRecordings({ ids: wanted }), [ids.short, ids.slow]);
  const saving = page().getByRole('region', { name: 'Saves' });
  await expect.poll(() => saving.textContent()).toContain(planted.slow);
  await until(async () => (await readdir(kept)).length === 2, 'a file and a part of one');
}

/** Everything that the window holds and could show. */
const held = () =>
  page().evaluate(async () =>
    [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input')].map(({ value }) => value),
      JSON.stringify(await self.reclight.getSnapshot({})),
    ].join('\n'),
  );

const nothingWritten = (when: string) => expectNothingWritten([harness.reclight.profile, temp], traces, when);

async function expectNothingHeld(): Promise<void> {
  const { desktop, reclight } = harness;
  await page().getByRole('form', { name: 'Sign in' }).waitFor();
  await expect.poll(async () => holds(await held(), traces)).toBe(false);
  for (const id of Object.values(ids)) {
    expect(await isInMemory(page(), id)).toBe(false);
    const answered = await reclight.app.evaluate(
      async ({ session }, address) => (await session.defaultSession.fetch(address)).status,
      `media://recording/${id}`,
    );
    expect(answered).toBe(403);
    expect(
      await page().evaluate((recording) => self.reclight.getRecording({ id: recording }), id),
    ).toMatchObject({
      ok: false,
      error: { code: 'signed-out' },
    });
  }
  const { item } = await desktop.waitForTrayItem();
  await desktop.waitForTrayMenu(item, ({ children }) =>
    children.some(
      ({ label, children: recent }) =>
        label === 'Recent recordings' && recent.map((entry) => entry.label).join() === 'None',
    ),
  );
  await until(
    async () => (await desktop.notifications()).every(({ open, body }) => !open || !holds(body, traces)),
    'the notices to be closed',
  );
  // What was half saved is gone, and what was saved is there.
  await until(async () => (await readdir(kept)).length === 1, 'the part file to go');
  expect((await readdir(kept))[0]).toMatch(new RegExp(`${planted.heard}.*\\.mp3$`));
}

test.each([
  [
    'signing out',
    async () => {
      await page().getByRole('button', { name: 'Settings' }).click();
      await page().getByRole('button', { name: 'Sign out' }).click();
    },
  ],
  [
    'a refused password',
    () => {
      harness.simulator.accounts.update('anna.rossi', { password: 'changed elsewhere' });
      return Promise.resolve();
    },
  ],
] as const)('nothing of a call is on disk at any time, nor anywhere after %s', async (how, end) => {
  const { profile, app } = harness.reclight;
  const places = await app.evaluate(({ app: main }) =>
    (['sessionData', 'crashDumps', 'temp'] as const).map((name) => main.getPath(name)),
  );
  expect(places.slice(0, 2).every((place) => `${place}/`.startsWith(`${profile}/`))).toBe(true);
  expect(places[2]).toBe(temp);
  await recordCalls();
  await lookAndListen();
  expect(holds(await held(), traces)).toBe(true);
  await nothingWritten('while running');
  await keepTwo();

  await end();
  await expectNothingHeld();
  await nothingWritten(`after ${how}`);
  await harness.reclight.quit();
  await nothingWritten('after quitting');
  // The search itself finds what is there to be found, however it is written.
  const text = Buffer.from(`..${planted.note}..`);
  for (const [name, bytes] of Object.entries({
    plain: text,
    utf16: Buffer.from(text.toString(), 'utf16le'),
    base64: Buffer.from(text.toString('base64')),
    sound: sound.subarray(1_000_000, 2_000_000),
  })) {
    await writeFile(join(profile, name), bytes);
    expect(await filesHolding(profile, traces), name).toEqual([join(profile, name)]);
    await rm(join(profile, name));
  }
});

test('a window that crashes in the middle of a call leaves no dump of it', async () => {
  const { app, profile } = harness.reclight;
  await row(planted.heard).first().click({ button: 'right' });
  await page().getByRole('menuitem', { name: 'Details' }).click();
  const dialog = page().getByRole('dialog', { name: 'Recording details' });
  await expect.poll(() => dialog.textContent()).toContain(planted.note);
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await until(async () => {
    const text = await drawnText(app, 'body');
    return text !== null && text.includes('Not recording') && !text.includes(planted.note);
  }, 'the window to come back');
  await nothingWritten('after a crash');
  const files = await readdir(profile, { recursive: true });
  expect(files.filter((name) => name.endsWith('.dmp'))).toEqual([]);
});
