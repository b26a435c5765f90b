import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './index';
import { type Answer, basic, call, passwords, type Username } from './testing/caller';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(() => simulator.close());

const ring = (directoryNumber: string) => simulator.telephony.connectCall({ directoryNumber });
const start = (json: unknown, as: Username = 'anna.rossi'): Promise<Answer> =>
  call(simulator, 'POST', '/LiveRecordings', { as, json });

interface Case {
  readonly name: string;
  readonly set?: () => void;
  readonly as?: Username;
  readonly json?: unknown;
  readonly status: number;
  /** The JSON body; an IIS page where left out. */
  readonly body?: unknown;
}

const line101 = { directoryNumber: '101' };

const startCases: readonly Case[] = [
  { name: 'neither name nor number', json: {}, status: 400, body: { reason: 0 } },
  { name: 'a mode alone', json: { mode: 0 }, status: 400, body: { reason: 0 } },
  { name: 'a body that is no object', json: [], status: 400, body: { reason: 0 } },
  {
    name: 'a line that does not exist',
    json: { directoryNumber: '999' },
    status: 400,
    body: { reason: 1, deviceName: '' },
  },
  {
    name: 'a phone that does not exist',
    json: { deviceName: 'SEP999999999999' },
    status: 400,
    body: { reason: 1, deviceName: 'SEP999999999999' },
  },
  {
    name: 'phone and line that do not belong together',
    set: () => ring('101'),
    json: { deviceName: 'SEP001122334402', directoryNumber: '101' },
    status: 400,
    body: { reason: 1, deviceName: 'SEP001122334402' },
  },
  {
    name: 'a phone that cannot be monitored',
    set: () => ring('110'),
    as: 'tina.tapi',
    json: { directoryNumber: '110' },
    status: 400,
    body: { reason: 1, deviceName: 'SEP001122334410' },
  },
  { name: 'an invalid mode', json: { ...line101, mode: 2 }, status: 400, body: { reason: 2 } },
  { name: 'a mode of the wrong type', json: { ...line101, mode: 'x' }, status: 400, body: { reason: 2 } },
  {
    name: 'a phone with automatic recording',
    set: () => ring('109'),
    as: 'auto.agent',
    json: { directoryNumber: '109' },
    status: 400,
    body: { reason: 4 },
  },
  { name: 'level 2', as: 'luca.base', json: { directoryNumber: '105' }, status: 403, body: { reason: 0 } },
  { name: 'level 0', as: 'nina.none', json: line101, status: 403, body: { reason: 0 } },
  {
    name: "somebody else's line",
    set: () => ring('102'),
    json: { directoryNumber: '102' },
    status: 403,
    body: { reason: 0 },
  },
  {
    name: 'a user who may not be recorded',
    set: () => ring('107'),
    as: 'otto.private',
    json: { directoryNumber: '107' },
    status: 403,
    body: { reason: 1, username: 'otto.private' },
  },
  {
    name: 'an excluded direction',
    set: () => {
      simulator.service.recordedDirections = 'outgoing';
      ring('101');
    },
    json: line101,
    status: 403,
    body: { reason: 2 },
  },
  {
    name: 'excluded traffic',
    set: () => {
      simulator.service.recordedTraffic = 'internal';
      ring('101');
    },
    json: line101,
    status: 403,
    body: { reason: 3 },
  },
  {
    name: 'a remote party on the blacklist',
    set: () => {
      simulator.service.blacklist = ['+3902*'];
      ring('101');
    },
    json: line101,
    status: 403,
    body: { reason: 4 },
  },
  {
    name: 'a line without user',
    set: () => ring('108'),
    json: { directoryNumber: '108' },
    status: 409,
    body: { reason: 0, extension: '108' },
  },
  {
    name: 'a call on a line nobody knows',
    set: () => simulator.telephony.connectCall({ deviceName: 'SEP001122334408', directoryNumber: null }),
    json: { deviceName: 'SEP001122334408' },
    status: 409,
    body: { reason: 0, extension: null },
  },
  {
    name: 'no connected call',
    json: line101,
    status: 409,
    body: { reason: 1, extension: null },
  },
  {
    name: 'a call already recorded',
    set: () => {
      ring('101');
      simulator.telephony.startRecording({ directoryNumber: '101' });
    },
    json: line101,
    status: 429,
    body: { reason: 1 },
  },
  {
    name: 'a database that is down',
    set: () => (simulator.service.databaseUp = false),
    json: line101,
    status: 500,
  },
  {
    name: 'no valid licence',
    set: () => (simulator.service.licenceValid = false),
    json: line101,
    status: 501,
    body: { reason: 0 },
  },
  {
    name: 'no pilot',
    set: () => {
      simulator.service.pilotConfigured = false;
      ring('101');
    },
    json: line101,
    status: 501,
    body: { reason: 1 },
  },
  {
    name: 'a pilot that does not route, with Dial-In',
    set: () => {
      simulator.service.pilotRouted = false;
      ring('101');
    },
    json: { ...line101, mode: 1 },
    status: 501,
    body: { reason: 2 },
  },
  {
    name: 'a call manager not set up for forking',
    set: () => {
      simulator.service.forkingConfigured = false;
      ring('101');
    },
    json: line101,
    status: 501,
    body: { reason: 2 },
  },
  {
    name: 'all channels in use',
    set: () => {
      simulator.service.channelsInUseElsewhere = simulator.service.channels;
      ring('101');
    },
    json: line101,
    status: 503,
  },
  {
    name: 'a service that is down',
    set: () => (simulator.service.running = false),
    json: line101,
    status: 504,
  },
];

describe('start', () => {
  it.each(startCases)('answers $status to $name', async ({ set, as, json, status, body }) => {
    set?.();
    const answer = await start(json, as);
    expect(answer.status).toBe(status);
    if (body === undefined) expect(answer.body).toContain(`${status} - `);
    else expect(answer.body).toEqual(body);
  });

  it.each([
    ['a pilot that does not route', 'pilotRouted', 0],
    ['a call manager not set up for forking', 'forkingConfigured', 1],
  ] as const)('does not mind %s in the other mode', async (_name, setting, mode) => {
    simulator.service[setting] = false;
    ring('101');
    expect((await start({ ...line101, mode })).status).toBe(201);
  });

  it('answers 429 reason 0 between the request and the recording', async () => {
    simulator.timing.startLatencyMs = 60_000;
    ring('101');
    const first = start(line101);
    const ended = first.catch(() => null);
    await simulator.telephony.waitFor((telephony) =>
      telephony.calls().find((each) => telephony.isPending(each)),
    );
    expect(await start(line101)).toMatchObject({ status: 429, body: { reason: 0 } });
    expect(simulator.telephony.live()).toEqual([]);
    await simulator.close();
    await ended;
  });

  it('answers 409 reason 1 when the call ends before it is live', async () => {
    simulator.timing.startLatencyMs = 30;
    const connected = ring('101');
    const first = start(line101);
    await simulator.telephony.waitFor((telephony) => (telephony.isPending(connected) ? true : undefined));
    simulator.telephony.endCall(connected.id);
    expect(await first).toMatchObject({ status: 409, body: { reason: 1 } });
  });

  it('takes broken JSON for an empty request, and refuses another type', async () => {
    const broken = { method: 'POST', body: '{"directoryNumber": ' };
    expect(await call(simulator, 'POST', '/LiveRecordings', { init: broken })).toMatchObject({ status: 415 });
    const headers = {
      'content-type': 'application/json',
      authorization: 'Basic YW5uYS5yb3NzaTpBbm5hLTEwMS1kZW1v',
    };
    const answer = await call(simulator, 'POST', '/LiveRecordings', { init: { ...broken, headers } });
    expect(answer).toMatchObject({ status: 400, body: { reason: 0 } });
  });

  it("lets a supervisor start on an agent's line; the recording is the agent's", async () => {
    ring('101');
    expect((await start(line101, 'sara.conti')).status).toBe(201);
    expect(simulator.telephony.live()[0]?.facts).toMatchObject({
      ownerUsername: 'anna.rossi',
      startedBy: 'sara.conti',
    });
  });

  it('records two lines of one phone at once', async () => {
    ring('101');
    ring('111');
    expect((await start({ deviceName: 'SEP001122334401' })).status).toBe(201);
    expect((await start({ deviceName: 'SEP001122334401' })).status).toBe(201);
    const active = await call(simulator, 'GET', '/LiveRecordings?username=anna.rossi');
    expect(active.body).toHaveLength(2);
  });
});

/** Starts a recording past all rules and answers its id. */
function record(directoryNumber: string, mode: 0 | 1 = 0): string {
  ring(directoryNumber);
  return simulator.telephony.startRecording({ directoryNumber, mode }).id;
}

describe('stop by id', () => {
  const stop = (id: string, as: Username = 'anna.rossi') =>
    call(simulator, 'DELETE', `/LiveRecordings/${id}`, { as });

  it('ends the recording, once', async () => {
    const id = record('101');
    expect((await stop(id)).status).toBe(204);
    expect((await stop(id)).status).toBe(409);
    expect((await simulator.recordings.waitFor((recording) => recording.id === id)).ownerUsername).toBe(
      'anna.rossi',
    );
  });

  it.each([
    ['not a GUID', 'abc', 400, { reason: 0 }],
    ['an unknown id', '00000000-0000-0000-0000-000000000000', 409, undefined],
  ])('refuses %s', async (_name, id, status, body) => {
    const answer = await stop(id);
    expect(answer.status).toBe(status);
    if (body) expect(answer.body).toEqual(body);
  });

  it('refuses a phone that cannot be monitored any more', async () => {
    const id = record('101');
    simulator.telephony.updateDevice('SEP001122334401', { monitorable: false });
    expect(await stop(id)).toMatchObject({ status: 400, body: { reason: 1, deviceName: 'SEP001122334401' } });
  });

  it('refuses an automatic recording', async () => {
    ring('109');
    const id = simulator.telephony.live()[0]?.id ?? '';
    expect(await stop(id, 'auto.agent')).toMatchObject({ status: 400, body: { reason: 2 } });
  });

  it.each([
    ['an account below level 10', 'luca.base', 403],
    ["somebody else's recording", 'ben.carter', 403],
    ["a supervisor's request", 'sara.conti', 204],
  ] as const)('answers %s (%s) with %i', async (_name, as, status) => {
    expect((await stop(record('101'), as)).status).toBe(status);
  });

  it.each([
    ['databaseUp', 500],
    ['running', 504],
  ] as const)('answers without %s with %i', async (setting, status) => {
    const id = record('101');
    simulator.service[setting] = false;
    expect((await stop(id)).status).toBe(status);
  });
});

describe('stop by line', () => {
  const stop = (query: string, as: Username = 'anna.rossi') =>
    call(simulator, 'DELETE', `/LiveRecordings${query}`, { as });

  it.each([
    ['the line', '?directoryNumber=101'],
    ['the phone', '?deviceName=sep001122334401'],
    ['both', '?deviceName=SEP001122334401&directoryNumber=101'],
  ])('ends the recording named by %s', async (_name, query) => {
    record('101');
    expect((await stop(query)).status).toBe(204);
    expect(simulator.telephony.live()).toEqual([]);
  });

  it('refuses a request that names nothing', async () => {
    expect(await stop('')).toMatchObject({ status: 400, body: { reason: 0 } });
    expect(await stop('?deviceName=&directoryNumber=')).toMatchObject({ status: 400, body: { reason: 0 } });
  });

  it('refuses a Dial-In named by its phone, and ends it by line', async () => {
    record('101', 1);
    expect((await stop('?deviceName=SEP001122334401&directoryNumber=101')).status).toBe(409);
    expect((await stop('?directoryNumber=101')).status).toBe(204);
  });

  it('refuses a phone that cannot be monitored, an automatic recording, and strangers', async () => {
    record('101');
    expect((await stop('?directoryNumber=101', 'ben.carter')).status).toBe(403);
    expect((await stop('?directoryNumber=101', 'luca.base')).status).toBe(403);
    simulator.telephony.updateDevice('SEP001122334401', { monitorable: false });
    expect(await stop('?directoryNumber=101')).toMatchObject({
      status: 400,
      body: { reason: 1, deviceName: 'SEP001122334401' },
    });
    ring('109');
    expect(await stop('?directoryNumber=109', 'auto.agent')).toMatchObject({
      status: 400,
      body: { reason: 2 },
    });
    expect((await stop('?directoryNumber=102', 'ben.carter')).status).toBe(409);
    simulator.service.running = false;
    expect((await stop('?directoryNumber=101')).status).toBe(504);
  });
});

describe('active recordings', () => {
  const active = (query: string, as: Username = 'anna.rossi') =>
    call(simulator, 'GET', `/LiveRecordings${query}`, { as });

  it.each([
    ['', 2],
    ['?directoryNumber=101', 1],
    ['?deviceName=sep001122334402', 1],
    ['?username=ANNA.ROSSI', 1],
    ['?numericUserId=5102', 1],
    ['?directoryNumber=101&username=ben.carter', 0],
    ['?directoryNumber=999', 0],
    ['?directoryNumber=', 2],
  ])('with %s gives %i', async (query, count) => {
    record('101');
    record('102');
    const answer = await active(query);
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(count);
  });

  it('refuses accounts below level 10, and is 500 where the service is down', async () => {
    expect((await active('?username=luca.base', 'luca.base')).status).toBe(403);
    simulator.service.running = false;
    expect((await active('?directoryNumber=101')).status).toBe(500);
  });

  it('may show a recording only some time after its start', async () => {
    simulator.timing.visibleAfterMs = 60_000;
    record('101');
    expect((await active('?directoryNumber=101')).body).toEqual([]);
    simulator.timing.visibleAfterMs = 0;
    expect((await active('?directoryNumber=101')).body).toHaveLength(1);
  });
});

describe('what the document leaves open', () => {
  const raw = (body: string, type = 'application/json') => {
    const headers = {
      authorization: basic('anna.rossi', passwords['anna.rossi']),
      ...(type === '' ? {} : { 'content-type': type }),
    };
    // As bytes: text would be given a content type.
    return call(simulator, 'POST', '/LiveRecordings', { init: { body: Buffer.from(body), headers } });
  };

  it.each([
    ['a number for a text', '{"directoryNumber":101}', 'application/json', 400, 201],
    ['a text for the mode', '{"directoryNumber":"101","mode":"0"}', 'application/json', 400, 201],
    ['a byte order mark', '\uFEFF{"directoryNumber":"101"}', 'application/json', 400, 201],
    ['no content type', '{"directoryNumber":"101"}', '', 201, 415],
  ])('is how strictly JSON is bound: %s (L9)', async (_name, body, type, strict, converting) => {
    ring('101');
    simulator.service.jsonBinding = 'converting';
    expect((await raw(body, type)).status).toBe(converting);
    simulator.telephony.loseRecordings();
    simulator.service.jsonBinding = 'strict';
    expect((await raw(body, type)).status).toBe(strict);
  });

  it('is which forms of a GUID are taken (L10)', async () => {
    const id = record('101').replaceAll('-', '');
    const stop = async () => (await call(simulator, 'DELETE', `/LiveRecordings/${id}`)).status;
    expect(await stop()).toBe(400);
    simulator.service.guidForms = 'any';
    expect(await stop()).toBe(204);
  });

  it.each([
    ['text', { reason: 1, deviceName: '' }],
    ['null', { reason: 1, deviceName: null }],
    ['absent', { reason: 1 }],
  ] as const)('is the name of a phone that nobody knows: %s (L7)', async (unknownDeviceName, body) => {
    simulator.service.unknownDeviceName = unknownDeviceName;
    expect((await start({ directoryNumber: '999' })).body).toEqual(body);
  });

  it('is the extension of a line without call (L8)', async () => {
    expect(await start(line101)).toMatchObject({ status: 409, body: { reason: 1, extension: null } });
  });
});
