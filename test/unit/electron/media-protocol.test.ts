import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';

import type { ErrorCode, ErrorDetail, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { createMediaLibrary } from '../../../src-main/core/media/library';
import { serveMedia } from '../../../src-main/electron/media-protocol';
import { guid } from '../../fixtures/examples';
import { joinBytes, writeMp3 } from '../../fixtures/mp3-writer';
import { StubApi } from '../../fixtures/stub-api';
import { VirtualClock } from '../../fixtures/virtual-clock';

/** Answers media addresses as a session would ask for them, from a server whose downloads end so. */
function serve(download: () => Result<unknown>): (address: string, init?: RequestInit) => Promise<Response> {
  const handlers = new Map<string, (request: Request) => Promise<Response>>();
  const session = {
    protocol: {
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        handlers.set(scheme, handler),
    },
  } as unknown as Session;
  const media = createMediaLibrary(new VirtualClock(), 1_000_000);
  media.setApi(new StubApi(download));
  serveMedia(session, media, 'app://reclight/index.html');
  return (address, init) => {
    const handler = handlers.get('media');
    if (handler === undefined) throw new Error('Nobody answers media addresses');
    return handler(new Request(address, init));
  };
}

const address = `media://recording/${guid(1)}`;

describe('a download that failed', () => {
  it.each<[ErrorCode, ErrorDetail, number]>([
    ['recording-not-found', { status: 404 }, 404],
    ['service-down', { status: 504 }, 504],
    ['unauthorized', { status: 401 }, 401],
    ['not-this-server', { status: 200 }, 502],
    ['redirected', { status: 302 }, 502],
    ['malformed', { status: 204 }, 502],
    ['malformed', { status: 103 }, 502],
    ['connection-lost', {}, 502],
    ['recording-too-large', {}, 502],
    ['signed-out', {}, 403],
    ['locked', { status: 401 }, 403],
  ])('with %s %j is answered as a failure', async (code, detail, status) => {
    const answer = await serve(() => fail(code, 'download', detail))(address);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
  });
});

/** Every turn a few bytes, 0 to 9 in all. */
async function* tenBytes() {
  for (const piece of [[0, 1, 2], [3], [4, 5, 6, 7, 8, 9]])
    yield await Promise.resolve(Uint8Array.from(piece));
}

describe('a recording whose size nobody knows', () => {
  it('is answered whole, whatever range is asked for', async () => {
    const ask = serve(() => succeed({ contentType: 'audio/mpeg', sizeBytes: null, chunks: tenBytes() }));
    const answer = await ask(address, { headers: { range: 'bytes=2-4' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-range')).toBeNull();
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a recording whose bytes do not tell the time', () => {
  const vbr = joinBytes(...writeMp3({ sampleRate: 16_000, kilobits: [8, 64, 160], frames: 200 }));
  const chunks = async function* () {
    yield await Promise.resolve(vbr);
  };

  it('is given with an index by every wish after it is whole, and in one form by each (D1)', async () => {
    const ask = serve(() => succeed({ contentType: 'audio/mpeg', sizeBytes: vbr.length, chunks: chunks() }));
    const first = await ask(`${address}?ask=1`, { headers: { range: 'bytes=0-' } });
    expect(first.headers.get('content-type')).toBe('audio/mpeg');
    expect(new Uint8Array(await first.arrayBuffer())).toEqual(vbr);
    const again = await ask(`${address}?ask=1`, { headers: { range: 'bytes=100-' } });
    expect(again.headers.get('content-range')).toBe(`bytes 100-${vbr.length - 1}/${vbr.length}`);

    const second = await ask(`${address}?ask=2`, { headers: { range: 'bytes=0-' } });
    expect(second.headers.get('content-type')).toBe('audio/mp4');
    const whole = new Uint8Array(await second.arrayBuffer());
    const before = whole.length - vbr.length;
    expect(before).toBeGreaterThan(0);
    expect(whole.subarray(before)).toEqual(vbr);
    for (const [from, to] of [
      [0, 9],
      [before - 5, before + 5],
      [before + 7, whole.length - 1],
    ] as const) {
      const part = await ask(`${address}?ask=2`, { headers: { range: `bytes=${from}-${to}` } });
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to}/${whole.length}`);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.subarray(from, to + 1));
    }
  });
});
