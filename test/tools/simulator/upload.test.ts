import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Generation, type Simulator, startSimulator } from './index';
import { createSampleDecoder } from './media/decode-samples';
import { listMp3Frames } from './media/mp3-frames';
import { type Answer, call, type Username } from './testing/caller';
import { makeWav, tone } from './testing/wav';

const encoder = 'lame';
const hasLame = spawnSync(encoder, ['--version']).status === 0;
const metadata = {
  startDateTime: '2026-05-20T13:00:00.0000000Z',
  duration: 'PT2S',
  direction: 2,
  localParty: { username: 'anna.rossi', phoneNumber: '101' },
  remoteParty: { phoneNumber: '123456' },
  pbxCallId: '100',
  notes: 'imported',
  preserved: true,
};
const wav = makeWav({ data: tone(2_000) });

let simulator: Simulator;

async function begin(generation: Generation): Promise<void> {
  simulator = await startSimulator({ generation, now: Date.UTC(2026, 4, 21) });
}

beforeEach(() => begin(2024));

afterEach(() => simulator.close());

interface UploadOptions {
  readonly as?: Username;
  readonly json?: unknown;
  readonly type?: string;
  /** Label of the sound; none where empty. */
  readonly soundType?: string;
  readonly sound?: Buffer | null;
}

/** Uploads with a body written by hand, so that every label is what the test says. */
function upload(options: UploadOptions = {}): Promise<Answer> {
  const { as, json = metadata, type = 'application/json', soundType = 'audio/wav', sound = wav } = options;
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const part = (head: string) => Buffer.from(`--limit\r\n${head}\r\n\r\n`);
  const body = Buffer.concat([
    ...(json === null
      ? []
      : [
          part(
            `Content-Disposition: form-data; name="jsondata"${type === '' ? '' : `\r\nContent-Type: ${type}`}`,
          ),
          Buffer.from(`${text}\r\n`),
        ]),
    ...(sound === null
      ? []
      : [
          part(
            `Content-Disposition: form-data; name="attachment"; filename="a.wav"${soundType === '' ? '' : `\r\nContent-Type: ${soundType}`}`,
          ),
          sound,
          Buffer.from('\r\n'),
        ]),
    Buffer.from('--limit--\r\n'),
  ]);
  return send(body, as);
}

function send(
  body: BodyInit,
  as: Username = 'anna.rossi',
  type = 'multipart/form-data; boundary=limit',
): Promise<Answer> {
  const password = {
    'anna.rossi': 'Anna-101-demo',
    'ben.carter': 'Ben-102-demo',
    'luca.base': 'Luca-105-demo',
  }[as as string];
  const authorization = `Basic ${Buffer.from(`${as}:${password ?? ''}`).toString('base64')}`;
  return call(simulator, 'POST', '/Recordings', {
    as,
    init: { body, headers: { authorization, 'content-type': type } },
  });
}

const codes = { 'pcm-16': [1, 16], 'a-law': [6, 8], 'mu-law': [7, 8] } as const;

describe('an accepted upload', () => {
  it('is listed with its facts, under the calling user', async () => {
    const answer = await upload();
    expect(answer.status).toBe(201);
    const { id } = answer.body as { id: string };
    expect(simulator.recordings.get(id)).toMatchObject({
      startMs: Date.UTC(2026, 4, 20, 13),
      durationMs: 2_000,
      direction: 2,
      ownerUsername: 'anna.rossi',
      remotePartyNumber: '123456',
      note: { ownerUsername: 'anna.rossi', text: 'imported' },
      preservedBy: 'anna.rossi',
    });
  });

  it.each(Object.entries(codes))('is served back as MP3 of its length: %s', async (_coding, [code, bits]) => {
    const data = bits === 16 ? tone(2_000) : Buffer.alloc(16_000, 0x55);
    const { id } = (await upload({ sound: makeWav({ code, bits, data }) })).body as { id: string };
    const detail = await call(simulator, 'GET', `/Recordings/${id}`);
    const media = await fetch(`${simulator.apiUrl}/Recordings/${id}/Media`, {
      headers: { authorization: `Basic ${Buffer.from('anna.rossi:Anna-101-demo').toString('base64')}` },
    });
    const bytes = Buffer.from(await media.arrayBuffer());
    expect(detail.body).toMatchObject({ size: bytes.length });
    const seconds = listMp3Frames(bytes).reduce((sum, frame) => sum + frame.durationMs, 0) / 1000;
    // An encoder adds a little silence at both ends.
    expect(seconds).toBeGreaterThanOrEqual(1.98);
    expect(seconds).toBeLessThan(2.2);
  });

  it.runIf(hasLame)('sounds as it did: the tone is still 440 Hz', async () => {
    const { id } = (await upload()).body as { id: string };
    const recording = simulator.recordings.get(id);
    const answer = await fetch(`${simulator.apiUrl}/Recordings/${recording?.id ?? ''}/Media`, {
      headers: { authorization: `Basic ${Buffer.from('anna.rossi:Anna-101-demo').toString('base64')}` },
    });
    const decoded = spawnSync(encoder, ['--quiet', '--decode', '--mp3input', '-t', '-', '-'], {
      input: Buffer.from(await answer.arrayBuffer()),
    }).stdout;
    let crossings = 0;
    for (let offset = 24_000; offset < 72_000; offset += 2) {
      if (decoded.readInt16LE(offset) < 0 !== decoded.readInt16LE(offset + 2) < 0) crossings += 1;
    }
    // One second at 24 kHz: two crossings a period.
    expect(crossings / 2).toBeGreaterThan(430);
    expect(crossings / 2).toBeLessThan(450);
  });

  it('takes jsondata with any label, as old servers do', async () => {
    expect((await upload({ type: '' })).status).toBe(201);
    expect((await upload({ type: 'multipart/form-data' })).status).toBe(201);
  });
});

interface Refusal {
  readonly name: string;
  readonly given?: UploadOptions;
  readonly set?: () => void;
  readonly status: number;
  readonly reason?: number;
  readonly message?: RegExp;
}

const without = (name: string) =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== name));

const refusals: readonly Refusal[] = [
  { name: 'no jsondata', given: { json: null }, status: 400, reason: 0 },
  { name: 'broken JSON', given: { json: '{"direction":' }, status: 400, reason: 0 },
  { name: 'broken JSON without label', given: { json: '{"direction":', type: '' }, status: 400, reason: 0 },
  ...['startDateTime', 'duration', 'direction', 'localParty'].map((name) => ({
    name: `no ${name}`,
    given: { json: without(name) },
    status: 400,
    reason: 1,
    message: new RegExp(name),
  })),
  {
    name: 'a direction of 3',
    given: { json: { ...metadata, direction: 3 } },
    status: 400,
    reason: 1,
    message: /direction/,
  },
  {
    name: 'a bad time',
    given: { json: { ...metadata, startDateTime: 'x' } },
    status: 400,
    reason: 1,
    message: /startDate/,
  },
  {
    name: 'a bad duration',
    given: { json: { ...metadata, duration: '90' } },
    status: 400,
    reason: 1,
    message: /duration/,
  },
  {
    name: 'an unknown user',
    given: { json: { ...metadata, localParty: { username: 'nobody', phoneNumber: '1' } } },
    status: 400,
    reason: 1,
    message: /nobody/,
  },
  { name: 'no sound', given: { sound: null }, status: 400, reason: 2 },
  { name: 'empty sound', given: { sound: Buffer.alloc(0) }, status: 400, reason: 2 },
  { name: 'no WAV', given: { sound: Buffer.from('hello, this is no sound') }, status: 400, reason: 2 },
  {
    name: 'a WAV without samples',
    given: { sound: makeWav({ data: Buffer.alloc(0) }) },
    status: 400,
    reason: 2,
  },
  {
    name: 'a WAV cut short',
    given: { sound: makeWav({ data: tone(100), claimedBytes: 90_000 }) },
    status: 400,
    reason: 2,
  },
  {
    name: 'floating point',
    given: { sound: makeWav({ code: 3, bits: 32, data: tone(100) }) },
    status: 400,
    reason: 2,
  },
  { name: 'PCM-8', given: { sound: makeWav({ bits: 8, data: tone(100) }) }, status: 400, reason: 2 },
  { name: 'level 2', given: { as: 'luca.base' }, status: 403 },
  { name: "somebody else's call", given: { as: 'ben.carter' }, status: 403 },
  {
    name: 'a call from before the retention period',
    given: { json: { ...metadata, startDateTime: '2018-09-25T13:00:00Z' } },
    status: 409,
  },
  { name: 'no database', set: () => (simulator.service.databaseUp = false), status: 500 },
  { name: 'no service', set: () => (simulator.service.running = false), status: 500 },
  { name: 'no licence', set: () => (simulator.service.licenceValid = false), status: 501 },
];

describe('a refused upload', () => {
  it.each(refusals)('answers $status ($reason) to $name', async ({ given, set, status, reason, message }) => {
    set?.();
    const answer = await upload(given);
    expect(answer.status).toBe(status);
    if (reason !== undefined) {
      expect(answer.body).toEqual({ reason, message: expect.stringMatching(message ?? /./) });
    }
    expect(simulator.recordings.count).toBe(0);
  });

  it.each([
    ['application/json', '{}'],
    ['text/plain', ''],
    ['multipart/form-data; boundary=limit', 'no parts at all'],
    ['multipart/form-data', '--limit--'],
  ])('answers 400 reason 0 to a body of %s', async (type, body) => {
    expect(await send(body, 'anna.rossi', type)).toMatchObject({ status: 400, body: { reason: 0 } });
  });

  it('answers 401 without credentials, before reading the sound', async () => {
    const answer = await fetch(`${simulator.apiUrl}/Recordings`, { method: 'POST', body: new FormData() });
    expect(answer.status).toBe(401);
  });

  it('answers 413 above 256 MBytes', async () => {
    const { answer } = await uploadLarge(257 * 1_048_576);
    expect(answer.status).toBe(413);
  }, 30_000);
});

/** Uploads a WAV of so many bytes of silence as a stream; tells how much memory was held at most meanwhile. */
async function uploadLarge(bytes: number): Promise<{ answer: Response; growth: number }> {
  const head = (name: string, type: string) =>
    Buffer.from(`--limit\r\nContent-Disposition: form-data; name=${name}\r\nContent-Type: ${type}\r\n\r\n`);
  const header = makeWav({ data: Buffer.alloc(0), claimedBytes: bytes });
  const piece = Buffer.alloc(1_048_576);
  const before = process.memoryUsage().arrayBuffers;
  let most = before;
  function* body() {
    yield head('jsondata', 'application/json');
    yield Buffer.from(`${JSON.stringify(metadata)}\r\n`);
    yield head('attachment; filename=a.wav', 'audio/wav');
    yield header;
    for (let left = bytes; left > 0; left -= piece.length) {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      yield piece.subarray(0, left);
    }
    yield Buffer.from('\r\n--limit--\r\n');
  }
  const answer = await fetch(`${simulator.apiUrl}/Recordings`, {
    method: 'POST',
    body: Readable.toWeb(Readable.from(body())) as unknown as BodyInit,
    headers: {
      authorization: `Basic ${Buffer.from('anna.rossi:Anna-101-demo').toString('base64')}`,
      'content-type': 'multipart/form-data; boundary=limit',
    },
    duplex: 'half',
  } as RequestInit);
  return { answer, growth: most - before };
}

describe('a large upload', () => {
  it('is spooled, never held whole', async () => {
    const { answer, growth } = await uploadLarge(200_000_000);
    expect(answer.status).toBe(201);
    expect(growth).toBeLessThan(100_000_000);
  }, 60_000);
});

describe('2025', () => {
  beforeEach(async () => {
    await simulator.close();
    await begin(2025);
  });

  it('takes PCM-8 and MP3, and serves an MP3 as it came', async () => {
    expect((await upload({ sound: makeWav({ bits: 8, data: Buffer.alloc(16_000, 128) }) })).status).toBe(201);
    const mp3 = readFileSync(new URL('media/speech-a.mp3', import.meta.url));
    const { id } = (await upload({ sound: mp3, soundType: 'audio/mpeg' })).body as { id: string };
    const media = await fetch(`${simulator.apiUrl}/Recordings/${id}/Media`, {
      headers: { authorization: `Basic ${Buffer.from('anna.rossi:Anna-101-demo').toString('base64')}` },
    });
    expect(Buffer.from(await media.arrayBuffer()).equals(mp3)).toBe(true);
  });

  it.each(['', 'application/octet-stream', 'audio/mpeg', 'text/plain'])(
    'refuses a WAV labelled %j (L16)',
    async (soundType) => {
      expect(await upload({ soundType })).toMatchObject({ status: 400, body: { reason: 2 } });
    },
  );

  it.each(['audio/wave', 'audio/x-wav', 'audio/vnd.wave', 'AUDIO/X-PN-WAV'])(
    'takes a WAV labelled %s (L16)',
    async (soundType) => {
      expect((await upload({ soundType })).status).toBe(201);
    },
  );

  it('refuses an MP3 labelled as WAV, and answers 504 while the service is down (L16)', async () => {
    const sound = readFileSync(new URL('media/speech-a.mp3', import.meta.url));
    expect(await upload({ sound })).toMatchObject({ status: 400, body: { reason: 2 } });
    simulator.service.running = false;
    expect((await upload()).status).toBe(504);
  });

  it('takes pbxInfo in place of pbxCallId', async () => {
    const { pbxCallId, ...rest } = metadata;
    const { id } = (await upload({ json: { ...rest, pbxInfo: { callId: pbxCallId } } })).body as {
      id: string;
    };
    expect(simulator.recordings.get(id)?.pbxCallId).toBe(pbxCallId);
  });

  it('wants jsondata labelled application/json', async () => {
    expect(await upload({ type: 'text/plain' })).toMatchObject({ status: 400, body: { reason: 0 } });
    expect((await upload({ type: 'application/json; charset=utf-8' })).status).toBe(201);
  });
});

describe('an upload from the future', () => {
  it('is taken, or refused where told so (L17)', async () => {
    const json = { ...metadata, startDateTime: '2099-01-01T00:00:00Z' };
    expect((await upload({ json })).status).toBe(201);
    simulator.service.refusesFutureUploads = true;
    expect(await upload({ json })).toMatchObject({ status: 400, body: { reason: 1 } });
  });
});

describe('temporary files', () => {
  it('are gone when the simulator has closed', async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('reclight-simulator-'));
    const before = new Set(folders());
    await upload();
    const [own] = folders().filter((name) => !before.has(name));
    expect(own).toBeDefined();
    await simulator.close();
    expect(existsSync(`${tmpdir()}/${own ?? ''}`)).toBe(false);
  });
});

describe('sample decoding', () => {
  it.each([
    ['a-law', 0xd5, 8],
    ['a-law', 0x55, -8],
    ['a-law', 0xaa, 32_256],
    ['a-law', 0x2a, -32_256],
    ['mu-law', 0xff, 0],
    ['mu-law', 0x80, 32_124],
    ['mu-law', 0x00, -32_124],
    ['pcm-8', 128, 0],
    ['pcm-8', 0, -32_768],
  ] as const)('%s %i is %i', (coding, code, sample) => {
    expect(createSampleDecoder(coding)(Buffer.from([code])).readInt16LE(0)).toBe(sample);
  });
});
