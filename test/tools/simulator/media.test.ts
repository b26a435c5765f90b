import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MediaSpec, type Simulator, startSimulator } from './index';
import { listMp3Frames } from './media/mp3-frames';
import { parseRange } from './media/serve-media';
import { basic, passwords } from './testing/caller';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.close());

const authorization = basic('anna.rossi', passwords['anna.rossi']);
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${simulator.apiUrl}/Recordings/${path}`, { headers: { authorization, ...headers } });

const add = (durationMs: number, media: Partial<MediaSpec> = {}) =>
  simulator.recordings.add({ durationMs, media: { voice: 'speech', ...media } }).id;

async function download(id: string): Promise<Buffer> {
  return Buffer.from(await (await get(`${id}/Media`)).arrayBuffer());
}

async function detail(id: string): Promise<{ size: number; hash: { SHA256: string } }> {
  return (await (await get(id)).json()) as { size: number; hash: { SHA256: string } };
}

describe('media', () => {
  it.each<readonly [MediaSpec['voice'], 1 | 2]>([
    ['speech', 1],
    ['stereo', 2],
    ['vbr', 1],
    ['vbr-bare', 1],
    ['narrow', 1],
    ['narrow-stereo', 2],
  ])('is whole MP3 frames of the length of the recording: %s', async (voice, channels) => {
    const bytes = await download(add(91_870, { voice }));
    const frames = listMp3Frames(bytes);
    const last = frames.at(-1);
    expect((last?.offset ?? 0) + (last?.size ?? 0)).toBe(bytes.length);
    expect(new Set(frames.map((frame) => frame.channels))).toEqual(new Set([channels]));
    const sound = voice === 'vbr' ? frames.slice(1) : frames;
    const milliseconds = sound.reduce((sum, frame) => sum + frame.durationMs, 0);
    expect(Math.abs(milliseconds - 91_870)).toBeLessThanOrEqual((last?.durationMs ?? 0) / 2);
    if (voice === 'vbr' || voice === 'vbr-bare')
      expect(new Set(sound.map((frame) => frame.size)).size).toBeGreaterThan(3);
  });

  it.each([
    ['length', '60000', null, 'keep-alive'],
    ['chunked', null, 'chunked', 'keep-alive'],
    ['closing', null, null, 'close'],
  ] as const)('ends as it is told to: %s', async (framing, length, encoding, connection) => {
    const answer = await get(`${add(12_000, { framing })}/Media`);
    expect(answer.headers.get('content-length')).toBe(length);
    expect(answer.headers.get('transfer-encoding')).toBe(encoding);
    expect(answer.headers.get('connection')).toBe(connection);
    expect((await answer.arrayBuffer()).byteLength).toBe(60_000);
  });

  it('tells the frames and bytes of a variable bit rate in its header', async () => {
    const bytes = await download(add(60_000, { voice: 'vbr' }));
    const tag = bytes.indexOf('Xing');
    expect(bytes.readUInt32BE(tag + 8)).toBe(listMp3Frames(bytes).length - 1);
    expect(bytes.readUInt32BE(tag + 12)).toBe(bytes.length);
  });

  it('is about 300 KB a minute', async () => {
    expect((await detail(add(60_000))).size).toBe(300_000);
  });

  it.each<readonly [string, number, Partial<MediaSpec>]>([
    ['ordinary', 20_000, {}],
    ['three hours', 3 * 3_600_000, {}],
    ['no length', 0, {}],
    ['stereo', 20_000, { voice: 'stereo' }],
    ['damaged', 20_000, { damagedEvery: 5_000 }],
    ['cut short', 20_000, { truncateAt: 12_345 }],
    ['a given size', 1_000, { exactBytes: 1_234_567 }],
  ])('has the size and hash that its metadata tells: %s', async (_name, durationMs, media) => {
    const id = add(durationMs, media);
    const { size, hash } = await detail(id);
    const answer = await get(`${id}/Media`);
    expect(answer.headers.get('content-length')).toBe(String(size));
    const sha = createHash('sha256');
    let received = 0;
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
      sha.update(piece);
      received += piece.length;
    }
    expect(received).toBe(size);
    expect(sha.digest('hex').toUpperCase()).toBe(hash.SHA256);
    if (media.truncateAt !== undefined) expect(size).toBe(media.truncateAt);
    if (media.exactBytes !== undefined) expect(size).toBe(media.exactBytes);
  });

  it('damages only what it is told to', async () => {
    const id = add(20_000);
    const whole = await download(id);
    simulator.recordings.setMedia(id, { damagedEvery: 10_000 });
    const damaged = await download(id);
    expect(damaged).toHaveLength(whole.length);
    const different = [...damaged.keys()].filter((index) => damaged[index] !== whole[index]);
    expect(different.length).toBeGreaterThan(0);
    expect(different.every((index) => index % 10_000 < 200)).toBe(true);
  });

  it('differs between recordings', async () => {
    const heads = await Promise.all(
      Array.from({ length: 6 }, async () => (await download(add(2_000))).toString('base64')),
    );
    expect(new Set(heads).size).toBeGreaterThan(1);
  });

  it('may carry a wrong content type', async () => {
    const answer = await get(`${add(1_000, { contentType: 'application/octet-stream' })}/Media`);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    await answer.arrayBuffer();
  });

  it('may be served slowly', async () => {
    const before = performance.now();
    await download(add(2_000, { bytesPerSecond: 50_000 }));
    expect(performance.now() - before).toBeGreaterThan(150);
  });

  it('streams 200 MB without holding it', async () => {
    const answer = await get(`${add(1_000, { exactBytes: 200_000_000 })}/Media`);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let received = 0;
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
      received += piece.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    expect(received).toBe(200_000_000);
    expect(most - before).toBeLessThan(100_000_000);
  }, 30_000);
});

describe('Range', () => {
  it('is ignored, unless the service or the recording honours it', async () => {
    const id = add(10_000);
    const whole = await download(id);
    const ignored = await get(`${id}/Media`, { range: 'bytes=100-199' });
    expect([ignored.status, (await ignored.arrayBuffer()).byteLength]).toEqual([200, whole.length]);

    simulator.recordings.setMedia(id, { honourRange: true });
    const honoured = await get(`${id}/Media`, { range: 'bytes=100-199' });
    expect(honoured.status).toBe(206);
    expect(honoured.headers.get('content-range')).toBe(`bytes 100-199/${whole.length}`);
    expect(Buffer.from(await honoured.arrayBuffer()).equals(whole.subarray(100, 200))).toBe(true);

    const beyond = await get(`${id}/Media`, { range: `bytes=${whole.length}-` });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe(`bytes */${whole.length}`);
  });

  it.each([
    [undefined, null],
    ['bytes=0-', { start: 0, end: 100 }],
    ['bytes=10-19', { start: 10, end: 20 }],
    ['bytes=90-500', { start: 90, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=20-10', null],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['lines=0-1', null],
  ])('%s of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });
});
