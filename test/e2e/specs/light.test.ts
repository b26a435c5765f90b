import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { connectCall, patience, press, pressRecord, record, recorder, shows } from '../harness/light';
import { fillSignIn, signIn, status } from '../harness/reclight';
import type { Stage } from '../harness/harness';
import { setStage } from '../harness/harness';
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

let stage: Stage;

afterEach(async () => {
  await stage.close();
});

const starts = () => stage.simulator.requests.filter('start');

describe('the light never lies', () => {
  beforeEach(async () => {
    stage = await setStage();
    await shows(stage, 'Not recording');
  });

  test.each(['reset', 'stall'] as const)(
    'the reply to start is lost (%s): one recording, and it is shown',
    async (how) => {
      connectCall(stage);
      const step = await begin(stage);
      stage.simulator.faults.add({ match: { route: 'start' }, times: 1, action: { kind: 'lostReply', how } });
      await pressRecord(stage);
      await shows(stage, 'Recording');
      const seen = await step.seen();
      // Polls go on beside a start that hangs, so that nothing grows old.
      expectShown(seen, ['Not recording', 'Starting…', 'Recording']);
      expectFresh(seen);
      expectCalm(seen, ['POST start ']);
      const [live, ...others] = stage.simulator.telephony.live();
      expect(others).toEqual([]);
      expectTimer(seen, live?.startedMs ?? NaN);
    },
  );

  test('the reply to stop is lost: it is not recording, and one request was made', async () => {
    const { id } = await record(stage);
    const step = await begin(stage);
    stage.simulator.faults.add({ match: { route: 'stopById' }, times: 1, action: { kind: 'lostReply' } });
    await press(stage, /^Stop/);
    await shows(stage, 'Not recording');
    const seen = await step.seen();
    expectShown(seen, ['Recording', 'Stopping…', 'Not recording']);
    expectFresh(seen);
    // A list that still shows it afterwards may have it stopped once more; that finds nothing, and does no harm.
    const isRepeated = stage.simulator.timing.lingersMs > 0 && commands(seen.requests).length > 1;
    expectCalm(seen, [`DELETE stopById  ${id}`, ...(isRepeated ? [`DELETE stopById 409 ${id}`] : [])]);
  });

  test('the call ends by itself: told at once, then saved', async () => {
    const call = connectCall(stage);
    const step = await begin(stage);
    await pressRecord(stage);
    await shows(stage, 'Recording');
    const [live] = stage.simulator.telephony.live();
    stage.simulator.telephony.endCall(call.id);
    const endedAt = stage.simulator.clock.now();
    await shows(stage, 'Not recording');
    await stage.desktop.waitForNotification(({ summary }) => summary === 'The recording has ended');
    await stage.desktop.waitForNotification(({ summary }) => summary === 'Recording saved', {
      timeoutMs: 30_000,
    });
    const seen = await step.seen();
    expectShown(seen, ['Not recording', 'Starting…', 'Recording', 'Not recording']);
    expectFresh(seen);
    expectTimer(seen, live?.startedMs ?? NaN, endedAt);
    expectCalm(seen, ['POST start 201']);
  });

  test('a recording that never appears is listed as unconfirmed', async () => {
    const call = connectCall(stage);
    await pressRecord(stage);
    await shows(stage, 'Recording');
    const id = stage.simulator.telephony.live()[0]?.id ?? '';
    stage.simulator.telephony.endCall(call.id, 'never');
    await shows(stage, 'Not recording');
    // The two minutes of looking pass eight times as fast, for everything in the main process; so must the server answer.
    stage.simulator.web.delays = {};
    await stage.reclight.app.evaluate((_electron, speed) => {
      const [real, wait] = [performance.now.bind(performance), setTimeout];
      const turned = real();
      performance.now = () => turned + (real() - turned) * speed;
      const hurried = (callback: () => void, ms = 0) => wait(callback, ms / speed);
      Object.assign(globalThis, { setTimeout: hurried });
    }, 8);
    await stage.desktop.waitForNotification(({ summary }) => summary === 'A recording could not be found', {
      timeoutMs: 120_000,
    });
    const { requests, telephony } = stage.simulator;
    const looks = requests
      .filter('detail')
      .filter(({ path }) => telephony.originOf(path.split('/').at(-1) ?? '') === telephony.originOf(id));
    expect(looks.map(({ status: code }) => code)).toEqual(Array.from({ length: 8 }, () => 404));
    await stage.restart();
    await fillSignIn(stage.reclight.window, stage.anna);
    await shows(stage, 'Not recording');
    await stage.reclight.window.getByText('Not found among your recordings').waitFor();
  }, 240_000);

  test('a supervisor starts and stops a recording of my line', async () => {
    connectCall(stage);
    const step = await begin(stage);
    const live = stage.simulator.telephony.startRecording({ directoryNumber: '101', by: 'sara.conti' });
    await shows(stage, 'Recording');
    stage.simulator.telephony.finish(live.id);
    const endedAt = stage.simulator.clock.now();
    await shows(stage, 'Not recording');
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
    stage = await setStage({ signedIn: false });
  });

  /** Without the moment after signing in that the server takes to tell the state: a tray may never get to show it. */
  const onceTold = (tray: Seen['tray']) =>
    tray.filter(
      ({ state }, index) =>
        state !== 'State unknown' || !['Signed out', undefined].includes(tray[index - 1]?.state),
    );

  test('the password is changed on the server: one 401, none after a restart', async () => {
    await fillSignIn(stage.reclight.window, { ...stage.anna, remember: true });
    await shows(stage, 'Not recording');
    const use = await begin(stage);
    // A slow list that was asked for before may be what is refused.
    const refused = () => stage.simulator.requests.filter(({ status: code }) => code === 401);
    const form = () => stage.reclight.window.getByRole('form', { name: 'Sign in' });
    const told = async () =>
      (await stage.desktop.notifications()).filter(
        ({ summary }) => summary === 'The server refused your password',
      );
    // Nobody looks at the window: the light must not go out in silence.
    await stage.reclight.window.evaluate(() => self.reclight.hideWindow({}));
    await expect
      .poll(() =>
        stage.reclight.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()),
      )
      .toBe(false);
    // Only now: whoever looks at the window is told there.
    stage.simulator.accounts.update('anna.rossi', { password: 'Changed-today-1' });
    const notice = await stage.desktop.waitForNotification(
      ({ summary }) => summary === 'The server refused your password',
      { timeoutMs: patience.timeout },
    );
    expect(notice.body).toContain('AllowBasicAuthForSsoUsersViaWebApi');
    await stage.desktop.pressKeys('ctrl+shift+F12');
    await form().waitFor(patience);
    await expect.poll(() => stage.reclight.window.getByRole('alert').first().textContent()).toMatch(/SSO/);
    await stage.desktop.waitForTrayItem(({ tooltip }) => tooltip === 'RecLight – Password refused');
    await stage.reclight.app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('suspend');
      powerMonitor.emit('resume');
      powerMonitor.emit('unlock-screen');
    });
    await stage.desktop.pressKeys('ctrl+shift+F9', 'ctrl+shift+F10');
    expect(await told()).toHaveLength(1);
    const used = await use.seen();
    expectShown(used, ['Not recording', 'State unknown'], ['Not recording', 'Password refused']);
    expectFresh(used);
    expectCalm(used);

    await stage.restart();
    const again = await begin(stage);
    await form().waitFor(patience);
    await stage.desktop.waitForTrayItem(({ tooltip }) => tooltip === 'RecLight – Password refused');
    const locked = await again.seen();
    expectTray(onceTold(locked.tray), ['Signed out', 'Password refused']);
    expect(locked.requests).toEqual([]);
    expect(refused()).toHaveLength(1);
    const refusedAt = refused().map(({ monotonic, durationMs }) => monotonic + (durationMs ?? NaN));
    const later = stage.simulator.requests.filter(({ monotonic }) => monotonic > (refusedAt[0] ?? NaN));
    expect(later).toEqual([]);

    const renewed = await begin(stage);
    await fillSignIn(stage.reclight.window, { ...stage.anna, password: 'Changed-today-1' });
    await shows(stage, 'Not recording');
    const seen = await renewed.seen();
    expectTray(onceTold(seen.tray), ['Password refused', 'Signed out', 'Not recording']);
    expectFresh(seen);
    expect(refused()).toHaveLength(1);
  });

  test('two lines record at once: both are listed, and each can be stopped', async () => {
    const { telephony } = stage.simulator;
    telephony.connectCall({ directoryNumber: '111', remote: { phoneNumber: '+442079460018' } });
    const second = telephony.startRecording({ directoryNumber: '111', by: 'anna.rossi' });
    await signIn(stage.reclight.window, stage.anna);
    // What runs on other lines is asked for every half minute; the first list may be too early to show it.
    await shows(stage, 'Recording', 60_000);
    const step = await begin(stage);
    const call = connectCall(stage);
    await pressRecord(stage);
    await stage.desktop.waitForTrayItem(({ tooltip }) => /Recording [\d:]+ and 1 more$/.test(tooltip));
    await expect.poll(() => recorder(stage).getByRole('timer').count(), patience).toBe(2);
    await expect.poll(() => recorder(stage).textContent()).toContain('Giulia Marchetti');
    await expect.poll(() => recorder(stage).textContent()).toContain('Oliver Hughes');
    const own = telephony.originOf(telephony.liveOf(call)?.id ?? '');
    await press(stage, /^Stop.*Oliver/);
    await expect.poll(() => recorder(stage).getByRole('timer').count(), patience).toBe(1);
    expect(telephony.live().map(({ id }) => telephony.originOf(id))).toEqual([own]);
    const both = await step.seen();
    expectShown(both, ['Recording']);
    expectFresh(both);
    expectCalm(both, ['POST start 201', `DELETE stopById 204 ${second.id}`]);

    const last = await begin(stage);
    await press(stage, /^Stop/);
    await shows(stage, 'Not recording');
    const seen = await last.seen();
    expectShown(seen, ['Recording', 'Stopping…', 'Not recording']);
    expectFresh(seen);
    expectCalm(seen, [`DELETE stopById 204 ${own}`]);
  });

  test('a user below level 10 sees "not visible", never "not recording"', async () => {
    await fillSignIn(stage.reclight.window, {
      server: stage.simulator.url,
      username: 'luca.base',
      password: 'Luca-105-demo',
      directoryNumber: '105',
    });
    await shows(stage, 'Not visible to you');
    const step = await begin(stage);
    stage.simulator.telephony.connectCall({ directoryNumber: '105' });
    stage.simulator.telephony.startRecording({ directoryNumber: '105' });
    // What nobody may see is asked for seldom; waking asks at once.
    await stage.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('unlock-screen'));
    const { at } = await stage.simulator.requests.waitForRequest(
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
    stage = await setStage();
    await shows(stage, 'Not recording');
  });

  test('waits, records the call as soon as it connects, and tells', async () => {
    const step = await begin(stage);
    await press(stage, 'Record next call');
    await shows(stage, 'Waiting for a call…');
    await stage.simulator.requests.waitForRequest(
      ({ route, status: code }) => route === 'start' && code === 409,
    );
    connectCall(stage);
    await shows(stage, 'Recording');
    expect(stage.simulator.telephony.live()).toHaveLength(1);
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
    await press(stage, 'Record next call');
    await shows(stage, 'Waiting for a call…');
    await press(stage, 'Cancel');
    await shows(stage, 'Not recording');
    await press(stage, 'Record next call');
    await shows(stage, 'Waiting for a call…');
    await stage.restart();
    const step = await begin(stage);
    await fillSignIn(stage.reclight.window, stage.anna);
    await shows(stage, 'Not recording');
    expect(commands(step.requests())).toEqual([]);
  });
});

describe('pause and resume', () => {
  test('are absent where the server has none', async () => {
    stage = await setStage();
    await record(stage);
    expect(await recorder(stage).getByRole('button', { name: 'Pause' }).count()).toBe(0);
  });

  test('work where the server has them, and the tray says so', async () => {
    stage = await setStage({ simulator: { generation: 2025 } });
    await shows(stage, 'Not recording');
    await record(stage);
    const step = await begin(stage);
    await press(stage, 'Pause');
    await expect.poll(() => status(stage.reclight.window).textContent(), patience).toBe('Paused');
    await stage.desktop.waitForTrayItem(({ tooltip }) => /^RecLight – Paused/.test(tooltip));
    expect(stage.simulator.telephony.live()[0]?.isPaused).toBe(true);
    await press(stage, 'Resume');
    await shows(stage, 'Recording');
    const seen = await step.seen();
    expectShown(seen, ['Recording', 'Paused', 'Recording']);
    expectFresh(seen);
    expect(seen.requests.filter(({ route, status: code }) => route === 'pause' && code === 204)).toHaveLength(
      1,
    );
  });
});
