import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { ErrorCode, ErrorDetail } from '@shared/domain/errors';
import { describeError } from '@shared/text/error-messages';
import { signIn, status } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(async () => {
  await harness.close();
});

interface Case {
  readonly code: ErrorCode;
  readonly reference: string;
  readonly detail?: ErrorDetail;
  /** Makes the server answer so. @returns how to undo it */
  readonly arrange: () => () => void;
}

const recorder = () => harness.reclight.window.getByRole('region', { name: 'Recorder' });
const call = (
  input: Parameters<Harness['simulator']['telephony']['connectCall']>[0] = { directoryNumber: '101' },
) => harness.simulator.telephony.connectCall(input);

/** Changes a field of an object of the simulator's, and puts it back. */
function change<Key extends string, Target extends Record<Key, unknown>>(
  target: Target,
  key: Key,
  value: Target[Key],
): () => void {
  const before = target[key];
  target[key] = value;
  return () => {
    target[key] = before;
  };
}

/** Changes Anna's phone, and puts it back. */
function phone(patch: Parameters<Harness['simulator']['telephony']['updateDevice']>[1]): () => void {
  const { telephony } = harness.simulator;
  telephony.updateDevice('SEP001122334401', patch);
  return () => {
    telephony.updateDevice('SEP001122334401', { monitorable: true, recordingMode: 'manual' });
  };
}

/** Gives Anna's line to somebody else, and back. */
function lineOf(username: string | null): () => void {
  const { telephony } = harness.simulator;
  telephony.setLine({ directoryNumber: '101', username });
  return () => {
    telephony.setLine({ directoryNumber: '101', username: 'anna.rossi' });
  };
}

/**
 * For what no request of RecLight makes the server answer (it always names a line, a mode and an id that exist), and for
 * what would take the question what is recorded down with it.
 */
function answer(route: 'start' | 'stopById', code: number, body: unknown): () => void {
  const fault = harness.simulator.faults.add({
    match: { route },
    action: {
      kind: 'respond',
      status: code,
      ...(body === null ? {} : { body: JSON.stringify(body), contentType: 'application/json' }),
    },
  });
  return () => {
    fault.remove();
  };
}

beforeEach(async () => {
  harness.simulator.telephony.endAllCalls();
  await expect
    .poll(() => status(harness.reclight.window).textContent(), { timeout: 15_000 })
    .toBe('Not recording');
});

async function expectMessage(
  { code, reference, detail = {} }: Case,
  operation: 'start' | 'stop',
): Promise<void> {
  const { what, next } = describeError({ code, operation, detail });
  const alert = recorder().getByRole('alert');
  await expect
    .poll(async () => (await alert.allTextContents()).join(' '), { timeout: 15_000 })
    .toContain(what);
  const text = (await alert.allTextContents()).join(' ');
  expect(text).toContain(next);
  expect(text).toContain(reference);
  await recorder().getByRole('button', { name: 'Dismiss' }).first().click();
  await expect.poll(() => alert.count()).toBe(0);
}

describe('each documented error of start has its own message', () => {
  const cases: readonly Case[] = [
    { code: 'no-line-given', reference: '400/0', arrange: () => answer('start', 400, { reason: 0 }) },
    {
      code: 'line-not-monitorable',
      reference: '400/1',
      detail: { deviceName: 'SEP001122334401' },
      arrange: () => (call(), phone({ monitorable: false })),
    },
    { code: 'invalid-mode', reference: '400/2', arrange: () => answer('start', 400, { reason: 2 }) },
    {
      code: 'caller-without-extension',
      reference: '400/3',
      arrange: () => answer('start', 400, { reason: 3 }),
    },
    {
      code: 'device-not-manual',
      reference: '400/4',
      arrange: () => (call(), phone({ recordingMode: 'automatic' })),
    },
    { code: 'not-allowed', reference: '403/0', arrange: () => (call(), lineOf('ben.carter')) },
    {
      code: 'call-user-not-allowed',
      reference: '403/1',
      detail: { username: 'anna.rossi' },
      arrange: () => {
        call();
        harness.simulator.accounts.update('anna.rossi', { recordable: false });
        return () => harness.simulator.accounts.update('anna.rossi', { recordable: true });
      },
    },
    {
      code: 'direction-excluded',
      reference: '403/2',
      arrange: () => (call(), change(harness.simulator.service, 'recordedDirections', 'outgoing')),
    },
    {
      code: 'traffic-excluded',
      reference: '403/3',
      arrange: () => (call(), change(harness.simulator.service, 'recordedTraffic', 'internal')),
    },
    {
      code: 'blacklisted',
      reference: '403/4',
      arrange: () => (call(), change(harness.simulator.service, 'blacklist', ['+390244548866'])),
    },
    {
      code: 'line-without-user',
      reference: '409/0',
      detail: { extension: '101' },
      arrange: () => (call(), lineOf(null)),
    },
    {
      code: 'no-connected-call',
      reference: '409/1',
      detail: { directoryNumber: '101' },
      arrange: () => () => undefined,
    },
    { code: 'server-error', reference: '500', arrange: () => (call(), answer('start', 500, null)) },
    {
      code: 'licence-invalid',
      reference: '501/0',
      arrange: () => (call(), change(harness.simulator.service, 'licenceValid', false)),
    },
    {
      code: 'no-recording-pilot',
      reference: '501/1',
      arrange: () => (call(), change(harness.simulator.service, 'pilotConfigured', false)),
    },
    {
      code: 'pilot-misrouted',
      reference: '501/2',
      arrange: () => (call(), change(harness.simulator.service, 'forkingConfigured', false)),
    },
    {
      code: 'channels-in-use',
      reference: '503',
      arrange: () => (call(), change(harness.simulator.service, 'channels', 0)),
    },
    { code: 'service-down', reference: '504', arrange: () => (call(), answer('start', 504, null)) },
  ];

  test.each(cases)('$reference $code', async (entry) => {
    const undo = entry.arrange();
    try {
      await recorder()
        .getByRole('button', { name: /^Record(?! next)/ })
        .click();
      await expectMessage(entry, 'start');
    } finally {
      undo();
    }
  });

  test('429/1 adopts the recording that is already there', async () => {
    call();
    harness.simulator.telephony.startRecording({ directoryNumber: '101', by: 'sara.conti' });
    await recorder()
      .getByRole('button', { name: /^Record(?! next)/ })
      .click();
    await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Recording');
    expect(harness.simulator.telephony.live()).toHaveLength(1);
  });

  test('429/0 waits until the recording runs', async () => {
    call();
    const undo = answer('start', 429, { reason: 0 });
    await recorder()
      .getByRole('button', { name: /^Record(?! next)/ })
      .click();
    await harness.simulator.requests.waitForRequest(
      ({ route, status: code }) => route === 'start' && code === 429,
    );
    harness.simulator.telephony.startRecording({ directoryNumber: '101', by: 'anna.rossi' });
    await expect
      .poll(() => status(harness.reclight.window).textContent(), { timeout: 15_000 })
      .toBe('Recording');
    undo();
  });
});

describe('each documented error of stop has its own message', () => {
  const record = () => {
    call();
    harness.simulator.telephony.startRecording({ directoryNumber: '101' });
  };
  const cases: readonly (Case & { readonly before?: () => () => void })[] = [
    { code: 'invalid-id', reference: '400/0', arrange: () => answer('stopById', 400, { reason: 0 }) },
    {
      code: 'line-not-monitorable',
      reference: '400/1',
      detail: { deviceName: 'SEP001122334401' },
      arrange: () => phone({ monitorable: false }),
    },
    {
      code: 'automatic-recording',
      reference: '400/2',
      before: () => {
        const undo = phone({ recordingMode: 'automatic' });
        call();
        return undo;
      },
      arrange: () => () => undefined,
    },
    {
      code: 'not-allowed',
      reference: '403',
      before: () => {
        const undo = lineOf('ben.carter');
        record();
        return undo;
      },
      arrange: () => () => undefined,
    },
    { code: 'server-error', reference: '500', arrange: () => answer('stopById', 500, null) },
    { code: 'service-down', reference: '504', arrange: () => answer('stopById', 504, null) },
  ];

  test.each(cases)('$reference $code', async (entry) => {
    const undoBefore = (entry.before ?? (() => (record(), () => undefined)))();
    await expect
      .poll(() => status(harness.reclight.window).textContent(), { timeout: 15_000 })
      .toBe('Recording');
    const undo = entry.arrange();
    try {
      await recorder().getByRole('button', { name: /^Stop/ }).click();
      await expectMessage(entry, 'stop');
      expect(await status(harness.reclight.window).textContent()).toBe('Recording');
      expect(harness.simulator.telephony.live()).toHaveLength(1);
    } finally {
      undo();
      undoBefore();
    }
  });

  test('409: what ended meanwhile is no error, it is simply no longer recording', async () => {
    const connected = call();
    harness.simulator.telephony.startRecording({ directoryNumber: '101' });
    await expect
      .poll(() => status(harness.reclight.window).textContent(), { timeout: 15_000 })
      .toBe('Recording');
    harness.simulator.telephony.endCall(connected.id);
    await recorder().getByRole('button', { name: /^Stop/ }).click();
    await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Not recording');
  });
});

describe('a password that is refused', () => {
  test.each([
    ['start', /^Record(?! next)/],
    ['stopById', /^Stop/],
  ] as const)('by %s is told with its likely cause, and nothing more is sent', async (route, button) => {
    const { simulator, reclight, anna } = harness;
    const { window } = reclight;
    call();
    if (route === 'stopById') {
      simulator.telephony.startRecording({ directoryNumber: '101' });
      await expect.poll(() => status(window).textContent(), { timeout: 15_000 }).toBe('Recording');
    }
    // Or else what RecLight asks by itself could be the first to be refused.
    const held = simulator.faults.add({
      match: { route: ['active', 'list', 'detail'] },
      action: { kind: 'stall' },
    });
    simulator.requests.clear();
    simulator.accounts.update('anna.rossi', { sso: true });
    try {
      await recorder().getByRole('button', { name: button }).click();
      const form = window.getByRole('form', { name: 'Sign in' });
      await form.waitFor();
      const operation = route === 'start' ? 'start' : 'stop';
      const { what, next } = describeError({ code: 'unauthorized', operation, detail: {} });
      const alert = form.getByRole('alert');
      await expect.poll(async () => (await alert.allTextContents()).join(' ')).toContain(what);
      const text = (await alert.allTextContents()).join(' ');
      expect(text).toContain(next);
      expect(text).toContain('AllowBasicAuthForSsoUsersViaWebApi');
      const refused = simulator.requests.filter(({ status: code }) => code === 401);
      expect(refused.map((request) => request.route)).toEqual([route]);

      const sent = simulator.requests.entries.length;
      const answers = await window.evaluate(async () => [
        await self.reclight.startRecording({}),
        await self.reclight.stopRecording({}),
        await self.reclight.tryNow({}),
        await self.reclight.listRecordings({ page: 0, pageSize: 50 }),
      ]);
      expect(answers.map(({ ok }) => ok)).toEqual([false, false, false, false]);
      expect(simulator.requests.entries).toHaveLength(sent);
    } finally {
      held.remove();
      simulator.accounts.update('anna.rossi', { sso: false });
      await signIn(window, anna);
    }
  });
});
