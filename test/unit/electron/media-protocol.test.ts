import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';

import { createMediaLibrary } from '../../../src-main/core/media-library';
import { serveMedia } from '../../../src-main/electron/media-protocol';
import type { ErrorCode, ErrorDetail, Result } from '../../../src-main/shared/errors';
import { fail, succeed } from '../../../src-main/shared/errors';
import { guid } from '../../support/examples';
import { StubApi } from '../../support/stub-api';
import { VirtualClock } from '../../support/virtual-clock';

/** Answers media addresses as a session would ask for them, from a server whose downloads end so. */
function serve(download: () => Result<unknown>): (address: string, init?: RequestInit) => Promise<Response> {
  const handlers = new Map<string, (request: Request) => Promise<Response>>();
  const session = {
    protocol: {
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        handlers.set(scheme, handler),
    },
  } as unknown as Session;
  const media = createMediaLibrary(new VirtualClock(), 1_000);
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
