import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CodedError, ErrorCode, Result } from '@shared/domain/errors';
import type { RecordingMode } from '@shared/domain/recording';
import type { ApiClient } from '../../../src-main/infra/api/client';
import type { Generation, Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { clientOf, errorOf, lineOf, metadataOf, silence } from './support/agent';

const nobody = '11111111-2222-4333-8444-555555555555';
const day = { page: 0, pageSize: 25 } as const;

/** One documented refusal, by a cause that a real site has. */
interface Refusal {
  readonly what: string;
  readonly as?: string;
  readonly generation?: Generation;
  readonly given?: (simulator: Simulator) => unknown;
  readonly when: (client: ApiClient, simulator: Simulator) => Promise<Result<unknown>>;
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail?: CodedError['detail'];
  /** Only where the status does not rule out that it was done. */
  readonly unknown?: true;
}

const start =
  (line: string | null, mode: RecordingMode = 'media-forking') =>
  (client: ApiClient) =>
    client.startRecording(lineOf({ directoryNumber: line, mode }));
const connect = (line: string) => (simulator: Simulator) =>
  simulator.telephony.connectCall({ directoryNumber: line });
const service = (patch: Partial<Simulator['service']>) => (simulator: Simulator) => {
  simulator.telephony.connectCall({ directoryNumber: '101' });
  Object.assign(simulator.service, patch);
};
const live =
  (line: string, mode: 0 | 1 = 0) =>
  (simulator: Simulator) => {
    simulator.telephony.connectCall({ directoryNumber: line });
    if (simulator.telephony.live().length === 0)
      simulator.telephony.startRecording({ directoryNumber: line, mode });
  };
const stopFirst = (client: ApiClient, simulator: Simulator) =>
  client.stopRecording(simulator.telephony.live()[0]?.id ?? nobody);
const ownRecording = (simulator: Simulator) => simulator.recordings.add({ ownerUsername: 'ben.carter' });
const firstRecording = (simulator: Simulator) => simulator.recordings.all()[0]?.id ?? nobody;

const starting: readonly Refusal[] = [
  { what: 'names nothing', when: start(null), code: 'no-line-given', status: 400, detail: { reason: 0 } },
  {
    what: 'names a line that is not there',
    when: start('999'),
    code: 'line-not-monitorable',
    status: 400,
    detail: { reason: 1, directoryNumber: '999' },
  },
  {
    what: 'names a device that is not there',
    when: (client) => client.startRecording(lineOf({ deviceName: 'SEP0' })),
    code: 'line-not-monitorable',
    status: 400,
    detail: { reason: 1, deviceName: 'SEP0' },
  },
  {
    what: 'names a line that cannot be monitored',
    as: 'tina.tapi',
    given: connect('110'),
    when: start('110'),
    code: 'line-not-monitorable',
    status: 400,
    detail: { reason: 1, deviceName: 'SEP001122334410', directoryNumber: '110' },
  },
  {
    what: 'comes from a user without a phone',
    as: 'noah.nophone',
    generation: 2025,
    when: (client) => client.startRecording(null),
    code: 'caller-without-extension',
    status: 400,
    detail: { reason: 3 },
  },
  {
    what: 'is for a device that records by itself',
    as: 'auto.agent',
    when: start('109'),
    code: 'device-not-manual',
    status: 400,
    detail: { reason: 4 },
  },
  {
    what: 'has no right',
    as: 'luca.base',
    when: start('105'),
    code: 'not-allowed',
    status: 403,
    detail: { reason: 0 },
  },
  {
    what: 'is for a user who may not be recorded',
    as: 'otto.private',
    given: connect('107'),
    when: start('107'),
    code: 'call-user-not-allowed',
    status: 403,
    detail: { reason: 1, username: 'otto.private' },
  },
  {
    what: 'is for a call in the wrong direction',
    given: service({ recordedDirections: 'outgoing' }),
    when: start('101'),
    code: 'direction-excluded',
    status: 403,
    detail: { reason: 2 },
  },
  {
    what: 'is for the wrong type of call',
    given: service({ recordedTraffic: 'internal' }),
    when: start('101'),
    code: 'traffic-excluded',
    status: 403,
    detail: { reason: 3 },
  },
  {
    what: 'is for a blacklisted number',
    given: (simulator) => {
      simulator.telephony.connectCall({ directoryNumber: '101', remote: { phoneNumber: '+39112' } });
      simulator.service.blacklist = ['+39112'];
    },
    when: start('101'),
    code: 'blacklisted',
    status: 403,
    detail: { reason: 4 },
  },
  {
    what: 'is for a line without a user',
    as: 'sara.conti',
    given: connect('108'),
    when: start('108'),
    code: 'line-without-user',
    status: 409,
    detail: { reason: 0, extension: '108' },
  },
  {
    what: 'finds no call',
    when: start('101'),
    code: 'no-connected-call',
    status: 409,
    detail: { reason: 1, directoryNumber: '101' },
  },
  {
    what: 'comes while another is under way',
    given: (simulator) => {
      connect('101')(simulator);
      simulator.timing.startLatencyMs = 60_000;
    },
    when: async (client, simulator) => {
      const leave = new AbortController();
      const first = client.startRecording(lineOf({ directoryNumber: '101' }), { signal: leave.signal });
      await simulator.requests.waitForRequest(({ route, body }) => route === 'start' && body !== null);
      const second = await start('101')(client);
      leave.abort();
      await first;
      return second;
    },
    code: 'start-already-requested',
    status: 429,
    detail: { reason: 0 },
  },
  {
    what: 'is for a call that is being recorded',
    given: live('101'),
    when: start('101'),
    code: 'already-recorded',
    status: 429,
    detail: { reason: 1 },
  },
  {
    what: 'finds no licence',
    given: service({ licenceValid: false }),
    when: start('101'),
    code: 'licence-invalid',
    status: 501,
    detail: { reason: 0 },
  },
  {
    what: 'finds no pilot',
    given: service({ pilotConfigured: false }),
    when: start('101', 'dial-in'),
    code: 'no-recording-pilot',
    status: 501,
    detail: { reason: 1 },
  },
  {
    what: 'finds a pilot that goes elsewhere',
    given: service({ pilotRouted: false }),
    when: start('101', 'dial-in'),
    code: 'pilot-misrouted',
    status: 501,
    detail: { reason: 2 },
  },
  {
    what: 'finds no media forking',
    given: service({ forkingConfigured: false }),
    when: start('101'),
    code: 'pilot-misrouted',
    status: 501,
    detail: { reason: 2 },
  },
  {
    what: 'finds no free channel',
    given: service({ channels: 0 }),
    when: start('101'),
    code: 'channels-in-use',
    status: 503,
    // The page may be a gateway's.
    unknown: true,
  },
  {
    what: 'finds the database down',
    given: service({ databaseUp: false }),
    when: start('101'),
    code: 'server-error',
    status: 500,
    unknown: true,
  },
  {
    what: 'finds the service down',
    given: service({ running: false }),
    when: start('101'),
    code: 'service-down',
    status: 504,
    unknown: true,
  },
];

const stopping: readonly Refusal[] = [
  {
    what: 'names no GUID',
    when: (client) => client.stopRecording('not-a-guid'),
    code: 'invalid-id',
    status: 400,
    detail: { reason: 0 },
  },
  {
    what: 'is for a line that cannot be monitored any more',
    given: (simulator) => {
      live('101')(simulator);
      simulator.telephony.updateDevice('SEP001122334401', { monitorable: false });
    },
    when: stopFirst,
    code: 'line-not-monitorable',
    status: 400,
    detail: { reason: 1, deviceName: 'SEP001122334401' },
  },
  {
    what: 'is for such a line, by its number',
    given: (simulator) => {
      live('101')(simulator);
      simulator.telephony.updateDevice('SEP001122334401', { monitorable: false });
    },
    when: (client) => client.stopLine(lineOf({ directoryNumber: '101' })),
    code: 'line-not-monitorable',
    status: 400,
    detail: { reason: 1, deviceName: 'SEP001122334401', directoryNumber: '101' },
  },
  {
    what: 'is for an automatic recording',
    as: 'auto.agent',
    given: live('109'),
    when: stopFirst,
    code: 'automatic-recording',
    status: 400,
    detail: { reason: 2 },
  },
  {
    what: 'is for an automatic recording, by its line',
    as: 'auto.agent',
    given: live('109'),
    when: (client) => client.stopLine(lineOf({ directoryNumber: '109' })),
    code: 'automatic-recording',
    status: 400,
    detail: { reason: 2 },
  },
  {
    what: 'has no right',
    as: 'luca.base',
    given: live('105'),
    when: stopFirst,
    code: 'not-allowed',
    status: 403,
  },
  {
    what: 'has no right over the line',
    as: 'ben.carter',
    given: live('101'),
    when: (client) => client.stopLine(lineOf({ directoryNumber: '101' })),
    code: 'not-allowed',
    status: 403,
  },
  {
    what: 'is for nothing that runs',
    when: (client) => client.stopRecording(nobody),
    code: 'not-a-live-recording',
    status: 409,
  },
  {
    what: 'is for a line on which nothing runs',
    when: (client) => client.stopLine(lineOf({ directoryNumber: '101' })),
    code: 'not-a-live-recording',
    status: 409,
  },
  {
    what: 'names the device of a Dial-In',
    given: live('101', 1),
    when: (client) => client.stopLine(lineOf({ deviceName: 'SEP001122334401' })),
    code: 'not-a-live-recording',
    status: 409,
  },
  {
    what: 'finds the database down',
    given: service({ databaseUp: false }),
    when: (client) => client.stopRecording(nobody),
    code: 'server-error',
    status: 500,
    unknown: true,
  },
  {
    what: 'finds the service down',
    given: service({ running: false }),
    when: (client) => client.stopRecording(nobody),
    code: 'service-down',
    status: 504,
    unknown: true,
  },
];

const pausing: readonly Refusal[] = [
  {
    what: 'names no GUID',
    generation: 2025,
    when: (client) => client.pauseRecording('x'),
    code: 'invalid-id',
    status: 400,
  },
  {
    what: 'has no right',
    generation: 2025,
    as: 'luca.base',
    when: (client) => client.resumeRecording(nobody),
    code: 'not-allowed',
    status: 403,
  },
  {
    what: 'is for nothing that runs',
    generation: 2025,
    when: (client) => client.pauseRecording(nobody),
    code: 'not-a-live-recording',
    status: 409,
  },
  {
    what: 'is for nothing that runs, to resume',
    generation: 2025,
    when: (client) => client.resumeRecording(nobody),
    code: 'not-a-live-recording',
    status: 409,
  },
  {
    what: 'finds the database down',
    generation: 2025,
    given: service({ databaseUp: false }),
    when: (client) => client.pauseRecording(nobody),
    code: 'server-error',
    status: 500,
    unknown: true,
  },
];

const reading: readonly Refusal[] = [
  {
    what: 'active recordings without the level',
    as: 'luca.base',
    when: (client) => client.activeRecordings({ username: 'luca.base' }),
    code: 'level-too-low',
    status: 403,
  },
  {
    what: 'active recordings of a broken server',
    given: service({ databaseUp: false }),
    when: (client) => client.activeRecordings({ directoryNumber: '101' }),
    code: 'server-error',
    status: 500,
    detail: { directoryNumber: '101' },
  },
  {
    what: 'a list by a filter that is none',
    when: (client) => client.listRecordings({ startTime: { operator: 'after', at: 8.64e15 } }, day),
    code: 'invalid-filter',
    status: 400,
    detail: { reason: 0 },
  },
  {
    what: 'a page that is none',
    when: (client) => client.listRecordings({}, { page: 0, pageSize: 0 }),
    code: 'invalid-paging',
    status: 400,
    detail: { reason: 1 },
  },
  {
    what: 'a list without the right',
    as: 'nina.none',
    when: (client) => client.listRecordings({}, day),
    code: 'not-allowed',
    status: 403,
  },
  {
    what: 'a list of a service that is down',
    given: service({ running: false }),
    when: (client) => client.listRecordings({}, day),
    code: 'service-down',
    status: 504,
  },
  {
    what: 'a list of a broken server',
    given: service({ databaseUp: false }),
    when: (client) => client.listRecordings({}, day),
    code: 'server-error',
    status: 500,
  },
  ...(['getRecording', 'downloadRecording'] as const).flatMap((method): readonly Refusal[] => [
    { what: `${method} of no GUID`, when: (client) => client[method]('x'), code: 'invalid-id', status: 400 },
    {
      what: `${method} of somebody else's`,
      given: ownRecording,
      when: (client, simulator) => client[method](firstRecording(simulator)),
      code: 'not-allowed',
      status: 403,
    },
    {
      what: `${method} of what is gone`,
      when: (client) => client[method](nobody),
      code: 'recording-not-found',
      status: 404,
    },
  ]),
];

const uploading: readonly Refusal[] = [
  {
    what: 'has metadata without a user',
    when: (client) =>
      client.uploadRecording(metadataOf({ localParty: { username: 'no.one', phoneNumber: '1' } }), silence()),
    code: 'upload-metadata-invalid',
    status: 400,
    detail: { reason: 1 },
  },
  {
    what: 'has no sound',
    when: (client) =>
      client.uploadRecording(
        metadataOf(),
        silence({
          sizeBytes: 5,
          chunks: async function* () {
            yield Buffer.from('12345');
          },
        }),
      ),
    code: 'upload-audio-invalid',
    status: 400,
    detail: { reason: 2 },
  },
  {
    what: 'has no right',
    as: 'luca.base',
    when: (client) => client.uploadRecording(metadataOf(), silence()),
    code: 'not-allowed',
    status: 403,
  },
  {
    what: 'is too old',
    when: (client) => client.uploadRecording(metadataOf({ startTime: Date.UTC(1999, 0) }), silence()),
    code: 'outside-retention',
    status: 409,
  },
  {
    what: 'finds the database down',
    given: service({ databaseUp: false }),
    when: (client) => client.uploadRecording(metadataOf(), silence()),
    code: 'server-error',
    status: 500,
    unknown: true,
  },
  {
    what: 'finds no licence',
    given: service({ licenceValid: false }),
    when: (client) => client.uploadRecording(metadataOf(), silence()),
    code: 'licence-invalid',
    status: 501,
    unknown: true,
  },
];

describe.each([
  ['a start that', 'start', starting],
  ['a stop that', 'stop', stopping],
  ['a pause that', null, pausing],
  ['asking for', null, reading],
  ['an upload that', 'upload', uploading],
] as const)('%s', (_what, operation, table) => {
  let simulator: Simulator | undefined;
  let client: ApiClient | undefined;

  afterEach(async () => {
    client?.dispose();
    await simulator?.close();
  });

  it.each(table)('$what: $code', async ({ as, generation, given, when, code, status, detail, unknown }) => {
    simulator = await startSimulator({ generation: generation ?? 2024 });
    client = clientOf(simulator, as);
    given?.(simulator);
    const error = errorOf(await when(client, simulator));
    expect(error).toMatchObject({
      code,
      ...(operation === null ? {} : { operation }),
      detail: { ...detail, status, host: new URL(simulator.url).host },
    });
    expect(error.detail.outcomeUnknown).toBe(unknown);
  });
});

describe('every function', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ generation: 2025 });
  });

  afterEach(async () => {
    await simulator.close();
  });

  const all: Readonly<Record<string, (client: ApiClient) => Promise<Result<unknown>>>> = {
    start: start('101'),
    'stop by id': (client) => client.stopRecording(nobody),
    'stop by line': (client) => client.stopLine(lineOf({ directoryNumber: '101' })),
    pause: (client) => client.pauseRecording(nobody),
    resume: (client) => client.resumeRecording(nobody),
    probe: (client) => client.probePause(),
    active: (client) => client.activeRecordings({ username: 'anna.rossi' }),
    list: (client) => client.listRecordings({}, day),
    details: (client) => client.getRecording(nobody),
    download: (client) => client.downloadRecording(nobody),
    upload: (client) => client.uploadRecording(metadataOf(), silence()),
  };

  it.each(Object.entries(all))('%s: a wrong password is sent once', async (_name, use) => {
    const client = clientOf(simulator, 'anna.rossi', { password: 'wrong' });
    const error = errorOf(await use(client));
    expect(error).toMatchObject({ code: 'unauthorized', detail: { status: 401 } });
    expect(error.detail.outcomeUnknown).toBeUndefined();
    expect(simulator.accounts.failures('anna.rossi')).toBe(1);
    client.dispose();
  });

  it.each(Object.entries(all))('%s: a user of single sign-on is refused', async (_name, use) => {
    const client = clientOf(simulator, 'sofia.sso');
    expect(errorOf(await use(client))).toMatchObject({ code: 'unauthorized', detail: { status: 401 } });
    client.dispose();
  });
});
