import { afterEach, beforeEach, expect, it } from 'vitest';

import type { ApiClient } from '../../../src-main/infra/api/client';
import { createApiClient } from '../../../src-main/infra/api/client';
import type { RawServer } from './support/raw-server';
import { startRawServer } from './support/raw-server';

const id = '00000000-0000-4000-8000-000000000001';
const modified = 'Mon, 02 Mar 2026 13:00:00 GMT';

let server: RawServer;
let client: ApiClient;
let headers: Readonly<Record<string, string>>;

beforeEach(async () => {
  headers = {};
  server = await startRawServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg', ...headers }).end('audio');
  });
  client = createApiClient({
    account: { serverAddress: server.url, username: 'anna' },
    authorization: () => 'Basic x',
  });
});

afterEach(async () => {
  client.dispose();
  await server.close();
});

async function download(options: { readonly firstByte?: number; readonly ifRange?: string } = {}) {
  const answer = await client.downloadRecording(id, options);
  if (!answer.ok) throw new Error(answer.error.code);
  for await (const _piece of answer.value.chunks);
  return answer.value;
}

it.each([
  ['nothing', {}, null],
  ['a strong ETag', { etag: '"a-1"', 'last-modified': modified }, '"a-1"'],
  ['a weak ETag only', { etag: 'W/"a"' }, null],
  ['a weak ETag and a time', { etag: 'W/"a"', 'last-modified': modified }, modified],
  ['what is no ETag and no time', { etag: 'a', 'last-modified': 'soon' }, null],
])('what names a file is taken from %s (C11)', async (_name, told, validator) => {
  headers = told;
  expect((await download()).validator).toBe(validator);
});

it('the rest is asked for of the same file only, the whole without conditions (C11)', async () => {
  await download({ firstByte: 5, ifRange: '"a-1"' });
  await download();
  expect(server.seen.map((request) => [request.headers.range, request.headers['if-range']])).toEqual([
    ['bytes=5-', '"a-1"'],
    [undefined, undefined],
  ]);
});
