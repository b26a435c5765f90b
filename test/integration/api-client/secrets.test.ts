import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Connection } from '../../../src-main/core/ports/api';
import type { ApiClient } from '../../../src-main/infra/api/client';
import { createApiClient } from '../../../src-main/infra/api/client';
import { createConnector } from '../../../src-main/infra/api/connector';
import { createLog, logFileName } from '../../../src-main/infra/log';
import { lineOf, metadataOf, silence } from './support/agent';
import type { RawServer } from './support/raw-server';
import { startRawServer } from './support/raw-server';

const password = 'Pl4nted/päss+word?"\\';
const pair = `anna:${password}`;
const forms = [password, encodeURIComponent(password), Buffer.from(pair).toString('base64')];

/** Everything of a value that a log, a crash report or a debugger could show. */
function shown(value: unknown): string {
  const stack = value instanceof Error ? `${value.stack ?? ''} ${String(value.cause)}` : '';
  return `${JSON.stringify(value)} ${inspect(value, { depth: 20, showHidden: true, getters: true })} ${stack}`;
}

describe('a planted password', () => {
  let server: RawServer;
  let connection: Connection;
  let mood: 'echo' | 'cut' | 'silent' | 'redirect' | 'page';
  const created: ApiClient[] = [];

  beforeAll(async () => {
    server = await startRawServer((request, response, socket) => {
      // The rudest server: it sends everything back that it got.
      const echo = {
        reason: 1,
        message: `${request.headers.authorization ?? ''} ${pair} ${encodeURIComponent(password)}`,
      };
      switch (mood) {
        case 'echo':
          response.writeHead(400, { 'content-type': 'application/json' });
          response.end(
            JSON.stringify({ ...echo, deviceName: password, username: pair, extension: password }),
          );
          return;
        case 'page':
          response.writeHead(500, { 'content-type': 'text/html' });
          response.end(`<pre>${echo.message}</pre>`);
          return;
        case 'redirect':
          response.writeHead(302, {
            location: `https://login.example/?auth=${encodeURIComponent(echo.message)}`,
          });
          response.end();
          return;
        case 'cut':
          socket.destroy();
          return;
        case 'silent':
      }
    });
    const connector = createConnector({
      secrets: {
        read: () => Promise.reject(new Error(password)),
        write: () => Promise.reject(new Error(password)),
        remove: () => Promise.reject(new Error(password)),
      },
      createApi: (options) => {
        const client = createApiClient({
          ...options,
          timeouts: {
            live: 200,
            list: 200,
            details: 200,
            downloadHeaders: 200,
            stall: 200,
            uploadAnswer: 200,
          },
        });
        created.push(client);
        return Promise.resolve(client);
      },
    });
    connection = connector.connect({ serverAddress: server.url, username: 'anna' }, password);
  });

  afterEach(() => {
    const held = shown(connection) + created.map(shown).join('');
    for (const form of forms) expect(held).not.toContain(form);
  });

  afterAll(async () => {
    connection.close();
    await server.close();
  });

  it.each(['echo', 'page', 'redirect', 'cut', 'silent'] as const)(
    'is in no error of a server in the mood %s, nor in the log',
    async (how) => {
      mood = how;
      const { api } = connection;
      const results = await Promise.all([
        api.startRecording(lineOf({ directoryNumber: '1' })),
        api.stopRecording('11111111-2222-4333-8444-555555555555'),
        api.stopLine(lineOf({ directoryNumber: '1' })),
        api.probePause(),
        api.activeRecordings({ username: 'anna' }),
        api.listRecordings({}, { page: 0, pageSize: 1 }),
        api.getRecording('x'),
        api.downloadRecording('x'),
        api.uploadRecording(metadataOf(), silence()),
        connection.remember(),
      ]);
      const folder = await mkdtemp(join(tmpdir(), 'reclight-log-'));
      const log = createLog({ folder });
      for (const result of results) {
        // Probing takes a 400 for an answer.
        if (result.ok) continue;
        for (const form of forms) expect(shown(result)).not.toContain(form);
        log.write('error', 'request failed', { error: JSON.stringify(result.error) });
      }
      const written = await readFile(join(folder, logFileName), 'utf8');
      await rm(folder, { recursive: true });
      expect(written).toContain('request failed');
      for (const form of forms) expect(written).not.toContain(form);
    },
  );

  it('did reach the server', () => {
    expect(server.seen.length).toBeGreaterThan(20);
    for (const { headers } of server.seen) {
      expect(headers.authorization).toBe(`Basic ${Buffer.from(pair).toString('base64')}`);
    }
  });
});
