import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fillSignIn, status } from './support/reclight';
import type { Stage } from './support/stage';
import { setStage } from './support/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  await shows('Not recording');
});

afterEach(async () => {
  await stage.close();
});

const patience = { timeout: 25_000 };
const recorder = () => stage.reclight.window.getByRole('region', { name: 'Recorder' });
const remote = { phoneNumber: '+390244548866', firstName: 'Giulia', lastName: 'Marchetti' };
const connectCall = () => stage.simulator.telephony.connectCall({ directoryNumber: '101', remote });
const press = (name: RegExp | string) => recorder().getByRole('button', { name }).click();
const pressRecord = () => press(/^Record(?! next)/);
const routes = (route: 'start' | 'stopById' | 'stopByLine' | 'active') =>
  stage.simulator.requests.filter(route);

const tooltips: Readonly<Record<string, RegExp>> = {
  'Not recording': /^RecLight – Not recording/,
  Recording: /^RecLight – Recording \d\d:\d\d/,
  'State unknown': /^RecLight – State unknown/,
  'Starting…': /^RecLight – Starting…/,
  'Not visible to you': /^RecLight – Not visible to you/,
  'Waiting for a call…': /^RecLight – Waiting for a call…/,
};

/** Window and tray say the same; and where the state is known, when it was true. */
async function shows(wanted: string): Promise<void> {
  await expect.poll(() => status(stage.reclight.window).textContent(), patience).toBe(wanted);
  await stage.desktop.waitForTrayItem(({ tooltip }) => tooltips[wanted]?.test(tooltip) === true, {
    timeoutMs: patience.timeout,
  });
  if (wanted === 'Recording' || wanted === 'Not recording') {
    await expect.poll(() => recorder().textContent(), patience).toMatch(/as of \d/);
  }
}

async function record(): Promise<void> {
  connectCall();
  await pressRecord();
  await shows('Recording');
}

/** What the timer shows, in seconds. */
async function timer(): Promise<number> {
  const text = (await recorder().getByRole('timer').first().textContent()) ?? '';
  return text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

const serverSeconds = () => (stage.simulator.telephony.live()[0]?.durationMs ?? 0) / 1_000;

describe('the light never lies', () => {
  test('the cable is pulled for 30 s in the middle of a recording', async () => {
    await record();
    await stage.simulator.faults.goDown();
    await shows('State unknown');
    await expect
      .poll(() => recorder().textContent())
      .toMatch(/Was recording Giulia Marchetti · \+390244548866 at /);
    await expect.poll(() => recorder().textContent()).toMatch(/again in \d+ s|Trying/);
    expect(await recorder().getByRole('timer').count()).toBe(0);
    await stage.desktop.waitForNotification(({ summary }) => /not known/.test(summary), {
      timeoutMs: 60_000,
    });
    stage.simulator.requests.clear();
    await stage.simulator.faults.comeUp();
    await press('Try now');
    await shows('Recording');
    await stage.desktop.waitForNotification(({ summary }) => /sees your line again/.test(summary));
    expect(Math.abs((await timer()) - serverSeconds())).toBeLessThan(2);
    expect(routes('start')).toHaveLength(0);
  });

  test.each([
    ['503 pages', { kind: 'page', status: 503 }],
    ["a proxy's log-in page", { kind: 'proxyLogin' }],
    ['a redirect to a log-in page', { kind: 'redirect' }],
    ['malformed answers', { kind: 'mangle', how: 'malformed' }],
    ['resets', { kind: 'reset' }],
    ['500 for a while', { kind: 'page', status: 500 }],
  ] as const)('%s instead of answers: not known, never "not recording"', async (_name, action) => {
    await record();
    const fault = stage.simulator.faults.add({ action });
    await shows('State unknown');
    fault.remove();
    await press('Try now');
    await shows('Recording');
  });

  test.each(['reset', 'stall'] as const)(
    'the reply to start is lost (%s): one recording, and it is shown',
    async (how) => {
      connectCall();
      stage.simulator.faults.add({ match: { route: 'start' }, times: 1, action: { kind: 'lostReply', how } });
      await pressRecord();
      await shows('Recording');
      expect(routes('start')).toHaveLength(1);
      expect(stage.simulator.telephony.live()).toHaveLength(1);
    },
  );

  test('the reply to stop is lost: it is not recording, and one request was made', async () => {
    await record();
    stage.simulator.faults.add({ match: { route: 'stopById' }, times: 1, action: { kind: 'lostReply' } });
    await press(/^Stop/);
    await shows('Not recording');
    expect(routes('stopById')).toHaveLength(1);
    expect(routes('stopByLine')).toHaveLength(0);
  });

  test('the call ends by itself: told at once, then saved', async () => {
    const call = connectCall();
    await pressRecord();
    await shows('Recording');
    stage.simulator.telephony.endCall(call.id);
    await shows('Not recording');
    expect(await recorder().getByRole('timer').count()).toBe(0);
    await stage.desktop.waitForNotification(({ summary }) => summary === 'The recording has ended');
    await stage.desktop.waitForNotification(({ summary }) => summary === 'Recording saved', {
      timeoutMs: 30_000,
    });
  });

  test('a recording that never appears is listed as unconfirmed', async () => {
    const call = connectCall();
    await pressRecord();
    await shows('Recording');
    stage.simulator.telephony.endCall(call.id, 'never');
    await stage.desktop.waitForNotification(({ summary }) => summary === 'A recording could not be found', {
      timeoutMs: 180_000,
    });
    await stage.restart();
    await fillSignIn(stage.reclight.window, stage.anna);
    await shows('Not recording');
    await stage.reclight.window.getByText('Not found among your recordings').waitFor();
  }, 300_000);

  test('a supervisor starts and stops a recording of my line', async () => {
    connectCall();
    const live = stage.simulator.telephony.startRecording({ directoryNumber: '101', by: 'sara.conti' });
    await shows('Recording');
    await expect.poll(() => recorder().textContent()).toContain('Giulia Marchetti');
    stage.simulator.telephony.finish(live.id);
    await shows('Not recording');
    expect(routes('start')).toHaveLength(0);
  });

  test('the password is changed on the server: one 401, none after a restart', async () => {
    await stage.restart();
    await fillSignIn(stage.reclight.window, { ...stage.anna, remember: true });
    await shows('Not recording');
    stage.simulator.accounts.update('anna.rossi', { password: 'Changed-today-1' });
    stage.simulator.requests.clear();
    const refused = () => stage.simulator.requests.filter(({ status: code }) => code === 401);
    const form = () => stage.reclight.window.getByRole('form', { name: 'Sign in' });
    const told = async () =>
      (await stage.desktop.notifications()).filter(
        ({ summary }) => summary === 'The server refused your password',
      );
    // Nobody looks at the window: the light must not go out in silence.
    await stage.reclight.window.evaluate(() => self.reclight.hideWindow({}));
    const notice = await stage.desktop.waitForNotification(
      ({ summary }) => summary === 'The server refused your password',
      { timeoutMs: patience.timeout },
    );
    expect(notice.body).toContain('AllowBasicAuthForSsoUsersViaWebApi');
    await stage.desktop.pressKeys('ctrl+alt+l');
    await form().waitFor(patience);
    await expect.poll(() => stage.reclight.window.getByRole('alert').first().textContent()).toMatch(/SSO/);
    await stage.desktop.waitForTrayItem(({ tooltip }) => tooltip === 'RecLight – Password refused');
    await stage.reclight.app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('suspend');
      powerMonitor.emit('resume');
      powerMonitor.emit('unlock-screen');
    });
    await stage.desktop.pressKeys('ctrl+alt+r', 'ctrl+alt+s');
    expect(await told()).toHaveLength(1);
    await stage.restart();
    await form().waitFor(patience);
    await stage.desktop.waitForTrayItem(({ tooltip }) => tooltip === 'RecLight – Password refused');
    expect(refused()).toHaveLength(1);
    expect(stage.simulator.requests.entries.at(-1)?.status).toBe(401);
    await fillSignIn(stage.reclight.window, { ...stage.anna, password: 'Changed-today-1' });
    await shows('Not recording');
    expect(refused()).toHaveLength(1);
  });

  test('sleep: nothing is sent, and after waking the state is asked for anew', async () => {
    await record();
    await stage.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    stage.simulator.requests.clear();
    const live = stage.simulator.telephony.live()[0];
    stage.simulator.telephony.finish(live?.id ?? '');
    // The simulator would see a poll within 2 s: the time in which it usually sees two.
    await expect(
      stage.simulator.requests.waitForRequest(({ route }) => route === 'active', 6_000),
    ).rejects.toThrow();
    expect(await status(stage.reclight.window).textContent()).not.toBe('Not recording');
    await stage.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    await shows('Not recording');
  });

  test.each([3, -3])("the computer's clock is moved by %i h: the timer does not notice", async (hours) => {
    await record();
    const before = await timer();
    const shift = (by: number) => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + by * 3_600_000;
    };
    await stage.reclight.app.evaluate((_electron, by) => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + by * 3_600_000;
    }, hours);
    await stage.reclight.window.evaluate(shift, hours);
    await expect.poll(timer, patience).toBeGreaterThan(before + 2);
    expect(Math.abs((await timer()) - serverSeconds())).toBeLessThan(2);
    await shows('Recording');
  });

  test('two lines record at once: both are listed, and each can be stopped', async () => {
    stage.simulator.telephony.connectCall({
      directoryNumber: '111',
      remote: { phoneNumber: '+442079460018' },
    });
    const second = stage.simulator.telephony.startRecording({ directoryNumber: '111', by: 'anna.rossi' });
    await record();
    // Other lines than one's own are asked for every 30 s.
    await expect
      .poll(() => recorder().textContent(), { timeout: 60_000 })
      .toMatch(/\+442079460018|Oliver Hughes/);
    await expect.poll(() => recorder().textContent()).toContain('Giulia Marchetti');
    expect(await recorder().getByRole('timer').count()).toBe(2);
    const stops = recorder().getByRole('button', { name: /^Stop/ });
    expect(await stops.count()).toBeGreaterThanOrEqual(2);
    await recorder()
      .getByRole('button', { name: /^Stop.*(Oliver|\+442079460018)/ })
      .click();
    await stage.simulator.telephony.waitFor((telephony) =>
      telephony.live().length === 1 ? true : undefined,
    );
    expect(stage.simulator.telephony.getLive(second.id)).toBeUndefined();
    await shows('Recording');
  });

  test('a user below level 10 sees "not visible", never "not recording"', async () => {
    await stage.restart();
    await fillSignIn(stage.reclight.window, {
      server: stage.simulator.url,
      username: 'luca.base',
      password: 'Luca-105-demo',
      directoryNumber: '105',
    });
    await shows('Not visible to you');
    stage.simulator.telephony.connectCall({ directoryNumber: '105' });
    stage.simulator.telephony.startRecording({ directoryNumber: '105' });
    stage.simulator.requests.clear();
    // What nobody may see is asked for seldom; waking asks at once.
    await stage.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('unlock-screen'));
    await stage.simulator.requests.waitForRequest(
      ({ route, status: code }) => route === 'active' && code === 403,
    );
    expect(await status(stage.reclight.window).textContent()).toBe('Not visible to you');
  });
});

describe('record next call', () => {
  test('waits, records the call as soon as it connects, and tells', async () => {
    await press('Record next call');
    await shows('Waiting for a call…');
    await stage.simulator.requests.waitForRequest(
      ({ route, status: code }) => route === 'start' && code === 409,
    );
    connectCall();
    await shows('Recording');
    expect(stage.simulator.telephony.live()).toHaveLength(1);
  });

  test('can be cancelled, and does not survive a restart', async () => {
    await press('Record next call');
    await shows('Waiting for a call…');
    await press('Cancel');
    await shows('Not recording');
    await press('Record next call');
    await shows('Waiting for a call…');
    await stage.restart();
    await fillSignIn(stage.reclight.window, stage.anna);
    await shows('Not recording');
  });
});

describe('pause and resume', () => {
  test('are absent where the server has none', async () => {
    await record();
    expect(await recorder().getByRole('button', { name: 'Pause' }).count()).toBe(0);
  });

  test('work where the server has them, and the tray says so', async () => {
    await stage.close();
    stage = await setStage({ simulator: { generation: 2025 } });
    await shows('Not recording');
    await record();
    await press('Pause');
    await expect.poll(() => status(stage.reclight.window).textContent(), patience).toBe('Paused');
    await stage.desktop.waitForTrayItem(({ tooltip }) => /^RecLight – Paused/.test(tooltip));
    expect(stage.simulator.telephony.live()[0]?.isPaused).toBe(true);
    await press('Resume');
    await shows('Recording');
    expect(stage.simulator.requests.filter('pause').filter(({ status: code }) => code === 204)).toHaveLength(
      1,
    );
  });
});
