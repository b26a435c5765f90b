import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { ErrorCode, Result } from '@shared/domain/errors';
import type { ApiClient } from '../../../src-main/infra/api/client';
import type { FaultAction, Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
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

describe('a field without which an answer cannot be used is named', () => {
  const wrong: readonly (readonly [Call, string, readonly unknown[]])[] = [
    ['active', '0.id', ['', 'x', 7, null, '6b98303a-b295-473a-adae-19b78aca468']],
    ['list', 'recordings', [null, {}, 'none']],
    ['details', 'startTime', ['yesterday', null, '2018-11-01T16:39:15']],
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
    ['active', '0.id'],
    ['list', 'recordings'],
    ['details', 'startTime'],
    ['start', 'id'],
  ] as const)('%s: %s is missing', async (call, field) => {
    simulator.faults.add({ action: { kind: 'reshape', remove: [field] } });
    expect(errorOf(await calls[call]())).toMatchObject({ code: 'malformed', detail: { field } });
  });
});

describe('a field that is wrong costs no more than itself (D3)', () => {
  const wrong: readonly (readonly [Call, string, readonly unknown[], object])[] = [
    ['active', '0.duration', ['', 'PT', '31 s', '-PT1S', 'PT1Sx', 31, null], [{ durationMs: null }]],
    ['active', '0.duration', ['00:01:31.8700000', '0.00:01:31.87', 'PT1M31.87S'], [{ durationMs: 91_870 }]],
    ['active', '0.startedAt', ['', '2018-11-01T16:39:15', 'now', 1541083155, null], [{ startedAt: null }]],
    ['active', '0.isPaused', ['false', 0, 1, null, {}], [{ isPaused: false }]],
    ['active', '0.isPaused', ['true', 'True'], [{ isPaused: true }]],
    ['active', '0.localParty', ['anna', 7], [{ localUsername: null }]],
    ['active', '0.localParty.username', [7], [{ localUsername: '7' }]],
    ['active', '0.remoteParty', ['+39', 7], [{ remoteParty: { phoneNumber: null } }]],
    ['active', '0.remoteParty.phoneNumber', [39], [{ remoteParty: { phoneNumber: '39' } }]],
    ['list', 'totalCount', ['2'], { totalCount: 2 }],
    // A full page: there may be another one.
    ['list', 'totalCount', [-1, 1.5, null, 1e300], { totalCount: 3 }],
    ['list', 'recordings.1', [null, 7, 'x'], { recordings: [{}], unreadable: 1 }],
    ['list', 'recordings.1.id', ['x', 7, null], { recordings: [{}], unreadable: 1 }],
    ['list', 'recordings.1.referenceNumber', [7], { recordings: [{}, { referenceNumber: '7' }] }],
    ['list', 'recordings.1.referenceNumber', [null, {}], { recordings: [{}, { referenceNumber: '' }] }],
    [
      'list',
      'recordings.1.startTime',
      ['1.11.2018 16:39', '2018-11-01T16:39:15', null],
      { recordings: [{}], unreadable: 1 },
    ],
    ['list', 'recordings.1.duration', ['91.87', null, '-PT3S'], { recordings: [{}, { durationMs: 0 }] }],
    ['list', 'recordings.1.duration', ['00:01:31'], { recordings: [{}, { durationMs: 91_000 }] }],
    ['list', 'recordings.1.direction', [3, null, 'incoming'], { recordings: [{}, { direction: 'unknown' }] }],
    ['list', 'recordings.1.direction', ['1'], { recordings: [{}, { direction: 'incoming' }] }],
    ['list', 'recordings.1.ownerUsername', [{}], { recordings: [{}, { ownerUsername: null }] }],
    ['list', 'recordings.1.localPartyNumber', [101], { recordings: [{}, { localPartyNumber: '101' }] }],
    ['list', 'recordings.1.remotePartyNumber', [39], { recordings: [{}, { remotePartyNumber: '39' }] }],
    ['list', 'recordings.1.remotePartyNumber', [true], { recordings: [{}, { remotePartyNumber: null }] }],
    ['details', 'referenceNumber', [7], { referenceNumber: '7' }],
    ['details', 'referenceNumber', [null], { referenceNumber: '' }],
    ['details', 'duration', ['long', null], { durationMs: 0 }],
    ['details', 'direction', [null, 9], { direction: 'unknown' }],
    ['details', 'owner', ['anna'], { owner: { username: 'anna', firstName: null } }],
    ['details', 'owner.firstName', [7], { owner: { firstName: '7' } }],
    ['details', 'preservingUser', ['sara'], { preservingUser: { username: 'sara' } }],
    ['details', 'note', ['text'], { note: { owner: null, text: 'text' } }],
    ['details', 'size', ['356112'], { sizeBytes: 356_112 }],
    ['details', 'size', [-1, 1.5, 'many'], { sizeBytes: null }],
    ['details', 'hash', ['1DDA'], { sha256: null }],
    ['details', 'hash.SHA256', ['1DDA', 7], { sha256: null }],
  ];
  const table = wrong.flatMap(([call, field, values, expected]) =>
    values.map((value) => ({ call, field, value, expected })),
  );

  it.each(table)('$call: $field = $value', async ({ call, field, value, expected }) => {
    simulator.faults.add({ action: { kind: 'reshape', set: { [field]: value } } });
    expect(valueOf<unknown>(await calls[call]())).toMatchObject(expected);
  });

  it.each(['x', 7, null])('details: id = %s is the one that was asked for', async (value) => {
    simulator.faults.add({ action: { kind: 'reshape', set: { id: value } } });
    expect(valueOf(await details()).id).toBe(recordingId);
  });

  it.each([
    ['active', '0.startedAt', [{ startedAt: null }]],
    ['active', '0.duration', [{ durationMs: null }]],
    ['active', '0.isPaused', [{ isPaused: false }]],
    ['list', 'totalCount', { totalCount: 3, recordings: [{}, {}] }],
    ['list', 'recordings.0.startTime', { recordings: [{}], unreadable: 1 }],
    ['details', 'duration', { durationMs: 0 }],
  ] as const)('%s: %s is missing', async (call, field, expected) => {
    simulator.faults.add({ action: { kind: 'reshape', remove: [field] } });
    expect(valueOf<unknown>(await calls[call]())).toMatchObject(expected);
  });

  it('of two live entries one without an id: the other is told', async () => {
    simulator.telephony.connectCall({ directoryNumber: '111' });
    simulator.faults.add({
      action: { kind: 'respond', status: 200, body: `[{"id":"?"},{"id":"${recordingId}"}]` },
    });
    expect(valueOf(await active())).toMatchObject([{ id: recordingId, startedAt: null, isPaused: false }]);
  });

  it('no list and a count of none is an empty list; no list and a count is none', async () => {
    const answer = (body: string) => simulator.faults.add({ action: { kind: 'respond', status: 200, body } });
    const empty = answer('{"totalCount":0,"recordings":null}');
    expect(valueOf(await list())).toEqual({ totalCount: 0, recordings: [] });
    empty.remove();
    answer('{"totalCount":3,"recordings":null}');
    expect(errorOf(await list())).toMatchObject({ code: 'malformed', detail: { field: 'recordings' } });
  });

  it.each([
    ['{6B98303A-B295-473A-ADAE-19B78ACA468D}', 'id'],
    ['6b98303ab295473aadae19b78aca468d', 'id'],
    ['(6b98303a-b295-473a-adae-19b78aca468d)', 'Id'],
    ['6b98303a-b295-473a-adae-19b78aca468d', 'ID'],
  ])('a start answered with %s under %s is done', async (id, name) => {
    simulator.faults.add({ action: { kind: 'respond', status: 201, body: JSON.stringify({ [name]: id }) } });
    expect(valueOf(await start())).toEqual({ id: '6b98303a-b295-473a-adae-19b78aca468d' });
  });

  it.each([
    ['{"reason":"1"}', 'already-recorded'],
    ['{"Reason":1}', 'already-recorded'],
    ['{"REASON":"0"}', 'start-already-requested'],
  ])('a start answered with 429 %s is %s', async (body, code) => {
    simulator.faults.add({ action: { kind: 'respond', status: 429, body } });
    expect(errorOf(await start()).code).toBe(code);
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
    ['details', { kind: 'reshape', remove: ['pbxInfo', 'pbxCallId'] }, { pbxCallId: null }],
    ['details', { kind: 'reshape', set: { pbxInfo: 'x', pbxCallId: 'y' } }, { pbxCallId: 'y' }],
    ['details', { kind: 'reshape', remove: ['pbxCallId'], set: { pbxInfo: 7 } }, { pbxCallId: '7' }],
    // What `pbxInfo` holds is not documented (L2).
    [
      'details',
      {
        kind: 'reshape',
        remove: ['pbxCallId'],
        set: { pbxInfo: { cluster: 1, call: { id: 'a7', legs: ['x', 'y'] }, up: null } },
      },
      { pbxCallId: 'cluster: 1, call: id: a7, legs: x, y' },
    ],
    ['details', { kind: 'reshape', remove: ['pbxCallId'], set: { pbxInfo: {} } }, { pbxCallId: null }],
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
    [{ kind: 'respond', status: 407 }, 'proxy-login'],
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

  /** A page under every `Server` header that a site may have. */
  const pages = (status: number, words: string): readonly FaultAction[] =>
    [null, 'Microsoft-IIS/10.0', 'Microsoft-HTTPAPI/2.0', 'nginx', 'squid/5.7'].map((server) => ({
      kind: 'respond',
      status,
      body: `<html><body><h1>${words}</h1></body></html>`,
      contentType: 'text/html',
      headers: server === null ? {} : { server },
    }));

  it('to a start: the body decides, whatever server the answer names (P1)', async () => {
    const gone = '<h2>Service Unavailable</h2><p>HTTP Error 503. The service is unavailable.</p>';
    const answers: readonly (readonly [FaultAction, ErrorCode, true | undefined])[] = [
      ...pages(503, '503').map((action) => [action, 'channels-in-use', true] as const),
      [{ kind: 'page', status: 503 }, 'channels-in-use', true],
      [{ kind: 'respond', status: 503 }, 'channels-in-use', undefined],
      [{ kind: 'respond', status: 503, body: '{}' }, 'channels-in-use', undefined],
      [{ kind: 'respond', status: 503, headers: { 'retry-after': '5' } }, 'server-error', true],
      [{ kind: 'respond', status: 503, body: gone, contentType: 'text/html' }, 'server-error', true],
      ...pages(504, '504').map((action) => [action, 'service-down', true] as const),
      [{ kind: 'respond', status: 504 }, 'service-down', undefined],
      [{ kind: 'respond', status: 504, body: 'upstream request timeout' }, 'service-down', true],
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
  ] as const)('to %s: a 403 is %s, whatever server it names (L22)', async (_call, code, send) => {
    const long = `<html>${'x'.repeat(2_000_000)}</html>`;
    const answers: readonly FaultAction[] = [
      { kind: 'respond', status: 403 },
      { kind: 'respond', status: 403, body: '{}' },
      { kind: 'page', status: 403 },
      ...pages(403, 'Forbidden'),
      // Longer than anybody reads.
      { kind: 'respond', status: 403, body: long, contentType: 'text/html' },
    ];
    for (const action of answers) {
      const fault = simulator.faults.add({ action });
      expect(errorOf(await send()).code).toBe(code);
      fault.remove();
    }
  });

  it('to active recordings: a server without that list is told from another server (C22)', async () => {
    const answers: readonly (readonly [FaultAction, ErrorCode, string])[] = [
      [{ kind: 'respond', status: 404 }, 'live-list-unavailable', 'empty'],
      [{ kind: 'respond', status: 404, body: '{"message":"no"}' }, 'live-list-unavailable', 'json'],
      [{ kind: 'respond', status: 405, body: '{"Message":"no GET"}' }, 'live-list-unavailable', 'json'],
      [{ kind: 'page', status: 405 }, 'live-list-unavailable', 'html'],
      ...pages(404, 'Not found').map((action) => [action, 'not-this-server', 'html'] as const),
      [{ kind: 'respond', status: 404, body: 'default backend - 404' }, 'not-this-server', 'other'],
    ];
    for (const [action, code, body] of answers) {
      const fault = simulator.faults.add({ action });
      expect(errorOf(await active())).toMatchObject({ code, detail: { body } });
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

  const date = 'Wed, 01 Jan 2020 00:00:00 GMT';
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '61' }, 60_000],
    [{ 'retry-after': '999999999' }, 60_000],
    [{ 'retry-after': '1000000000' }, 60_000],
    [{ 'retry-after': `1${'0'.repeat(400)}` }, 60_000],
    [{ date, 'retry-after': 'Wed, 01 Jan 2020 00:00:30 GMT' }, 30_000],
    [{ date, 'retry-after': 'Wed, 01 Jan 2020 00:10:00 GMT' }, 60_000],
    [{ date, 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 60_000],
    [{ date, 'retry-after': 'Tue, 01 Jan 2019 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
  ])('says when to come back, in a minute at most: %o (G11)', async (headers, expected) => {
    simulator.faults.add({ action: { kind: 'respond', status: 503, headers } });
    expect(errorOf(await list()).detail.retryAfterMs).toBe(expected);
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
