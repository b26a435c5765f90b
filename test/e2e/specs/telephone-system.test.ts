import { afterEach, describe, expect, test } from 'vitest';

import { connectCall, patience, press, pressRecord, record, recorder, shows } from '../harness/light';
import { signIn, status } from '../harness/reclight';
import type { Harness, HarnessOptions } from '../harness/harness';
import { startHarness } from '../harness/harness';

/*
 * What telephone systems, servers and hands really do, each once on the real Electron, the real keyboard and the real
 * tray. The rules behind it are tested in virtual time.
 */

let harness: Harness | null = null;

async function begin(options?: HarnessOptions): Promise<Harness> {
  harness = await startHarness(options);
  return harness;
}

afterEach(async () => {
  await harness?.close();
  harness = null;
});

/** The ids that a stop by id named. */
const stops = ({ simulator }: Harness): readonly string[] =>
  simulator.requests.filter('stopById').map(({ path }) => path.split('/').at(-1)?.toLowerCase() ?? '');

const trayItem = ({ desktop }: Harness, tooltip: RegExp) =>
  desktop.waitForTrayItem((item) => tooltip.test(item.tooltip), { timeoutMs: patience.timeout });

/** A second recording of the call, begun by a rule ten seconds later than the call's first one. */
function besides({ simulator }: Harness, agoMs: number) {
  return simulator.telephony.startRecording({ directoryNumber: '101', by: 'rule', parallel: true, agoMs });
}

describe('one rule for which recording is meant', () => {
  test('the Stop key held down stops one recording (C2), the one that tray and window show (C7)', async () => {
    const world = await begin();
    const { simulator } = world;
    connectCall(world);
    const older = besides(world, 60_000);
    const newer = besides(world, 20_000);
    await trayItem(world, /Recording \d\d:\d\d and 1 more/);
    await world.desktop.xdotool(['keydown', 'ctrl', 'keydown', 'shift', 'keydown', 'F10']);
    try {
      // The key is down until the server has ended what was meant, and the light has seen it.
      await trayItem(world, /Recording \d\d:\d\d$/);
      await expect.poll(() => simulator.requests.filter('active').length).toBeGreaterThan(3);
    } finally {
      await world.desktop.xdotool(['keyup', 'F10', 'keyup', 'shift', 'keyup', 'ctrl']);
    }
    expect(stops(world)).toEqual([newer.id.toLowerCase()]);
    expect(simulator.telephony.live().map(({ id }) => id)).toEqual([older.id]);
  });

  test('Stop in the tray right after Record stops what was just started (C21)', async () => {
    const world = await begin();
    const { simulator, desktop } = world;
    simulator.telephony.setLine({ directoryNumber: '111', username: 'anna.rossi' });
    simulator.telephony.connectCall({ directoryNumber: '111' });
    const other = simulator.telephony.startRecording({ directoryNumber: '111', by: 'rule' });
    await shows(world, 'Recording', 60_000);
    connectCall(world);
    simulator.timing.startLatencyMs = 2_000;
    await desktop.pressKeys('ctrl+shift+F9');
    await simulator.requests.waitForRequest((entry) => entry.route === 'start');
    await desktop.pressKeys('ctrl+shift+F10');
    await expect.poll(() => stops(world).length, patience).toBe(1);
    const origin = (id: string) => simulator.telephony.originOf(id);
    expect(stops(world).map(origin)).not.toContain(origin(other.id));
    // Its own id may change meanwhile.
    await expect
      .poll(() => simulator.telephony.live().map(({ id }) => origin(id)), patience)
      .toEqual([origin(other.id)]);
  });
});

describe('the light first', () => {
  test('the state is shown, and Record is sent, while every list is stalled (C9, C28)', async () => {
    const world = await begin({ signedIn: false });
    const { simulator } = world;
    simulator.faults.add({ match: { route: ['list', 'detail'] }, action: { kind: 'stall' } });
    await signIn(world.reclight.window, world.anna);
    await shows(world, 'Not recording');
    connectCall(world);
    await pressRecord(world);
    await shows(world, 'Recording');
  });
});

describe('nothing under way is forgotten', () => {
  test('a start without an answer is told when the user signs out (C13)', async () => {
    const world = await begin();
    const { simulator, desktop, reclight } = world;
    connectCall(world);
    simulator.faults.add({ match: { route: 'start' }, action: { kind: 'lostReply', how: 'stall' } });
    await desktop.pressKeys('ctrl+shift+F9');
    await simulator.telephony.waitFor((telephony) => telephony.live()[0]);
    await reclight.window.evaluate(() => self.reclight.signOut({}));
    const told = await desktop.waitForNotification(({ summary }) => /had not answered Record/.test(summary));
    expect(told.body).toMatch(/may or may not have had an effect/);
  });
});

describe('a recording stays the same recording', () => {
  test('a transfer that changes the id is no end, and the mark goes along (C3)', async () => {
    const world = await begin();
    const { simulator, desktop } = world;
    const live = await record(world);
    await desktop.pressKeys('ctrl+shift+F11');
    await desktop.waitForNotification(({ summary }) => /^Moment marked/.test(summary));
    const id = simulator.telephony.renew(live.id, { keepStart: true });
    const seen = simulator.requests.filter('active').length;
    await expect.poll(() => simulator.requests.filter('active').length, patience).toBeGreaterThan(seen + 3);
    expect(await status(world.reclight.window).textContent()).toBe('Recording');
    await press(world, /^Stop/);
    await shows(world, 'Not recording');
    expect(stops(world)).toEqual([id.toLowerCase()]);
    const marks = await world.reclight.window.evaluate(
      (recordingId) => self.reclight.listMarks({ id: recordingId }),
      id,
    );
    expect(marks).toMatchObject({ ok: true, value: [{}] });
  });

  test('Stop pressed before the new id is read stops the same call (D5)', async () => {
    const world = await begin();
    const live = await record(world);
    const id = world.simulator.telephony.renew(live.id, { keepStart: true });
    await world.desktop.pressKeys('ctrl+shift+F10');
    await shows(world, 'Not recording');
    expect(world.simulator.telephony.live()).toEqual([]);
    expect(stops(world)).toContain(id.toLowerCase());
  });

  test('two servers that disagree: the state becomes unknown and never "Not recording" (P3)', async () => {
    const world = await begin();
    await record(world);
    const fault = world.simulator.faults.add({
      match: { route: 'active' },
      every: 2,
      action: { kind: 'emptyList' },
    });
    await world.reclight.window.evaluate(() => {
      const shown: string[] = [];
      const element = document.querySelector('.recorder-status');
      new MutationObserver(() => shown.push(element?.textContent ?? '')).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      Object.assign(self, { shownStates: shown });
    });
    await shows(world, 'State unknown', 60_000);
    fault.remove();
    await shows(world, 'Recording');
    const states = await world.reclight.window.evaluate(
      () => (self as unknown as { readonly shownStates: readonly string[] }).shownStates,
    );
    expect(states).not.toContain('Not recording');
  });
});

describe('whose recording it is', () => {
  test('a colleague’s recording of a shared line has its own button, and no key stops it (C7, C12)', async () => {
    const world = await begin();
    const { simulator, desktop } = world;
    simulator.telephony.setLine({
      directoryNumber: '101',
      username: 'anna.rossi',
      sharedWith: ['ben.carter'],
    });
    simulator.telephony.connectCall({ directoryNumber: '101', username: 'ben.carter' });
    const live = simulator.telephony.startRecording({
      directoryNumber: '101',
      by: 'rule',
      owner: 'ben.carter',
    });
    await trayItem(world, /A colleague is recorded on your line/);
    await desktop.pressKeys('ctrl+shift+F10');
    await recorder(world).getByRole('alert').waitFor();
    expect(stops(world)).toEqual([]);
    await press(world, /^Stop ben\.carter/);
    // Whether Anna may is for the server to say.
    await expect.poll(() => stops(world), patience).toEqual([live.id.toLowerCase()]);
  });
});

describe('behind a proxy', () => {
  test('an account below level 10 is signed in where the Server header is missing (P1)', async () => {
    const world = await begin({ signedIn: false });
    world.simulator.web.serverHeader = null;
    await signIn(world.reclight.window, {
      ...world.anna,
      username: 'luca.base',
      password: 'Luca-105-demo',
      directoryNumber: '105',
    });
    await shows(world, 'Not visible to you');
  });
});
