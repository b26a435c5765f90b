import type { ServerResponse } from 'node:http';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { RawServer } from '../../integration/api-client/support/raw-server';
import { json, startRawServer } from '../../integration/api-client/support/raw-server';
import { mainMemory } from '../harness/memory';
import type { RecLight } from '../harness/reclight';
import { createProfile, launch, removeProfile, signIn, status } from '../harness/reclight';

const megabyte = 1_048_576;
/** The most that a large answer may leave behind in the main process. */
const maxGrowthBytes = 60 * megabyte;
const live = '6b98303a-b295-473a-adae-999999999999';

let server: RawServer;
let reclight: RecLight;
let profile: string;
/** How the server answers a list; by default with none. */
let answerList: (response: ServerResponse) => void;
let answerLive: (response: ServerResponse) => void;

const row = (number: number, padding = 0) =>
  JSON.stringify({
    id: `6b98303a-b295-473a-adae-${String(number).padStart(12, '0')}`,
    referenceNumber: `R-${number}`,
    startTime: '2018-11-01T16:39:15.0000000+02:00',
    duration: 'PT1M31.87S',
    direction: 1,
    ownerUsername: 'anna',
    localPartyNumber: '101',
    remotePartyNumber: `+39 ${number}`,
    padding: 'x'.repeat(padding),
  });

/** Sends pieces as fast as they are taken; ends early where nobody reads any more. */
async function pour(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (response.write(piece)) continue;
    await Promise.race([closed, new Promise((resolve) => response.once('drain', resolve))]);
  }
}

function* repeated(head: string, text: string, times: number): Generator<string> {
  yield head;
  const many = Math.floor(65_536 / text.length);
  const block = text.repeat(many);
  for (let sent = 0; sent < times; sent += many) yield block;
}

const posts = () => server.seen.filter(({ method }) => method === 'POST').length;
const lists = () => server.seen.filter(({ url }) => /\/Recordings\?/.test(url)).length;
const refresh = () => reclight.window.getByRole('button', { name: 'Refresh' }).click();

beforeEach(async () => {
  answerList = (response) => {
    json(response, 200, { totalCount: 0, recordings: [] });
  };
  answerLive = (response) => {
    json(response, 200, []);
  };
  server = await startRawServer(({ method, url }, response) => {
    if (method === 'PUT') json(response, 409, {});
    else if (method === 'POST') json(response, 201, { id: live });
    else if (url.includes('/LiveRecordings')) answerLive(response);
    else answerList(response);
  });
  profile = await createProfile();
  reclight = await launch({ profile });
  await signIn(reclight.window, {
    server: server.url,
    username: 'anna',
    password: 'pl4nted-secret',
    remember: false,
    directoryNumber: '101',
  });
  await reclight.window.getByText('No recordings yet').waitFor();
});

afterEach(async () => {
  await reclight.quit();
  await server.close();
  await removeProfile(profile);
});

test('a start leaves while a list of 60 MB is on its way, and of the list the page is shown (G1)', async () => {
  const before = await mainMemory(reclight);
  const total = 60_000;
  function* list(): Generator<string> {
    yield '{"recordings":[';
    for (let number = 0; number < total; number += 100) {
      const rows = Array.from({ length: 100 }, (_, at) => row(number + at, 760)).join(',');
      yield number === 0 ? rows : `,${rows}`;
    }
  }
  // What is still missing when everything else has arrived waits for the start.
  const waiting: ServerResponse[] = [];
  answerList = (response) => {
    void pour(response, list()).then(() => waiting.push(response));
  };
  await refresh();
  await expect.poll(() => waiting.length, { timeout: 60_000 }).toBeGreaterThan(0);
  answerLive = (response) => {
    json(response, 200, posts() === 0 ? [] : [{ id: live }]);
  };
  await reclight.window.getByRole('button', { name: /^Record(?! next)/ }).click();
  await expect.poll(posts).toBe(1);
  for (const response of waiting.splice(0)) response.end(`],"totalCount":${total}}`);
  answerList = (response) => {
    void pour(response, list()).then(() => response.end(`],"totalCount":${total}}`));
  };
  await expect
    .poll(() => reclight.window.getByRole('grid', { name: 'Recordings' }).getAttribute('aria-rowcount'), {
      timeout: 60_000,
    })
    .toBe(String(total));
  // Live entries without any time are recordings all the same.
  await expect.poll(() => status(reclight.window).textContent()).toBe('Recording');
  expect((await mainMemory(reclight)).whole - before.whole).toBeLessThan(maxGrowthBytes);
}, 240_000);

test.each([
  ['350,000 rows, 79 MB', () => repeated('{"totalCount":350000,"recordings":[', `${row(1)},`, 350_000)],
  ['20 million empty rows, 60 MB', () => repeated('{"totalCount":1,"recordings":[', '{},', 20_000_000)],
] as const)(
  'a list of %s is refused, told, and leaves nothing behind (G1)',
  async (_what, list) => {
    const before = await mainMemory(reclight);
    const asked = lists();
    answerList = (response) => {
      void pour(response, list());
    };
    await refresh();
    await reclight.window
      .getByText(/sent a response that RecLight cannot read \(size\)/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(lists()).toBeGreaterThan(asked);
    expect((await mainMemory(reclight)).whole - before.whole).toBeLessThan(maxGrowthBytes);
    expect(await status(reclight.window).textContent()).toBe('Not recording');
  },
  240_000,
);

test('a live list of 8 MB makes the state unknown, never not recording, and leaves nothing behind (G1)', async () => {
  await expect.poll(() => status(reclight.window).textContent()).toBe('Not recording');
  const before = await mainMemory(reclight);
  answerLive = (response) => {
    void pour(response, repeated('[', '{},', 2_700_000));
  };
  await expect.poll(() => status(reclight.window).textContent(), { timeout: 60_000 }).toBe('State unknown');
  expect((await mainMemory(reclight)).whole - before.whole).toBeLessThan(maxGrowthBytes);
  answerLive = (response) => {
    json(response, 200, []);
  };
  await expect.poll(() => status(reclight.window).textContent(), { timeout: 90_000 }).toBe('Not recording');
}, 240_000);
