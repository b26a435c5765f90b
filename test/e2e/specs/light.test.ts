import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { connectCall, patience, press, pressRecord, record, recorder, shows } from '../harness/light';
import { fillSignIn, signIn, status } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import type { Seen } from '../harness/ui-recorder';
import {
  begin,
  commands,
  expectCalm,
  expectFresh,
  expectShown,
  expectTimer,
  expectTray,
} from '../harness/ui-recorder';

let harness: Harness;

afterEach(async () => {
  await harness.close();
});

const starts = () => harness.simulator.requests.filter('start');

describe('the light never lies', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await shows(harness, 'Not recording');
  });

  test.each(['reset', 'stall'] as const)(
    'the reply to start is lost (%s): one recording, and it is shown',
    async (how) => {
      connectCall(harness);
      const step = await begin(harness);
      harness.simulator.faults.add({
        match: { route: 'start' },
        times: 1,
        action: { kind: 'lostReply', how },
      });
      await pressRecord(harness);
      await shows(harness, 'Recording');
      const seen = await step.seen();
      // Polls go on beside a start that hangs, so that nothing grows old.
      expectShown(seen, ['Not recording', 'Starting…', 'Recording']);
      expectFresh(seen);
      expectCalm(seen, ['POST start ']);
      const [live, ...others] = harness.simulator.telephony.live();
      expect(others).toEqual([]);
      expectTimer(seen, live?.startedMs ?? NaN);
    },
  );

  test('the reply to stop is lost: it is not recording, and one request was made', async () => {
    const { id } = await record(harness);
    const step = await begin(harness);
    harness.simulator.faults.add({ match: { route: 'stopById' }, times: 1, action: { kind: 'lostReply' } });
    await press(harness, /^Stop/);
    await shows(harness, 'Not recording');
    const seen = await step.seen();
    expectShown(seen, ['Recording', 'Stopping…', 'Not recording']);
    expectFresh(seen);
    // A list that still shows it afterwards may have it stopped once more; that finds nothing, and does no harm.
    const isRepeated = harness.simulator.timing.lingersMs > 0 && commands(seen.requests).length > 1;
    expectCalm(seen, [`DELETE stopById  ${id}`, ...(isRepeated ? [`DELETE stopById 409 ${id}`] : [])]);
  });

  test('the call ends by itself: told at once, then saved', async () => {
    const call = connectCall(harness);
    const step = await begin(harness);
    await pressRecord(harness);
    await shows(harness, 'Recording');
    const [live] = harness.simulator.telephony.live();
    harness.simulator.telephony.endCall(call.id);
    const endedAt = harness.simulator.clock.now();
    await shows(harness, 'Not recording');
    await harness.desktop.waitForNotification(({ summary }) => summary === 'The recording has ended');
    await harness.desktop.waitForNotification(({ summary }) => summary === 'Recording saved', {
      timeoutMs: 30_000,
    });
    const seen = await step.seen();
    expectShown(seen, ['Not recording', 'Starting…', 'Recording', 'Not recording']);
    expectFresh(seen);
    expectTimer(seen, live?.startedMs ?? NaN, endedAt);
    expectCalm(seen, ['POST start 201']);
  });

  test('a recording that never appears is listed as unconfirmed', async () => {
    const call = connectCall(harness);
    await pressRecord(harness);
    await shows(harness, 'Recording');
    const id = harness.simulator.telephony.live()[0]?.id ?? '';
    harness.simulator.telephony.endCall(call.id, 'never');
    await shows(harness, 'Not recording');
    // The two minutes of looking pass eight times as fast, for everything in the main process; so must the server answer.
    harness.simulator.web.delays = {};
    await harness.reclight.app.evaluate((_electron, speed) => {
      const [real, wait] = [performance.now.bind(performance), setTimeout];
      const turned = real();
      performance.now = () => turned + (real() - turned) * speed;
      const hurried = (callback: () => void, ms = 0) => wait(callback, ms / speed);
      Object.assign(globalThis, { setTimeout: hurried });
    }, 8);
    await harness.desktop.waitForNotification(({ summary }) => summary === 'A recording could not be found', {
      timeoutMs: 120_000,
    });
    const { requests, telephony } = harness.simulator;
    const looks = requests
      .filter('detail')
      .filter(({ path }) => telephony.originOf(path.split('/').at(-1) ?? '') === telephony.originOf(id));
    expect(looks.map(({ status: code }) => code)).toEqual(Array.from({ length: 8 }, () => 404));
    await harness.restart();
    await fillSignIn(harness.reclight.window, harness.anna);
    await shows(harness, 'Not recording');
    await harness.reclight.window.getByText('Not found among your recordings').waitFor();
  }, 240_000);

  test('a supervisor starts and stops a recording of my line', async () => {
    connectCall(harness);
    const step = await begin(harness);
    const live = harness.simulator.telephony.startRecording({ directoryNumber: '101', by: 'sara.conti' });
    await shows(harness, 'Recording');
    harness.simulator.telephony.finish(live.id);
    const endedAt = harness.simulator.clock.now();
    await shows(harness, 'Not recording');
    const seen = await step.seen();
    expectShown(seen, ['Not recording', 'Recording', 'Not recording']);
    const recorded = seen.window.filter(({ state }) => state === 'Recording');
    expect(recorded.every(({ text }) => text.includes('Giulia Marchetti'))).toBe(true);
    expectFresh(seen);
    expectTimer(seen, live.startedMs, endedAt);
    expectCalm(seen);
  });
});

describe('whoever signs in', () => {
  beforeEach(async () => {
    harness = await startHarness({ signedIn: false });
  });

  /** Without the moment after signing in that the server takes to tell the state: a tray may never get to show it. */
  const onceTold = (tray: Seen['tray']) =>
    tray.filter(
      ({ state }, index) =>
        state !== 'State unknown' || !['Signed out', undefined].includes(tray[index - 1]?.state),
    );

  test('the password is changed on the server: one 401, none after a restart', async () => {
    await fillSignIn(harness.reclight.window, { ...harness.anna, remember: true });
    await shows(harness, 'Not recording');
    const use = await begin(harness);
    // A slow list that was asked for before may be what is refused.
    const refused = () => harness.simulator.requests.filter(({ status: code }) => code === 401);
    const form = () => harness.reclight.window.getByRole('form', { name: 'Sign in' });
    const told = async () =>
      (await harness.desktop.notifications()).filter(
        ({ summary }) => summary === 'The server refused your password',
      );
    // Nobody looks at the window: the light must not go out in silence.
    await harness.reclight.window.evaluate(() => self.reclight.hideWindow({}));
    await expect
      .poll(() =>
        harness.reclight.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()),
      )
      .toBe(false);
    // Only now: whoever looks at the window is told there.
    harness.simulator.accounts.update('anna.rossi', { password: 'Changed-today-1' });
    const notice = await harness.desktop.waitForNotification(
      ({ summary }) => summary === 'The server refused your password',
      { timeoutMs: patience.timeout },
    );
    expect(notice.body).toContain('AllowBasicAuthForSsoUsersViaWebApi');
    await harness.desktop.pressKeys('ctrl+shift+F12');
    await form().waitFor(patience);
    await expect.poll(() => harness.reclight.window.getByRole('alert').first().textContent()).toMatch(/SSO/);
    await harness.desktop.waitForTrayItem(({ tooltip }) => tooltip === 'RecLight – Password refused');
    await harness.reclight.app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('suspend');
      powerMonitor.emit('resume');
      powerMonitor.emit('unlock-screen');
    });
    await harness.desktop.pressKeys('ctrl+shift+F9', 'ctrl+shift+F10');
    expect(await told()).toHaveLength(1);
    const used = await use.seen();
    expectShown(used, ['Not recording', 'State unknown'], ['Not recording', 'Password refused']);
    expectFresh(used);
    expectCalm(used);

    await harness.restart();
    const again = await begin(harness);
    await form().waitFor(patience);
    await harness.desktop.waitForTrayItem(({ tooltip }) => tooltip === 'RecLight – Password refused');
    const locked = await again.seen();
    expectTray(onceTold(locked.tray), ['Signed out', 'Password refused']);
    expect(locked.requests).toEqual([]);
    expect(refused()).toHaveLength(1);
    const refusedAt = refused().map(({ monotonic, durationMs }) => monotonic + (durationMs ?? NaN));
    const later = harness.simulator.requests.filter(({ monotonic }) => monotonic > (refusedAt[0] ?? NaN));
    expect(later).toEqual([]);

    const renewed = await begin(harness);
    await fillSignIn(harness.reclight.window, { ...harness.anna, password: 'Changed-today-1' });
    await shows(harness, 'Not recording');
    const seen = await renewed.seen();
    expectTray(onceTold(seen.tray), ['Password refused', 'Signed out', 'Not recording']);
    expectFresh(seen);
    expect(refused()).toHaveLength(1);
  });

  test('two lines record at once: both are listed, and each can be stopped', async () => {
    const { telephony } = harness.simulator;
    telephony.connectCall({ directoryNumber: '111', remote: { phoneNumber: '+442079460018' } });
    const second = telephony.startRecording({ directoryNumber: '111', by: 'anna.rossi' });
    await signIn(harness.reclight.window, harness.anna);
    // What runs on other lines is asked for every half minute; the first list may be too early to show it.
    await shows(harness, 'Recording', 60_000);
    const step = await begin(harness);
    const call = connectCall(harness);
    await pressRecord(harness);
    await harness.desktop.waitForTrayItem(({ tooltip }) => /Recording [\d:]+ and 1 more$/.test(tooltip));
    await expect.poll(() => recorder(harness).getByRole('timer').count(), patience).toBe(2);
    await expect.poll(() => recorder(harness).textContent()).toContain('Giulia Marchetti');
    await expect.poll(() => recorder(harness).textContent()).toContain('Oliver Hughes');
    const own = telephony.originOf(telephony.liveOf(call)?.id ?? '');
    await press(harness, /^Stop.*Oliver/);
    await expect.poll(() => recorder(harness).getByRole('timer').count(), patience).toBe(1);
    expect(telephony.live().map(({ id }) => telephony.originOf(id))).toEqual([own]);
    const both = await step.seen();
    expectShown(both, ['Recording']);
    expectFresh(both);
    expectCalm(both, ['POST start 201', `DELETE stopById 204 ${second.id}`]);

    const last = await begin(harness);
    await press(harness, /^Stop/);
    await shows(harness, 'Not recording');
    const seen = await last.seen();
    expectShown(seen, ['Recording', 'Stopping…', 'Not recording']);
    expectFresh(seen);
    expectCalm(seen, [`DELETE stopById 204 ${own}`]);
  });

  test('a user below level 10 sees "not visible", never "not recording"', async () => {
    await fillSignIn(harness.reclight.window, {
      server: harness.simulator.url,
      username: 'luca.base',
      password: 'Luca-105-demo',
      directoryNumber: '105',
    });
    await shows(harness, 'Not visible to you');
    const step = await begin(harness);
    harness.simulator.telephony.connectCall({ directoryNumber: '105' });
    harness.simulator.telephony.startRecording({ directoryNumber: '105' });
    // What nobody may see is asked for seldom; waking asks at once.
    await harness.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('unlock-screen'));
    const { at } = await harness.simulator.requests.waitForRequest(
      (request) => step.requests().includes(request) && request.status === 403,
    );
    await expect.poll(async () => (await step.window()).at(-1)?.at, patience).toBeGreaterThan(at);
    const seen = await step.seen();
    expectShown(seen, ['Not visible to you']);
    expectFresh(seen);
    expectCalm(seen);
    expect(seen.requests).toMatchObject([{ route: 'active', status: 403 }]);
  });
});

describe('record next call', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await shows(harness, 'Not recording');
  });

  test('waits, records the call as soon as it connects, and tells', async () => {
    const step = await begin(harness);
    await press(harness, 'Record next call');
    await shows(harness, 'Waiting for a call…');
    await harness.simulator.requests.waitForRequest(
      ({ route, status: code }) => route === 'start' && code === 409,
    );
    connectCall(harness);
    await shows(harness, 'Recording');
    expect(harness.simulator.telephony.live()).toHaveLength(1);
    const seen = await step.seen();
    expectShown(seen, ['Not recording', 'Waiting for a call…', 'Starting…', 'Recording']);
    expectFresh(seen);
    const tries = starts().map(({ status: code }) => code);
    expect(tries).toEqual([...tries.slice(1).map(() => 409), 201]);
    expectCalm(
      seen,
      tries.map((code) => `POST start ${code}`),
    );
  });

  test('can be cancelled, and does not survive a restart', async () => {
    await press(harness, 'Record next call');
    await shows(harness, 'Waiting for a call…');
    await press(harness, 'Cancel');
    await shows(harness, 'Not recording');
    await press(harness, 'Record next call');
    await shows(harness, 'Waiting for a call…');
    await harness.restart();
    const step = await begin(harness);
    await fillSignIn(harness.reclight.window, harness.anna);
    await shows(harness, 'Not recording');
    expect(commands(step.requests())).toEqual([]);
  });
});

describe('pause and resume', () => {
  test('are absent where the server has none', async () => {
    harness = await startHarness();
    await record(harness);
    expect(await recorder(harness).getByRole('button', { name: 'Pause' }).count()).toBe(0);
  });

  test('work where the server has them, and the tray says so', async () => {
    harness = await startHarness({ simulator: { generation: 2025 } });
    await shows(harness, 'Not recording');
    await record(harness);
    const step = await begin(harness);
    await press(harness, 'Pause');
    await expect.poll(() => status(harness.reclight.window).textContent(), patience).toBe('Paused');
    await harness.desktop.waitForTrayItem(({ tooltip }) => /^RecLight – Paused/.test(tooltip));
    expect(harness.simulator.telephony.live()[0]?.isPaused).toBe(true);
    await press(harness, 'Resume');
    await shows(harness, 'Recording');
    const seen = await step.seen();
    expectShown(seen, ['Recording', 'Paused', 'Recording']);
    expectFresh(seen);
    expect(seen.requests.filter(({ route, status: code }) => route === 'pause' && code === 204)).toHaveLength(
      1,
    );
  });
});
