import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { chromiumProcesses } from '../harness/chromium-processes';
import { connectCall, shows } from '../harness/light';
import { drivePlayer, patient } from '../harness/player';
import { presetDialogs, savesEnded } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { until } from '../harness/until';

let harness: Harness;

/** Which processes end, by a part of what they are called; all of a group at the same moment. */
const victims = {
  network: ['network.mojom.NetworkService'],
  GPU: ['gpu-process'],
  audio: ['audio.mojom.AudioService'],
  renderer: ['renderer'],
  zygotes: ['zygote'],
  'every one but the zygotes': ['utility', 'renderer', 'gpu-process'],
} as const;

/** Runs in the page by way of the main process, which reaches the page that took the place of a dead one, too. */
function inPage<Value>(script: string): Promise<Value> {
  return harness.reclight.app.evaluate(
    ({ BrowserWindow }, code) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code) as Promise<unknown>,
    script,
  ) as Promise<Value>;
}

const recorderRegion = `document.querySelector('section[aria-label="Recorder"]')`;

/** A page that dies while it is asked does not answer. */
const shownState = () =>
  Promise.race([
    inPage<string>(`${recorderRegion}?.querySelector('[role=status]')?.textContent ?? 'nothing'`).catch(
      () => 'nothing',
    ),
    new Promise<string>((resolve) => setTimeout(resolve, 2_000, 'no answer')),
  ]);

/** Waits until window and tray show a state. */
async function bothShow(wanted: string): Promise<void> {
  await harness.desktop.waitForTrayItem(
    ({ tooltip }) => tooltip === `RecLight – ${wanted}` || tooltip.startsWith(`RecLight – ${wanted} `),
    { timeoutMs: 25_000 },
  );
  await until(async () => (await shownState()) === wanted, `the window to show ${wanted}`, 25_000);
}

async function press(name: string): Promise<void> {
  const pressed = `[...${recorderRegion}.querySelectorAll('button')].find(({ textContent, ariaLabel }) =>
    (ariaLabel ?? textContent).startsWith(${JSON.stringify(name)}))`;
  await until(() => inPage<boolean>(`!!${pressed} && !${pressed}.disabled`), `the button ${name}`);
  await inPage(`${pressed}.click()`);
}

async function startRecording(): Promise<void> {
  connectCall(harness);
  await press('Record');
  await bothShow('Recording');
}

async function stopRecording(): Promise<void> {
  await press('Stop');
  await bothShow('Not recording');
  expect(harness.simulator.telephony.live()).toEqual([]);
}

/** One that is gone already needs no killing. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends processes as the kernel does when memory is short. @returns how many there were */
async function end(names: readonly string[]): Promise<number> {
  const found = (await chromiumProcesses(harness.reclight)).filter(({ name }) =>
    names.some((part) => name.includes(part)),
  );
  for (const { pid } of found) kill(pid);
  return found.length;
}

/** The first answered question after now. */
function nextAnswer(): Promise<unknown> {
  const { requests } = harness.simulator;
  const last = requests.entries.at(-1)?.sequence ?? 0;
  return requests.waitForRequest(
    ({ sequence, route, status }) => sequence > last && route === 'active' && status === 200,
    25_000,
  );
}

/** Whatever is said anywhere in the window, the user's network is not to blame. */
async function expectNoBlame(): Promise<void> {
  expect(await inPage<string>('document.body.innerText')).not.toMatch(/your network|connection to the/i);
}

/** Ends the processes and waits until the light is known again. */
async function survive(who: keyof typeof victims, wanted: string): Promise<void> {
  const answer = nextAnswer();
  await end(victims[who]);
  await answer;
  await bothShow(wanted);
  await expectNoBlame();
}

/** A zygote is never replaced: its death is shown on a harness of its own, below. */
const replaceable = (Object.keys(victims) as (keyof typeof victims)[]).filter((who) => who !== 'zygotes');

afterEach(async () => {
  await harness.close();
});

// A harness for each test: a window whose page dies is loaded anew three times a minute at most.
describe('a process of Chromium dies', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await shows(harness, 'Not recording');
  });

  test.each(replaceable)(
    '%s, on an idle line, and again: the light is known, Stop works (G12)',
    async (who) => {
      await survive(who, 'Not recording');
      await survive(who, 'Not recording');
      await startRecording();
      await stopRecording();
    },
  );

  test.each(replaceable)(
    '%s, while recording, and again: the light is known, Stop works (G12)',
    async (who) => {
      await startRecording();
      await survive(who, 'Recording');
      await survive(who, 'Recording');
      await stopRecording();
    },
  );

  async function killDuringStart(phase: 'before' | 'after'): Promise<void> {
    connectCall(harness);
    const { faults, requests } = harness.simulator;
    requests.clear();
    faults.add({ match: { route: 'start' }, action: { kind: 'latency', ms: 2_000, phase } });
    await press('Record');
    await requests.waitForRequest(({ route }) => route === 'start');
    await end(victims.network);
  }

  test('the network service, with a start under way that had its effect: it is shown, and sent once (G12)', async () => {
    await killDuringStart('after');
    await bothShow('Recording');
    expect(harness.simulator.requests.filter('start').length).toBe(1);
    expect(harness.simulator.telephony.live().length).toBe(1);
    await expectNoBlame();
    await stopRecording();
  });

  test('the network service, with a start under way that had none: the user is told, and it is sent once (G12)', async () => {
    await killDuringStart('before');
    await until(
      () => inPage<boolean>(`${recorderRegion}.textContent.includes('A part of RecLight stopped')`),
      'the failed start to be told',
    );
    await bothShow(harness.simulator.telephony.live().length === 0 ? 'Not recording' : 'Recording');
    expect(harness.simulator.requests.filter('start').length).toBe(1);
    await expectNoBlame();
    await press('Record');
    await bothShow('Recording');
    await stopRecording();
  });

  test('the GPU process, more often than Chromium forgives: the light stays (G12)', async () => {
    for (let round = 0; round < 9; round += 1) {
      await until(async () => (await end(victims.GPU)) > 0, 'another GPU process');
    }
    await survive('GPU', 'Not recording');
  });
});

describe('a process of Chromium dies, with sound on its way,', () => {
  const { add, currentTime, open, button } = drivePlayer(() => harness);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reclight-kept-'));
    harness = await startHarness({ simulator: { recordings: 5 } });
    await shows(harness, 'Not recording');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['network', 'GPU', 'audio'] as const)(
    '%s, while one is saved: it is saved whole (G12)',
    async (who) => {
      const { id } = await add(600_000, { bytesPerSecond: 400_000 });
      const path = join(folder, `${who}.mp3`);
      await presetDialogs(harness.reclight, { path, folder });
      await harness.reclight.window.evaluate((wanted) => self.reclight.saveRecordings({ ids: [wanted] }), id);
      await harness.simulator.requests.waitForRequest(({ route }) => route === 'media');
      await survive(who, 'Not recording');
      expect((await savesEnded(harness.reclight)).jobs.at(-1)).toMatchObject({
        status: 'done',
        verification: 'verified',
      });
      expect((await stat(path)).size).toBeGreaterThan(2_900_000);
      await startRecording();
      await stopRecording();
      harness.simulator.requests.clear();
    },
  );

  test.each(['network', 'GPU', 'audio'] as const)(
    '%s, while one is played: it can be heard (G12)',
    async (who) => {
      const { remote } = await add(120_000, { bytesPerSecond: 100_000 });
      await open(remote);
      await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
      await survive(who, 'Not recording');
      // Either the sound goes on, or the player says that it does not.
      const again = button('Try again');
      const heard = await currentTime();
      const goesOn = async () => (await currentTime()) !== heard || (await again.count()) > 0;
      await expect.poll(goesOn, patient).toBe(true);
      if ((await again.count()) > 0) await again.click();
      const heardNext = await currentTime();
      await expect.poll(currentTime, patient).not.toBe(heardNext);
      await expectNoBlame();
      await startRecording();
      await stopRecording();
    },
  );
});

describe('both zygotes die', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await shows(harness, 'Not recording');
  });

  test('idle and while recording: the light is known, Stop works (G12)', async () => {
    await survive('zygotes', 'Not recording');
    await startRecording();
    await survive('network', 'Recording');
    await stopRecording();
  });
});
