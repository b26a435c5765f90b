import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import type { RecorderApi, UploadFile, UploadMetadata } from '../../../src-main/core/ports';
import { createRequestGate } from '../../../src-main/core/request-gate';
import type { CodedError, ErrorCode, Result } from '../../../src-main/shared/errors';
import { fail, succeed } from '../../../src-main/shared/errors';
import type { Line } from '../../../src-main/shared/recording';
import type { StubAnswers, StubMethod } from '../../support/stub-api';
import { StubApi } from '../../support/stub-api';
import { settle, VirtualClock } from '../../support/virtual-clock';

const line: Line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };
const file: UploadFile = {
  fileName: 'a.wav',
  sizeBytes: 2,
  contentType: 'audio/wav',
  chunks: async function* () {
    await Promise.resolve();
    yield new Uint8Array(2);
  },
};
const metadata: UploadMetadata = {
  startTime: 0,
  durationMs: 1,
  direction: 'incoming',
  localParty: { username: 'anna', phoneNumber: '101' },
  remotePhoneNumber: null,
  pbxCallId: null,
  notes: null,
  preserved: false,
};

/** Every call that asks the server something, once; the upload apart, as it is two requests. */
const requests: readonly (readonly [
  StubMethod,
  (api: RecorderApi, signal?: AbortSignal) => Promise<Result<unknown>>,
])[] = [
  ['startRecording', (api, s) => api.startRecording(line, s && { signal: s })],
  ['stopRecording', (api, s) => api.stopRecording('a', s && { signal: s })],
  ['stopLine', (api, s) => api.stopLine(line, s && { signal: s })],
  ['stopMine', (api, s) => api.stopMine(s && { signal: s })],
  ['pauseRecording', (api, s) => api.pauseRecording('a', s && { signal: s })],
  ['resumeRecording', (api, s) => api.resumeRecording('a', s && { signal: s })],
  ['pauseLine', (api, s) => api.pauseLine('101', s && { signal: s })],
  ['resumeLine', (api, s) => api.resumeLine('101', s && { signal: s })],
  ['probePause', (api, s) => api.probePause(s && { signal: s })],
  ['activeRecordings', (api, s) => api.activeRecordings({ username: 'anna' }, s && { signal: s })],
  ['listRecordings', (api, s) => api.listRecordings({}, { page: 0, pageSize: 5 }, s && { signal: s })],
  ['getRecording', (api, s) => api.getRecording('a', s && { signal: s })],
  ['downloadRecording', (api, s) => api.downloadRecording('a', s && { signal: s })],
];
/** What overtakes a slow list after a while. */
const pollMethods: readonly StubMethod[] = ['activeRecordings', 'probePause'];
const commandMethods: readonly StubMethod[] = requests.slice(0, 8).map(([method]) => method);

const unauthorized = fail('unauthorized', 'active', { status: 401 });
const ok = succeed(null);

function setUp(answers?: StubAnswers, refused?: CodedError) {
  const api = new StubApi(answers);
  const clock = new VirtualClock();
  const onRefused = vi.fn<(error: CodedError) => void>();
  const gate = createRequestGate({ api, clock, onRefused, ...(refused === undefined ? {} : { refused }) });
  const list = () => gate.listRecordings({}, { page: 0, pageSize: 5 });
  const poll = () => gate.activeRecordings({ username: 'anna' });
  return { api, clock, gate, onRefused, list, poll };
}

/** A gate whose credentials were accepted just now. */
async function setUpProven() {
  const all = setUp(() => ok);
  await all.poll();
  all.api.answerWith(() => undefined);
  all.api.calls.length = 0;
  return all;
}

const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);

describe('request gate', () => {
  it.each(requests)('passes %s on, with arguments and answer', async (method, request) => {
    const answer = succeed({ id: 'x' });
    const { api, gate } = setUp(() => answer);
    expect(await request(gate)).toBe(answer);
    expect(api.calls.map((call) => call.method)).toEqual([method]);
    const direct = new StubApi(() => answer);
    await request(direct);
    expect(api.calls[0]?.args).toEqual(direct.calls[0]?.args);
  });

  it('tells what the server says of itself, without asking it', () => {
    const { api, gate } = setUp();
    expect(gate.fingerprint()).toBe('Server: stub');
    expect(api.calls).toEqual([]);
  });

  it('passes on at once, and listens for no end of it, where nothing else is under way', async () => {
    const { api, gate } = setUp();
    const { signal } = new AbortController();
    const listen = vi.spyOn(signal, 'addEventListener');
    const answer = gate.activeRecordings({ username: 'anna' }, { signal });
    expect(api.calls).toHaveLength(1);
    expect(listen).not.toHaveBeenCalled();
    api.calls[0]?.answer(ok);
    expect(codeOf(await answer)).toBe('ok');
  });

  it('sends one request at a time', async () => {
    const { api, list, poll } = setUp();
    const results = [list(), list(), poll()];
    await settle();
    for (let answered = 0; answered < 3; answered += 1) {
      expect(api.calls).toHaveLength(answered + 1);
      api.calls[answered]?.answer(ok);
      await settle();
    }
    expect((await Promise.all(results)).map(codeOf)).toEqual(['ok', 'ok', 'ok']);
  });

  it('lets polls overtake lists, and commands both, in the queue', async () => {
    const { api, gate, list, poll } = setUp();
    const results = [list(), list(), poll(), gate.stopRecording('a'), poll(), gate.startRecording(line)];
    for (let answered = 0; answered < 6; answered += 1) {
      await settle();
      api.calls[answered]?.answer(fail('server-error', 'list', { status: 500 }));
    }
    await Promise.all(results);
    expect(api.calls.map((call) => call.method)).toEqual([
      'listRecordings',
      'stopRecording',
      'startRecording',
      'activeRecordings',
      'activeRecordings',
      'listRecordings',
    ]);
  });

  it('lets a poll overtake a slow list after 2 s, or a search would put out the light', async () => {
    const { api, clock, list, poll } = await setUpProven();
    void list();
    void poll();
    await clock.advance(1_999);
    expect(api.calls.map((call) => call.method)).toEqual(['listRecordings']);
    await clock.advance(1);
    expect(api.calls.map((call) => call.method)).toEqual(['listRecordings', 'activeRecordings']);
    expect(clock.pending()).toBe(0);
  });

  it('lets no poll overtake without a proof', async () => {
    const { api, clock, list, poll } = setUp();
    void list();
    void poll();
    await clock.advance(10_000);
    expect(api.calls.map((call) => call.method)).toEqual(['listRecordings']);
  });

  describe('at the first 401', () => {
    it('lets one of fifty queued requests reach the server', async () => {
      const { api, gate, onRefused } = setUp();
      const results = Array.from({ length: 50 }, (_, index) => requests[index % requests.length]![1](gate));
      await settle();
      expect(api.calls).toHaveLength(1);
      api.calls[0]?.answer(unauthorized);
      const codes = (await Promise.all(results)).map(codeOf);
      expect(codes).toEqual(['unauthorized', ...Array<string>(49).fill('locked')]);
      expect(api.calls).toHaveLength(1);
      expect(onRefused).toHaveBeenCalledExactlyOnceWith(unauthorized.ok ? null : unauthorized.error);
      expect(gate.isLatched()).toBe(true);
    });

    it('lets two of fifty reach it where one overtook within 15 s of a proof', async () => {
      const { api, gate, onRefused, list } = await setUpProven();
      const results = [list(), ...Array.from({ length: 49 }, () => gate.startRecording(line))];
      await settle();
      for (const call of api.calls) call.answer(unauthorized);
      const codes = (await Promise.all(results)).map(codeOf);
      expect(codes.filter((code) => code === 'unauthorized')).toHaveLength(2);
      expect(codes.filter((code) => code === 'locked')).toHaveLength(48);
      expect(api.calls).toHaveLength(2);
      expect(onRefused).toHaveBeenCalledTimes(1);
    });

    it.each([
      ...requests,
      ['uploadRecording', (api: RecorderApi) => api.uploadRecording(metadata, file)],
    ] as const)('sends no %s any more, and says why', async (_method, request) => {
      const { api, gate, clock, poll } = setUp(() => fail('unauthorized', 'active', { status: 401 }));
      await poll();
      api.answerWith(() => ok);
      await clock.advance(3_600_000);
      const result = await request(gate);
      expect(result).toMatchObject({ ok: false, error: { code: 'locked', detail: { status: 401 } } });
      expect(api.calls).toHaveLength(1);
    });

    it('keeps the answer of a request that was under way, and stays closed', async () => {
      const { api, gate, onRefused, list } = await setUpProven();
      const [slow, command] = [list(), gate.startRecording(line)];
      await settle();
      api.of('startRecording')[0]?.answer(unauthorized);
      expect(codeOf(await command)).toBe('unauthorized');
      api.of('listRecordings')[0]?.answer(ok);
      expect(codeOf(await slow)).toBe('ok');
      expect(codeOf(await gate.stopMine())).toBe('locked');
      expect(onRefused).toHaveBeenCalledTimes(1);
    });

    it('sends nothing at all where a former run was refused', async () => {
      const refused: CodedError = { code: 'unauthorized', operation: 'sign-in', detail: { status: 401 } };
      const { api, gate, onRefused } = setUp(() => ok, refused);
      expect(gate.isLatched()).toBe(true);
      for (const [, request] of requests) expect(codeOf(await request(gate))).toBe('locked');
      expect(codeOf(await gate.uploadRecording(metadata, file))).toBe('locked');
      expect(api.calls).toEqual([]);
      expect(onRefused).not.toHaveBeenCalled();
    });

    it.each<ErrorCode>(['not-allowed', 'level-too-low', 'server-error', 'timeout', 'redirected'])(
      'takes a %s for no refusal of the credentials',
      async (code) => {
        const { gate, onRefused, poll } = setUp(() => fail(code, 'active', { status: 403 }));
        await poll();
        expect(gate.isLatched()).toBe(false);
        expect(onRefused).not.toHaveBeenCalled();
      },
    );
  });

  describe('a command', () => {
    it.each(requests.slice(0, 8))(
      '%s overtakes a slow list within 15 s of a proof',
      async (method, request) => {
        const { api, gate, clock, list } = await setUpProven();
        void list();
        await clock.advance(14_999);
        const command = request(gate);
        await settle();
        expect(api.calls.map((call) => call.method)).toEqual(['listRecordings', method]);
        api.calls[1]?.answer(ok);
        expect(codeOf(await command)).toBe('ok');
      },
    );

    it.each(requests.slice(8))('%s is none: it never overtakes', async (_method, request) => {
      const { api, gate, list } = await setUpProven();
      void list();
      void request(gate);
      await settle();
      expect(api.calls).toHaveLength(1);
    });

    it('waits while a poll overtakes: two under way are the most', async () => {
      const { api, gate, clock, list, poll } = await setUpProven();
      void list();
      void poll();
      await clock.advance(2_000);
      void gate.stopRecording('a');
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual(['listRecordings', 'activeRecordings']);
      api.calls[1]?.answer(ok);
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual([
        'listRecordings',
        'activeRecordings',
        'stopRecording',
      ]);
    });

    it('waits once the proof is 15 s old', async () => {
      const { api, gate, clock, list } = await setUpProven();
      void list();
      await clock.advance(15_000);
      void gate.stopRecording('a');
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual(['listRecordings']);
      api.calls[0]?.answer(ok);
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual(['listRecordings', 'stopRecording']);
    });

    it('waits for another command', async () => {
      const { api, gate } = await setUpProven();
      void gate.startRecording(line);
      void gate.stopRecording('a');
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual(['startRecording']);
      api.calls[0]?.answer(ok);
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual(['startRecording', 'stopRecording']);
    });

    it('does not care about the wall clock', async () => {
      const { api, gate, clock, list } = await setUpProven();
      void list();
      clock.jumpWall(3 * 3_600_000);
      await clock.advance(1);
      void gate.stopRecording('a');
      await settle();
      expect(api.calls).toHaveLength(2);
    });

    it.each([
      ['an answer', succeed([]), true],
      ['level-too-low', fail('level-too-low', 'active', { status: 403 }), true],
      ['not-a-live-recording', fail('not-a-live-recording', 'stop', { status: 409 }), true],
      ['a time-out', fail('timeout', 'active'), false],
      ['a gateway’s time-out', fail('timeout', 'active', { status: 408 }), false],
      ['a server error', fail('server-error', 'active', { status: 503 }), false],
      ['a log-in page', fail('redirected', 'active', { status: 302 }), false],
      ['a page of a proxy', fail('not-this-server', 'active', { status: 200 }), false],
      ['a proxy that refuses', fail('proxy-failed', 'active', { status: 407 }), false],
      ['a gateway that is busy', fail('rate-limited', 'active', { status: 429 }), false],
      ['something unreadable', fail('malformed', 'active', { status: 200 }), false],
    ] as const)('takes %s for a proof of the credentials: %s', async (_what, answer, proves) => {
      const { api, gate, list, poll } = setUp(() => answer);
      await poll();
      api.answerWith(() => undefined);
      void list();
      void gate.stopRecording('a');
      await settle();
      expect(api.of('stopRecording')).toHaveLength(proves ? 1 : 0);
    });
  });

  describe('cancelling', () => {
    it('takes a request out of the queue', async () => {
      const { api, gate, list } = setUp();
      const first = list();
      const abort = new AbortController();
      const queued = gate.getRecording('a', { signal: abort.signal });
      const last = gate.getRecording('b');
      abort.abort();
      expect(codeOf(await queued)).toBe('cancelled');
      api.calls[0]?.answer(ok);
      await first;
      await settle();
      expect(api.of('getRecording').map((call) => call.args)).toEqual([['b']]);
      api.of('getRecording')[0]?.answer(ok);
      expect(codeOf(await last)).toBe('ok');
    });

    it('before the call sends nothing', async () => {
      const { api, gate } = setUp(() => ok);
      expect(codeOf(await gate.getRecording('a', { signal: AbortSignal.abort() }))).toBe('cancelled');
      expect(api.calls).toEqual([]);
    });

    it('of one under way is the API’s own matter, and does not block the next', async () => {
      const { api, gate } = setUp();
      const abort = new AbortController();
      const running = gate.getRecording('a', { signal: abort.signal });
      const next = gate.getRecording('b');
      await settle();
      expect(api.calls[0]?.signal).toBe(abort.signal);
      abort.abort();
      api.calls[0]?.answer(fail('cancelled', 'details'));
      expect(codeOf(await running)).toBe('cancelled');
      await settle();
      api.calls[1]?.answer(ok);
      expect(codeOf(await next)).toBe('ok');
    });

    it('leaves no listener on a signal that many requests share', async () => {
      const { gate } = setUp(() => ok);
      const { signal } = new AbortController();
      const added = vi.spyOn(signal, 'addEventListener');
      const removed = vi.spyOn(signal, 'removeEventListener');
      for (let count = 0; count < 20; count += 1) await gate.getRecording('a', { signal });
      expect(removed.mock.calls.length).toBe(added.mock.calls.length);
    });
  });

  describe('an upload', () => {
    it('proves the credentials with a small request first, and nothing waits for it', async () => {
      const { api, gate, list } = setUp();
      const upload = gate.uploadRecording(metadata, file);
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual(['listRecordings']);
      expect(api.calls[0]?.args[1]).toEqual({ page: 0, pageSize: 1 });
      api.calls[0]?.answer(ok);
      await settle();
      void list();
      await settle();
      expect(api.calls.map((call) => call.method)).toEqual([
        'listRecordings',
        'uploadRecording',
        'listRecordings',
      ]);
      api.of('uploadRecording')[0]?.answer(succeed({ id: 'new' }));
      expect(await upload).toEqual(succeed({ id: 'new' }));
    });

    it('is not sent where the proof was refused', async () => {
      const { api, gate, onRefused } = setUp(() => unauthorized);
      const result = await gate.uploadRecording(metadata, file);
      expect(result).toMatchObject({ error: { code: 'unauthorized', operation: 'upload' } });
      expect(api.calls.map((call) => call.method)).toEqual(['listRecordings']);
      expect(onRefused).toHaveBeenCalledTimes(1);
    });

    it('closes the latch by its own 401 too', async () => {
      const { api, gate, onRefused } = setUp((call) =>
        call.method === 'uploadRecording' ? unauthorized : ok,
      );
      expect(codeOf(await gate.uploadRecording(metadata, file))).toBe('unauthorized');
      expect(codeOf(await gate.stopMine())).toBe('locked');
      expect(api.calls).toHaveLength(2);
      expect(onRefused).toHaveBeenCalledTimes(1);
    });

    it('is not sent after a sign-out that came between proof and upload', async () => {
      const { api, gate } = setUp();
      const upload = gate.uploadRecording(metadata, file);
      await settle();
      api.calls[0]?.answer(ok);
      gate.dispose();
      expect(codeOf(await upload)).toBe('signed-out');
      expect(api.of('uploadRecording')).toEqual([]);
    });
  });

  describe('after dispose', () => {
    it('answers queued and later requests without sending them', async () => {
      const { api, gate, list, poll } = setUp();
      const running = list();
      const queued = [list(), poll(), gate.startRecording(line)];
      await settle();
      gate.dispose();
      expect((await Promise.all(queued)).map(codeOf)).toEqual(['signed-out', 'signed-out', 'signed-out']);
      expect(codeOf(await poll())).toBe('signed-out');
      expect(codeOf(await gate.uploadRecording(metadata, file))).toBe('signed-out');
      expect(api.calls).toHaveLength(1);
      api.calls[0]?.answer(ok);
      expect(codeOf(await running)).toBe('ok');
      gate.dispose();
    });

    it('does not report a late 401: it concerns nobody who is signed in', async () => {
      const { api, gate, onRefused, list } = setUp();
      const running = list();
      await settle();
      gate.dispose();
      api.calls[0]?.answer(unauthorized);
      await running;
      expect(onRefused).not.toHaveBeenCalled();
    });
  });

  it('goes on after an API that breaks its promise and rejects', async () => {
    const { api, list } = setUp(() => Promise.reject(new Error('bug')));
    await expect(list()).rejects.toThrow('bug');
    api.answerWith(() => ok);
    expect(codeOf(await list())).toBe('ok');
  });
});

describe('request gate, whatever happens when', () => {
  interface Ask {
    readonly at: number;
    readonly request: number;
    /** ms there and back. */
    readonly outMs: number;
    readonly backMs: number;
    /** When its caller loses patience, ms after `at`; null: never. */
    readonly cancelAfterMs: number | null;
    readonly outcome: 'ok' | 'server-error' | 'timeout';
  }

  const delays = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 16_000 }) },
  );

  const asks: fc.Arbitrary<readonly Ask[]> = fc.array(
    fc.record({
      at: fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(0, 5_000, 15_000)),
      request: fc.nat(requests.length - 1),
      outMs: delays,
      backMs: delays,
      cancelAfterMs: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.nat(5_000) },
      ),
      outcome: fc.oneof(
        { weight: 6, arbitrary: fc.constant('ok' as const) },
        { weight: 1, arbitrary: fc.constantFrom('server-error' as const, 'timeout' as const) },
      ),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  );

  it('a changed password costs one failed log-in, or two where one overtook within 15 s of a proof', async () => {
    let overtakings = 0;
    const property = fc.asyncProperty(asks, fc.nat(30_000), async (planned, changedAt) => {
      const clock = new VirtualClock();
      const now = () => clock.monotonicNow();
      const underWay: StubMethod[] = [];
      const broken: string[] = [];
      // Not thrown: inside the API it would be taken for a failure of the network.
      const check = (holds: boolean, what: string) => {
        if (!holds) broken.push(what);
      };
      let refusals = 0;
      let latchedAt: number | null = null;
      let provenAt = -Infinity;

      // The network's moods in the order of the requests that reach it.
      const moods = planned.values();
      const serve = async (method: StubMethod): Promise<Result<unknown>> => {
        const { outMs, backMs, outcome } = moods.next().value!;
        check(latchedAt === null, 'sent after the latch had closed');
        const isCommand = commandMethods.includes(method);
        if (underWay.length > 0) {
          overtakings += 1;
          check(isCommand || pollMethods.includes(method), `${method} overtook`);
          check(underWay.length === 1, 'a third was under way');
          check(!underWay.some((other) => commandMethods.includes(other)), 'overtook a command');
          check(now() - provenAt < 15_000, 'overtook without a proof');
        }
        underWay.push(method);
        await clock.sleep(outMs);
        const accepted = now() < changedAt;
        if (!accepted) refusals += 1;
        await clock.sleep(backMs);
        underWay.splice(underWay.indexOf(method), 1);
        if (!accepted) {
          latchedAt ??= now();
          return fail('unauthorized', 'active', { status: 401 });
        }
        if (outcome === 'ok') {
          provenAt = now();
          return ok;
        }
        return fail(outcome, 'active', outcome === 'timeout' ? {} : { status: 500 });
      };

      const api = new StubApi((call) => serve(call.method));
      let reported = 0;
      const gate = createRequestGate({ api, clock, onRefused: () => (reported += 1) });
      let unanswered = planned.length;
      const codes: string[] = [];
      for (const ask of planned) {
        clock.schedule(ask.at, () => {
          const abort = new AbortController();
          if (ask.cancelAfterMs !== null)
            clock.schedule(ask.cancelAfterMs, () => {
              abort.abort();
            });
          const [, request] = requests[ask.request]!;
          void request(gate, abort.signal).then((result) => {
            unanswered -= 1;
            codes.push(codeOf(result));
          });
        });
      }
      await clock.advance(60_000 + planned.length * 40_000);

      expect(broken).toEqual([]);
      expect(unanswered, 'somebody waits for ever').toBe(0);
      expect(clock.pending()).toBe(0);
      expect(refusals).toBeLessThanOrEqual(2);
      expect(reported).toBe(refusals === 0 ? 0 : 1);
      if (refusals === 0) expect(codes).not.toContain('locked');
    });
    await fc.assert(property, { numRuns: 300 });
    // Otherwise the property has not been where it matters.
    expect(overtakings).toBeGreaterThan(20);
  });
});
