import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { basic } from '../../tools/simulator/testing/caller';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;
let id: string;
/** What the server sends, asked for apart from RecLight. */
let sound: Buffer;
/** The length that the server told beforehand; null where it told none. */
let toldLength: string | null;

/** Puts a recording among Anna's. */
function add(): string {
  const { simulator } = harness;
  return simulator.recordings.add({
    startMs: simulator.clock.now() - 1_000,
    durationMs: 20_000,
    direction: 1,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: '+390299887766',
  }).id;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** Asks through the session of the windows, as the audio element does: the page itself may fetch nothing. */
async function ask(address: string, options: { method?: string; range?: string } = {}): Promise<Answer> {
  const { bytes, ...answer } = await harness.reclight.app.evaluate(
    async ({ session }, [wanted, method, range]) => {
      const response = await session.defaultSession.fetch(wanted, {
        method,
        headers: range === null ? {} : { Range: range },
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        bytes: Buffer.from(await response.arrayBuffer()).toString('base64'),
      };
    },
    [address, options.method ?? 'GET', options.range ?? null] as const,
  );
  return { ...answer, bytes: Buffer.from(bytes, 'base64') };
}

const address = (recording: string) => `media://recording/${recording.toLowerCase()}`;

beforeAll(async () => {
  harness = await startHarness({ simulator: { recordings: 5 } });
  id = add();
  const answer = await fetch(`${harness.simulator.apiUrl}/Recordings/${id}/Media`, {
    headers: { authorization: basic(harness.anna.username, harness.anna.password) },
  });
  sound = Buffer.from(await answer.arrayBuffer());
  toldLength = answer.headers.get('content-length');
  harness.simulator.requests.clear();
});

afterAll(async () => {
  await harness.close();
});

describe('a recording under its media address', () => {
  test('is whole, and says that it can be had in parts', async () => {
    const { status, headers, bytes } = await ask(address(id));
    expect(status).toBe(200);
    expect(bytes.equals(sound)).toBe(true);
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-type': 'audio/mpeg',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('content-range');
    // A server need not tell the length before the end; from then on it is known.
    expect([toldLength, String(sound.length)]).toContain(headers['content-length'] ?? null);
    const again = await ask(address(id));
    expect(again.bytes.equals(sound)).toBe(true);
    expect(again.headers['content-length']).toBe(String(sound.length));
  });

  const size = () => sound.length;
  test.each<[string, () => [first: number, last: number]]>([
    ['bytes=0-0', () => [0, 0]],
    ['bytes=0-999', () => [0, 999]],
    ['bytes=5000-70000', () => [5_000, 70_000]],
    ['bytes=90000-', () => [90_000, size() - 1]],
    ['bytes=90000-999999999', () => [90_000, size() - 1]],
    ['bytes=-100', () => [size() - 100, size() - 1]],
    ['bytes=-999999999', () => [0, size() - 1]],
  ])('gives the part %s', async (range, part) => {
    const [first, last] = part();
    const { status, headers, bytes } = await ask(address(id), { range });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/${size()}`);
    expect(headers['content-length']).toBe(String(last - first + 1));
    expect(bytes.equals(sound.subarray(first, last + 1))).toBe(true);
  });

  test.each<[string, () => string]>([
    ['behind the end', () => `bytes=${size()}-`],
    ['of nothing', () => 'bytes=-0'],
  ])('has no part %s', async (_where, range) => {
    const { status, headers, bytes } = await ask(address(id), { range: range() });
    expect(status).toBe(416);
    expect(headers['content-range']).toBe(`bytes */${size()}`);
    expect(bytes).toHaveLength(0);
  });

  test.each(['bytes=5-2', 'bytes=a-b', 'bytes=0-1,4-5', 'seconds=0-1', 'bytes=-', 'x'])(
    'is whole where the range %j says nothing',
    async (range) => {
      const { status, headers, bytes } = await ask(address(id), { range });
      expect(status).toBe(200);
      expect(headers).not.toHaveProperty('content-range');
      expect(bytes.equals(sound)).toBe(true);
    },
  );

  test('is downloaded once, however it is asked for', async () => {
    await ask(address(id), { range: 'bytes=10-20' });
    await ask(`${address(id)}?ask=12`, { range: 'bytes=0-1' });
    expect(harness.simulator.requests.filter('media')).toHaveLength(1);
  });
});

describe('no sound is', () => {
  test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('asked for by %s', async (method) => {
    expect(await ask(address(id), { method })).toMatchObject({ status: 404 });
  });

  test.each([
    'media://recording/',
    'media://recording/x',
    'media://other/0f8fad5b-d9cb-469f-a165-70867728950e',
    'media://recording/0f8fad5b-d9cb-469f-a165-70867728950e/Media',
    'media://recording/0f8fad5b-d9cb-469f-a165-70867728950e?ask=x',
  ])('under %s', async (unknown) => {
    const before = harness.simulator.requests.filter('media').length;
    const { status, bytes } = await ask(unknown);
    expect(status).toBe(404);
    expect(bytes).toHaveLength(0);
    expect(harness.simulator.requests.filter('media')).toHaveLength(before);
  });

  test('where the server has none', async () => {
    expect(await ask(address('0f8fad5b-d9cb-469f-a165-70867728950e'))).toMatchObject({ status: 404 });
  });

  test('what answers with 200 and is no recording: it fails, and is not an empty one', async () => {
    const fault = harness.simulator.faults.add({ match: { route: 'media' }, action: { kind: 'proxyLogin' } });
    const { status, bytes } = await ask(address(add()));
    fault.remove();
    expect(status).toBe(502);
    expect(bytes).toHaveLength(0);
  });
});
