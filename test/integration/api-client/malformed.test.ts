import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { ApiClient } from '../../../src-main/infra/api-client';
import type { ErrorCode, Result } from '../../../src-main/shared/errors';
import type { FaultAction, Simulator } from '../../simulator';
import { startSimulator } from '../../simulator';
import { clientOf, errorOf, lineOf, metadataOf, silence, valueOf } from './support/agent';

const page = { page: 0, pageSize: 2 } as const;
let simulator: Simulator;
let anna: ApiClient;
/** With so little patience that stalls can be waited for. */
let hasty: ApiClient;
let recordingId: string;
let liveId: string;

beforeAll(async () => {
  simulator = await startSimulator({ generation: 2025 });
  anna = clientOf(simulator);
  hasty = clientOf(simulator, 'anna.rossi', { timeouts: { live: 300, stall: 300 } });
  recordingId = simulator.recordings.add({ ownerUsername: 'anna.rossi', durationMs: 2_000 }).id;
  simulator.recordings.add({ ownerUsername: 'anna.rossi', durationMs: 2_000 });
  simulator.telephony.connectCall({ directoryNumber: '101' });
  liveId = simulator.telephony.startRecording({ directoryNumber: '101' }).id;
  // What is made once, the MP3, takes its time.
  valueOf(await anna.getRecording(recordingId));
});

afterEach(() => {
  simulator.faults.clear();
  simulator.telephony.endAllCalls();
  simulator.telephony.connectCall({ directoryNumber: '101' });
  liveId = simulator.telephony.startRecording({ directoryNumber: '101' }).id;
});

afterAll(async () => {
  anna.dispose();
  hasty.dispose();
  await simulator.close();
});

const active = () => anna.activeRecordings({ directoryNumber: '101' });
const list = () => anna.listRecordings({ ownerUsername: 'anna.rossi' }, page);
const details = () => anna.getRecording(recordingId);
const start = () => {
  simulator.telephony.connectCall({ directoryNumber: '111' });
  return anna.startRecording(lineOf({ directoryNumber: '111' }));
};
const stop = () => anna.stopRecording(liveId);
const pause = () => anna.pauseRecording(liveId);
const upload = () => anna.uploadRecording(metadataOf(), silence());
const calls = { active, list, details, start, stop, pause, upload };
type Call = keyof typeof calls;

describe('a field that is wrong is named', () => {
  const wrong: readonly (readonly [Call, string, readonly unknown[]])[] = [
    ['active', '0.id', ['', 'x', 7, null, '6b98303a-b295-473a-adae-19b78aca468']],
    ['active', '0.duration', ['', 'PT', '31 s', 'xPT1S', '-PT1S', 'PT1Sx', 31, null]],
    [
      'active',
      '0.startedAt',
      ['', '2018-11-01', '2018-11-01T16:39:15', '2018-13-01T00:00:00Z', 'now', 1541083155, null],
    ],
    ['active', '0.isPaused', ['false', 0, null]],
    ['active', '0.localParty', ['anna', 7]],
    ['active', '0.localParty.username', [7, {}]],
    ['active', '0.remoteParty', ['+39', 7]],
    ['active', '0.remoteParty.phoneNumber', [39, []]],
    ['list', 'totalCount', ['2', -1, 1.5, null, 1e300]],
    ['list', 'recordings', [null, {}, 'none']],
    ['list', 'recordings.1', [null, 7, 'x']],
    ['list', 'recordings.1.id', ['x', 7, null]],
    ['list', 'recordings.1.referenceNumber', [7, null]],
    ['list', 'recordings.1.startTime', ['1.11.2018 16:39', null]],
    ['list', 'recordings.1.duration', ['91.87', null]],
    ['list', 'recordings.1.direction', [3, '1', null, 'incoming']],
    ['list', 'recordings.1.ownerUsername', [7, {}]],
    ['list', 'recordings.1.localPartyNumber', [101]],
    ['list', 'recordings.1.remotePartyNumber', [39, true]],
    ['details', 'id', ['x', null]],
    ['details', 'referenceNumber', [null, 7]],
    ['details', 'startTime', ['yesterday', null]],
    ['details', 'duration', ['long', null]],
    ['details', 'direction', ['2', null]],
    ['details', 'owner', ['anna']],
    ['details', 'owner.firstName', [7]],
    ['details', 'preservingUser', ['sara']],
    ['details', 'note', ['text']],
    ['details', 'size', ['356112', -1, 1.5]],
    ['details', 'hash', ['1DDA']],
    ['details', 'hash.SHA256', ['1DDA', 7]],
    ['start', 'id', ['x', 7, null]],
    ['upload', 'id', ['', null]],
  ];
  const table = wrong.flatMap(([call, field, values]) => values.map((value) => ({ call, field, value })));

  it.each(table)('$call: $field = $value', async ({ call, field, value }) => {
    simulator.faults.add({ action: { kind: 'reshape', set: { [field]: value } } });
    const error = errorOf(await calls[call]());
    expect(error).toMatchObject({ code: 'malformed', detail: { field } });
    // Something was answered with success: perhaps it was done.
    expect(error.detail.outcomeUnknown).toBe(call === 'start' || call === 'upload' ? true : undefined);
  });

  it.each([
    ['active', '0.startedAt'],
    ['list', 'recordings.0.startTime'],
    ['list', 'totalCount'],
    ['details', 'duration'],
    ['start', 'id'],
  ] as const)('%s: %s is missing', async (call, field) => {
    simulator.faults.add({ action: { kind: 'reshape', remove: [field] } });
    expect(errorOf(await calls[call]())).toMatchObject({ code: 'malformed', detail: { field } });
  });
});

describe('what servers are known to leave out or to write differently is read', () => {
  const tolerated: readonly (readonly [Call, FaultAction & { kind: 'reshape' }, object])[] = [
    ['active', { kind: 'reshape', remove: ['0.remoteParty'] }, [{ remoteParty: { phoneNumber: null } }]],
    ['active', { kind: 'reshape', set: { '0.remoteParty': null } }, [{ remoteParty: { lastName: null } }]],
    [
      'active',
      { kind: 'reshape', set: { '0.remoteParty.firstName': null } },
      [{ remoteParty: { firstName: null } }],
    ],
    ['active', { kind: 'reshape', remove: ['0.localParty'] }, [{ localUsername: null }]],
    [
      'active',
      {
        kind: 'reshape',
        set: { '0.startedAt': '2018-11-01T16:39:15.1234567+02:00', '0.duration': 'P1DT1H1M1.5S' },
      },
      [{ startedAt: 1541083155123, durationMs: 90_061_500 }],
    ],
    [
      'active',
      { kind: 'reshape', set: { '0.id': '75A90276-E47E-4e9e-B463-E3C743D5FF3A', '0.new': { a: 1 } } },
      [{ id: '75a90276-e47e-4e9e-b463-e3c743d5ff3a' }],
    ],
    [
      'list',
      { kind: 'reshape', set: { 'recordings.0.ownerUsername': null } },
      { recordings: [{ ownerUsername: null }, {}] },
    ],
    [
      'list',
      { kind: 'reshape', remove: ['recordings.0.remotePartyNumber'] },
      { recordings: [{ remotePartyNumber: null }, {}] },
    ],
    [
      'list',
      { kind: 'reshape', set: { 'recordings.0.localPartyNumber': '' } },
      { recordings: [{ localPartyNumber: null }, {}] },
    ],
    ['details', { kind: 'reshape', remove: ['pbxInfo'] }, { pbxCallId: null }],
    ['details', { kind: 'reshape', set: { pbxInfo: 'x', pbxCallId: 'y' } }, { pbxCallId: 'y' }],
    ['details', { kind: 'reshape', set: { pbxInfo: 7 } }, { pbxCallId: '7' }],
    ['details', { kind: 'reshape', set: { pbxInfo: { cluster: 1 } } }, { pbxCallId: null }],
    [
      'details',
      { kind: 'reshape', remove: ['hash', 'size', 'note', 'owner'] },
      { sha256: null, sizeBytes: null, note: null, owner: null },
    ],
    [
      'details',
      { kind: 'reshape', set: { note: { owner: null, text: null } } },
      { note: { owner: null, text: '' } },
    ],
    ['details', { kind: 'reshape', set: { 'hash.SHA256': 'ab'.repeat(32) } }, { sha256: 'AB'.repeat(32) }],
  ];

  it.each(tolerated)('%s: %o', async (call, action, expected) => {
    simulator.faults.add({ action });
    expect(valueOf<unknown>(await calls[call]())).toMatchObject(expected);
  });

  it.each(['active', 'list', 'details', 'start'] as const)(
    '%s: JSON under a wrong content type',
    async (call) => {
      simulator.faults.add({ action: { kind: 'mangle', how: 'wrong-type' } });
      expect((await calls[call]()).ok).toBe(true);
    },
  );
});

describe('an answer that is none', () => {
  const bodies: readonly (readonly [FaultAction, ErrorCode, string?])[] = [
    [{ kind: 'mangle', how: 'malformed' }, 'malformed', 'body'],
    [{ kind: 'mangle', how: 'empty' }, 'malformed', 'body'],
    [{ kind: 'mangle', how: 'html' }, 'not-this-server'],
    [{ kind: 'proxyLogin' }, 'not-this-server'],
    [{ kind: 'redirect' }, 'redirected'],
    [{ kind: 'redirect', to: 'http://127.0.0.2:1/' }, 'redirected'],
    [{ kind: 'respond', status: 200, body: 'null', contentType: 'application/json' }, 'malformed', 'body'],
    [{ kind: 'respond', status: 200, body: '"[]"', contentType: 'application/json' }, 'malformed', 'body'],
    [{ kind: 'respond', status: 204 }, 'malformed', 'body'],
    [{ kind: 'reset' }, 'connection-lost'],
    [{ kind: 'stall' }, 'timeout'],
    [{ kind: 'cut', atByte: 1, how: 'reset' }, 'connection-lost'],
    [{ kind: 'cut', atByte: 1, how: 'close' }, 'connection-lost'],
    [{ kind: 'cut', atByte: 1, how: 'stall' }, 'timeout'],
    [{ kind: 'page', status: 404 }, 'not-this-server'],
    [{ kind: 'page', status: 400 }, 'not-this-server'],
    [{ kind: 'page', status: 502 }, 'server-error'],
    [{ kind: 'page', status: 503, retryAfter: '7' }, 'server-error'],
    [{ kind: 'respond', status: 407 }, 'proxy-failed'],
    [{ kind: 'respond', status: 408 }, 'timeout'],
    [{ kind: 'respond', status: 418 }, 'malformed', 'status'],
    [{ kind: 'respond', status: 429, headers: { 'retry-after': '30' } }, 'rate-limited'],
    [{ kind: 'respond', status: 501 }, 'server-error'],
    [{ kind: 'respond', status: 599 }, 'server-error'],
  ];

  const table = bodies.map(([action, code, field]) => ({ action, code, field }));

  it.each(table)('to active recordings: $action is $code', async ({ action, code, field }) => {
    simulator.faults.add({ action });
    const client = code === 'timeout' ? hasty : anna;
    const error = errorOf(await client.activeRecordings({ directoryNumber: '101' }));
    expect(error.code).toBe(code);
    expect(error.detail.field).toBe(field);
    expect(error.detail.outcomeUnknown).toBeUndefined();
  });

  it('to a start: 503 and 504 pages of the server, and of somebody else', async () => {
    const answers: readonly (readonly [FaultAction, ErrorCode, true | undefined])[] = [
      [{ kind: 'page', status: 503 }, 'channels-in-use', undefined],
      [{ kind: 'page', status: 504 }, 'service-down', undefined],
      [
        {
          kind: 'respond',
          status: 503,
          body: '<h1>',
          contentType: 'text/html',
          headers: { server: 'Microsoft-HTTPAPI/2.0' },
        },
        'server-error',
        true,
      ],
      [
        {
          kind: 'respond',
          status: 504,
          body: '<h1>',
          contentType: 'text/html',
          headers: { server: 'nginx' },
        },
        'service-down',
        true,
      ],
      [{ kind: 'respond', status: 501, body: '{"reason":9}' }, 'pilot-misrouted', undefined],
      [{ kind: 'respond', status: 409, body: '{}' }, 'malformed', undefined],
      [{ kind: 'respond', status: 400, body: '{"reason":9}' }, 'malformed', undefined],
      [{ kind: 'respond', status: 403, body: '{"reason":9}' }, 'not-allowed', undefined],
      [{ kind: 'respond', status: 403 }, 'not-allowed', undefined],
      [{ kind: 'respond', status: 429 }, 'rate-limited', undefined],
      [{ kind: 'respond', status: 404 }, 'not-this-server', undefined],
    ];
    for (const [action, code, unknown] of answers) {
      const fault = simulator.faults.add({ action });
      const error = errorOf(await start());
      expect([action, error.code, error.detail.outcomeUnknown]).toEqual([action, code, unknown]);
      fault.remove();
    }
  });

  it.each([
    ['active', 'level-too-low', () => anna.activeRecordings({ directoryNumber: '101' })],
    ['start', 'not-allowed', start],
    ['details', 'not-allowed', details],
    ['list', 'not-allowed', () => anna.listRecordings({}, { page: 0, pageSize: 1 })],
    ['probe', 'not-allowed', () => anna.probePause()],
  ] as const)('to %s: a 403 is the server’s own, or says nothing of this user', async (_call, own, send) => {
    const page = {
      kind: 'respond',
      status: 403,
      body: '<h1>Blocked</h1>',
      contentType: 'text/html',
    } as const;
    const answers: readonly (readonly [FaultAction, ErrorCode])[] = [
      [{ kind: 'respond', status: 403 }, own],
      [{ kind: 'respond', status: 403, body: '{}' }, own],
      [{ kind: 'page', status: 403 }, own],
      [{ ...page, headers: { server: 'Microsoft-IIS/10.0' } }, own],
      [{ ...page, headers: { server: 'Microsoft-HTTPAPI/2.0' } }, 'not-this-server'],
      [{ ...page, headers: { server: 'squid/5.7' } }, 'not-this-server'],
      [page, 'not-this-server'],
    ];
    for (const [action, code] of answers) {
      const fault = simulator.faults.add({ action });
      expect([action, errorOf(await send()).code]).toEqual([action, code]);
      fault.remove();
    }
  });

  it.each(['start', 'stop', 'pause', 'upload'] as const)(
    'to a %s: what may have been done is said',
    async (call) => {
      const lost: readonly (readonly [FaultAction, true | undefined])[] = [
        [{ kind: 'reset' }, true],
        [{ kind: 'lostReply', how: 'reset' }, true],
        [{ kind: 'mangle', how: 'html' }, call === 'start' || call === 'upload' ? true : undefined],
        [{ kind: 'respond', status: 200, body: '<html>', contentType: 'text/html', effect: true }, true],
        [{ kind: 'page', status: 500, effect: true }, true],
        [{ kind: 'page', status: 502, effect: true }, true],
        [{ kind: 'redirect' }, undefined],
        [{ kind: 'respond', status: 401 }, undefined],
      ];
      for (const [action, unknown] of lost) {
        simulator.telephony.endAllCalls();
        simulator.telephony.connectCall({ directoryNumber: '101' });
        liveId = simulator.telephony.startRecording({ directoryNumber: '101' }).id;
        const fault = simulator.faults.add({ action, times: 1 });
        const result: Result<unknown> = await calls[call]();
        fault.remove();
        const outcomeUnknown = result.ok ? undefined : result.error.detail.outcomeUnknown;
        expect([action, outcomeUnknown]).toEqual([action, unknown]);
      }
    },
  );

  it('says when to come back', async () => {
    simulator.faults.add({ action: { kind: 'respond', status: 503, headers: { 'retry-after': '7' } } });
    expect(errorOf(await list()).detail.retryAfterMs).toBe(7_000);
    simulator.faults.clear();
    const date = 'Wed, 01 Jan 2020 00:00:00 GMT';
    const later = 'Wed, 01 Jan 2020 00:01:00 GMT';
    simulator.faults.add({
      action: { kind: 'respond', status: 429, headers: { date, 'retry-after': later } },
    });
    expect(errorOf(await list()).detail.retryAfterMs).toBe(60_000);
  });

  it('to a download: stalls, and the reader is told', async () => {
    simulator.faults.add({ action: { kind: 'cut', atByte: 5_000, how: 'stall' } });
    const { chunks } = valueOf(await hasty.downloadRecording(recordingId));
    await expect(
      (async () => {
        for await (const chunk of chunks) expect(chunk.byteLength).toBeGreaterThan(0);
      })(),
    ).rejects.toMatchObject({ coded: { code: 'timeout', operation: 'download' } });
  });
});

describe('an upload', () => {
  it('of more than 256 MBytes is not sent', async () => {
    const sent = simulator.requests.entries.length;
    expect(
      errorOf(await anna.uploadRecording(metadataOf(), silence({ sizeBytes: 268_435_457 }))),
    ).toMatchObject({
      code: 'upload-too-large',
      operation: 'upload',
    });
    expect(simulator.requests.entries).toHaveLength(sent);
  });

  it.each([
    ['shorter', -1],
    ['longer', 1],
  ])('of a file that became %s is given up', async (_what, by) => {
    const { sizeBytes } = silence();
    const error = errorOf(await anna.uploadRecording(metadataOf(), silence({ sizeBytes: sizeBytes - by })));
    expect(error).toMatchObject({ code: 'upload-unreadable', detail: { message: 'SIZE_CHANGED' } });
    expect(error.detail.outcomeUnknown).toBeUndefined();
  });

  it('of a file that cannot be read is given up, and the file let go of', async () => {
    let closed = false;
    const error = errorOf(
      await anna.uploadRecording(
        metadataOf(),
        silence({
          chunks: async function* () {
            try {
              yield Buffer.alloc(100);
              throw Object.assign(new Error('planted /home/anna/secret.wav'), { code: 'EIO' });
            } finally {
              closed = true;
            }
          },
        }),
      ),
    );
    expect(error).toMatchObject({ code: 'upload-unreadable', detail: { message: 'EIO' } });
    expect(JSON.stringify(error)).not.toContain('planted');
    expect(closed).toBe(true);
  });

  it('that the server cuts is known not to be done', async () => {
    simulator.faults.add({ action: { kind: 'cutUpload', atByte: 1_000_000 } });
    const error = errorOf(
      await anna.uploadRecording(
        metadataOf(),
        silence({
          sizeBytes: 100_000_000,
          chunks: async function* () {
            for (let i = 0; i < 100; i += 1) yield Buffer.alloc(1_000_000);
          },
        }),
      ),
    );
    expect(error.code).toBe('connection-lost');
    expect(error.detail.outcomeUnknown).toBeUndefined();
  });
});
