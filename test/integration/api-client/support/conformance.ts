import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { CodedError, Result } from '@shared/domain/errors';
import { certificate } from '../../../e2e/harness/certificate';
import type { ProbeClient } from './probe-client';
import type { ProbeMethod, TransferReport } from './probe-protocol';
import type { RawHandler, RawServer } from './raw-server';
import { html, json, startRawServer } from './raw-server';

const id = '6b98303a-b295-473a-adae-19b78aca468d';
const line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };
const listArguments = [{}, { page: 0, pageSize: 25 }] as const;
const emptyPage = { totalCount: 0, recordings: [] };
const metadata = {
  startTime: Date.UTC(2026, 0, 31, 12),
  durationMs: 91_870,
  direction: 'incoming',
  localParty: { username: 'anna.rossi', phoneNumber: '101' },
  remotePhoneNumber: '+39 02;1',
  pbxCallId: null,
  notes: 'perché',
  preserved: true,
} as const;

/**
 * What must hold over any network stack: nothing leaks, nothing is sent twice, every broken connection has its code.
 * @param start gives the probe of the stack; ended by its maker
 */
export function describeNetworkStack(name: string, start: () => ProbeClient): void {
  describe(name, () => {
    const servers: RawServer[] = [];
    let untrusted: { readonly cert: string; readonly key: string };

    beforeAll(async () => {
      untrusted = await certificate();
    });

    afterEach(async () => {
      await Promise.all(servers.splice(0).map((server) => server.close()));
    });

    const serve = async (handler: RawHandler, tls?: typeof untrusted): Promise<RawServer> => {
      const server = await startRawServer(handler, tls);
      servers.push(server);
      return server;
    };
    const account = (serverAddress: string) => ({
      serverAddress,
      username: 'anna',
      password: 'pl4nted-secret',
    });
    const call = <T>(address: string, method: ProbeMethod, ...args: readonly unknown[]): Promise<Result<T>> =>
      start().run<Result<T>>(account(address), { kind: 'call', method, args });
    const failure = async (
      address: string,
      method: ProbeMethod,
      ...args: readonly unknown[]
    ): Promise<CodedError> => {
      const result = await call(address, method, ...args);
      if (result.ok) throw new Error(`${method} succeeded`);
      return result.error;
    };

    describe('redirects', () => {
      const methods: readonly (readonly [ProbeMethod, readonly unknown[]])[] = [
        ['listRecordings', listArguments],
        ['startRecording', [line]],
        ['stopRecording', [id]],
        ['pauseRecording', [id]],
      ];
      const table = [301, 302, 303, 307, 308].flatMap((status) =>
        methods.map(([method, args]) => ({ status, method, args })),
      );

      it.each(table)(
        '$status of $method to another origin carries nothing there',
        async ({ status, method, args }) => {
          const elsewhere = await serve((_request, response) => {
            json(response, 200, emptyPage);
          });
          const server = await serve((_request, response) => {
            response.writeHead(status, { location: `${elsewhere.url}/login?token=abc` });
            response.end();
          });
          const error = await failure(server.url, method, ...args);
          expect(error).toMatchObject({
            code: 'redirected',
            detail: { status, message: `${elsewhere.url}/login` },
          });
          expect(elsewhere.seen).toHaveLength(0);
          expect(server.seen).toHaveLength(1);
        },
      );

      it('does not step down or up between http and https', async () => {
        const server = await serve((_request, response) => {
          response.writeHead(302, { location: `https://${server.host}/fw/Apps/Recorder/WebAPI/Recordings` });
          response.end();
        });
        expect(await failure(server.url, 'listRecordings', ...listArguments)).toMatchObject({
          code: 'redirected',
        });
        expect(server.seen).toHaveLength(1);
      });

      it('follows a read within the origin, with its credentials', async () => {
        const server = await serve((request, response) => {
          if (request.url.startsWith('/moved')) {
            json(response, 200, emptyPage);
          } else {
            response.writeHead(302, { location: '/moved?here' });
            response.end();
          }
        });
        expect(await call(server.url, 'listRecordings', ...listArguments)).toEqual({
          ok: true,
          value: emptyPage,
        });
        expect(server.seen[1]?.headers.authorization).toBe(server.seen[0]?.headers.authorization);
        expect(server.seen[1]?.headers.authorization).toMatch(/^Basic /);
      });

      it('names a log-in page behind a redirect a redirect', async () => {
        const server = await serve((request, response) => {
          if (request.url.startsWith('/login')) html(response, 200);
          else {
            response.writeHead(302, { location: '/login' });
            response.end();
          }
        });
        expect(await failure(server.url, 'listRecordings', ...listArguments)).toMatchObject({
          code: 'redirected',
        });
      });

      it('gives up after five', async () => {
        const server = await serve((request, response) => {
          response.writeHead(302, { location: `${request.url}x` });
          response.end();
        });
        expect(await failure(server.url, 'listRecordings', ...listArguments)).toMatchObject({
          code: 'redirected',
        });
        expect(server.seen).toHaveLength(6);
      });

      it.each([301, 302, 303])('does not repeat a start after %i within the origin', async (status) => {
        const server = await serve((_request, response) => {
          response.writeHead(status, { location: '/login' });
          response.end();
        });
        const error = await failure(server.url, 'startRecording', line);
        expect(error.code).toBe('redirected');
        expect(error.detail.outcomeUnknown).toBe(status === 303 ? true : undefined);
        expect(server.seen).toHaveLength(1);
      });

      it.each([307, 308])('takes a start along after %i within the origin, body and all', async (status) => {
        const server = await serve((request, response) => {
          if (request.url === '/moved') json(response, 201, { id });
          else {
            response.writeHead(status, { location: '/moved' });
            response.end();
          }
        });
        expect(await call(server.url, 'startRecording', line)).toEqual({ ok: true, value: { id } });
        expect(server.seen.map(({ method, body }) => [method, body])).toEqual([
          ['POST', '{"directoryNumber":"101","mode":0}'],
          ['POST', '{"directoryNumber":"101","mode":0}'],
        ]);
      });

      it.each(['', 'http://', 'file:///etc/passwd', 'javascript:alert(1)'])(
        'does not go to %j',
        async (location) => {
          const server = await serve((_request, response) => {
            response.writeHead(302, { location });
            response.end();
          });
          expect((await failure(server.url, 'listRecordings', ...listArguments)).code).toBe('redirected');
          expect(server.seen).toHaveLength(1);
        },
      );
    });

    it('sends credentials at once, no cookies, and asks nobody after a 401', async () => {
      const server = await serve((request, response, _socket, index) => {
        if (index === 1) {
          response.writeHead(401, {
            'www-authenticate': 'Basic realm="recorder", Negotiate, NTLM',
            'set-cookie': 'session=1; Path=/',
          });
          response.end();
        } else json(response, 200, emptyPage);
        expect(request.headers.cookie).toBeUndefined();
        expect(request.headers.authorization).toBe(`Basic ${btoa('anna:pl4nted-secret')}`);
      });
      expect(await failure(server.url, 'listRecordings', ...listArguments)).toMatchObject({
        code: 'unauthorized',
        detail: { status: 401 },
      });
      expect(server.seen).toHaveLength(1);
      expect((await call(server.url, 'listRecordings', ...listArguments)).ok).toBe(true);
    });

    it.each(['startRecording', 'stopRecording', 'pauseRecording'] as const)(
      'sends %s once though the reply is lost on a connection that was in use before',
      async (method) => {
        let commands = 0;
        const server = await serve((request, response, socket) => {
          if (request.method === 'GET') {
            json(response, 200, []);
            return;
          }
          commands += 1;
          if (commands > 1) socket.destroy();
          else if (method === 'startRecording') json(response, 201, { id });
          else response.writeHead(204).end();
        });
        const argument = method === 'startRecording' ? line : id;
        await call(server.url, 'activeRecordings', { username: 'anna' });
        expect((await call(server.url, method, argument)).ok).toBe(true);
        const error = await failure(server.url, method, argument);
        expect(error).toMatchObject({ code: 'connection-lost', detail: { outcomeUnknown: true } });
        expect(server.seen.filter((request) => request.method !== 'GET')).toHaveLength(2);
      },
    );

    it('sends two starts at once, each once', async () => {
      const server = await serve((_request, response) => {
        json(response, 201, { id });
      });
      const results = await Promise.all([1, 2, 3].map(() => call(server.url, 'startRecording', line)));
      expect(results).toEqual([1, 2, 3].map(() => ({ ok: true, value: { id } })));
      expect(server.seen).toHaveLength(3);
    });

    describe('broken connections', () => {
      it('knows that nothing listens', async () => {
        const server = await startRawServer(() => undefined);
        await server.close();
        const error = await failure(server.url, 'startRecording', line);
        expect(error).toMatchObject({ code: 'connection-refused', detail: { host: server.host } });
        expect(error.detail.outcomeUnknown).toBeUndefined();
      });

      it('knows that there is no such host', async () => {
        const error = await failure('http://no-such-host.invalid', 'startRecording', line);
        expect(error.code).toBe('host-not-found');
        expect(error.detail.outcomeUnknown).toBeUndefined();
      });

      it('does not trust an unknown certificate, and sends nothing', async () => {
        const server = await serve((_request, response) => {
          json(response, 200, []);
        }, untrusted);
        expect((await failure(server.url, 'startRecording', line)).code).toBe('tls-self-signed');
        expect((await failure(server.url, 'activeRecordings', { username: 'a' })).code).toBe(
          'tls-self-signed',
        );
        expect(server.seen).toHaveLength(0);
      });

      it('finds no server behind TLS on a plain port', async () => {
        const server = await serve((_request, response) => {
          json(response, 200, []);
        });
        const error = await failure(server.url.replace('http:', 'https:'), 'activeRecordings', {
          username: 'a',
        });
        expect(error.code).toBe('http-expected');
      });

      it('finds no server that speaks something else', async () => {
        const server = await serve((_request, _response, socket) => {
          socket.end('220 mail.example.com ESMTP\r\n');
        });
        const error = await failure(server.url, 'activeRecordings', { username: 'a' });
        // Chromium takes words without a status line for HTTP/0.9 on ports where that was usual.
        expect(['not-this-server', 'connection-lost']).toContain(error.code);
      });

      it('tells a cut answer from a wrong one', async () => {
        const server = await serve((_request, response, socket) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          response.write('[{"id":', () => {
            socket.end();
          });
        });
        expect((await failure(server.url, 'activeRecordings', { username: 'a' })).code).toBe(
          'connection-lost',
        );
      });

      it('ends a request that gets no answer, and says that it may have been done', async () => {
        const server = await serve(() => undefined);
        const options = { timeoutMs: 150 };
        expect(await failure(server.url, 'startRecording', line, options)).toMatchObject({
          code: 'timeout',
          detail: { outcomeUnknown: true },
        });
        const reading = await failure(server.url, 'activeRecordings', { username: 'a' }, options);
        expect(reading.code).toBe('timeout');
        expect(reading.detail.outcomeUnknown).toBeUndefined();
      });

      it('ends a request whose answer stalls half-way', async () => {
        const server = await serve((_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('[');
        });
        const error = await failure(server.url, 'activeRecordings', { username: 'a' }, { timeoutMs: 200 });
        expect(error.code).toBe('timeout');
        await server.idle();
      });
    });

    it('unpacks a compressed answer', async () => {
      const server = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync(JSON.stringify(emptyPage)));
      });
      expect(await call(server.url, 'listRecordings', ...listArguments)).toEqual({
        ok: true,
        value: emptyPage,
      });
    });

    it('searches a number on servers that know only the old name, only the new one, or both (L1)', async () => {
      const remote = { remotePartyNumber: { operator: 'contains', value: '+39 02' } };
      const rows = ['+39 02 1', '+44 1'].map((remotePartyNumber, number) => ({
        id: `6b98303a-b295-473a-adae-00000000000${number}`,
        referenceNumber: 'R',
        startTime: '2018-11-01T16:39:15+02:00',
        duration: 'PT1S',
        direction: 1,
        ownerUsername: 'anna',
        localPartyNumber: '101',
        remotePartyNumber,
      }));
      for (const known of [['remotePartyNumber'], ['remoteParty'], ['remotePartyNumber', 'remoteParty']]) {
        const server = await serve((request, response) => {
          const query = new URL(request.url, 'http://x').searchParams;
          const recordings = rows.filter((row) =>
            known.every((name) => {
              const [operator, value] = (query.get(name) ?? 'contains:').split(':');
              return operator === 'contains' && row.remotePartyNumber.includes(value ?? '');
            }),
          );
          json(response, 200, { totalCount: recordings.length, recordings });
        });
        expect(await call(server.url, 'listRecordings', remote, { page: 0, pageSize: 5 })).toMatchObject({
          ok: true,
          value: { totalCount: 1, recordings: [{ remotePartyNumber: '+39 02 1' }] },
        });
      }
    });

    it('sends no query that is longer than IIS takes (L1)', async () => {
      const server = await serve((_request, response) => {
        json(response, 200, emptyPage);
      });
      const list = (length: number) =>
        call(
          server.url,
          'listRecordings',
          { localPartyNumber: '1'.repeat(length) },
          { page: 0, pageSize: 5 },
        );
      const around = '?page=0&pageSize=5&localPartyNumber='.length - 1;
      expect(await list(2_048 - around)).toMatchObject({ ok: true });
      expect(await list(2_049 - around)).toMatchObject({
        ok: false,
        error: { code: 'invalid-filter', detail: { field: 'query' } },
      });
      const username = 'ü'.repeat(400);
      expect(await failure(server.url, 'activeRecordings', { username })).toMatchObject({
        code: 'invalid-argument',
      });
      expect(server.seen).toHaveLength(1);
    });

    it('of a list without an end it waits for no end, and of a live list sooner (G1)', async () => {
      let sent = 0;
      const server = await serve((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const isList = new URL(request.url, 'http://x').pathname.endsWith('/Recordings');
        response.write(isList ? '{"totalCount":1,"recordings":[' : '[');
        const piece = Buffer.from('{},'.repeat(21_845));
        const write = (): void => {
          while (!response.destroyed && response.write(piece)) sent += piece.byteLength;
          response.once('drain', write);
        };
        write();
      });
      for (const [method, ...args] of [
        ['listRecordings', ...listArguments],
        ['activeRecordings', { username: 'a' }],
      ] as const) {
        sent = 0;
        expect(await failure(server.url, method, ...args)).toMatchObject({
          code: 'malformed',
          detail: { field: 'size' },
        });
        await server.idle();
        // 100,000 rows, or 1 MB, and what the network holds on its way.
        expect(sent).toBeLessThan(16 * 1_048_576);
      }
    });

    it('reads no endless answer', async () => {
      const server = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const piece = Buffer.alloc(65_536, ' ');
        const write = (): void => {
          while (!response.destroyed && response.write(piece));
          response.once('drain', write);
        };
        write();
      });
      expect(await failure(server.url, 'listRecordings', ...listArguments)).toMatchObject({
        code: 'malformed',
        detail: { field: 'size' },
      });
      await server.idle();
    });

    it('keeps a connection for the next question until it is told to drop it', async () => {
      const server = await serve((_request, response) => {
        json(response, 200, []);
      });
      await call(server.url, 'activeRecordings', { username: 'a' });
      await call(server.url, 'activeRecordings', { username: 'a' });
      expect(server.seen.map(({ reused }) => reused)).toEqual([false, true]);
      await start().run(account(server.url), { kind: 'drop-idle-connections' });
      await server.idle();
      expect((await call(server.url, 'activeRecordings', { username: 'a' })).ok).toBe(true);
    });

    describe('downloads', () => {
      const download = (address: string, order: { leaveAfter?: number } = {}): Promise<TransferReport> =>
        start().run<TransferReport>(account(address), { kind: 'download', id, ...order });

      it.each(['content-length', 'chunked'] as const)('reads %s to the end', async (framing) => {
        const server = await serve((request, response) => {
          expect(request.headers['accept-encoding']).toMatch(/^identity, gzip;q=0\.1/);
          response.writeHead(200, {
            'content-type': 'audio/mpeg',
            ...(framing === 'chunked' ? {} : { 'content-length': '300000' }),
          });
          response.end(Buffer.alloc(300_000, 1));
        });
        expect(await download(server.url)).toMatchObject({ bytes: 300_000, error: null });
      });

      it.each([
        ['content-length', 'end'],
        ['content-length', 'reset'],
        ['chunked', 'end'],
        ['chunked', 'reset'],
      ] as const)('notices %s that breaks by %s', async (framing, how) => {
        const server = await serve((_request, response, socket) => {
          response.writeHead(200, {
            'content-type': 'audio/mpeg',
            ...(framing === 'chunked' ? {} : { 'content-length': '300000' }),
          });
          response.write(Buffer.alloc(100_000, 1), () => {
            if (how === 'end') socket.end();
            else setImmediate(() => socket.resetAndDestroy());
          });
        });
        const report = await download(server.url);
        expect(report.error).toMatchObject({ code: 'connection-lost', operation: 'download' });
        expect(report.bytes).toBeLessThanOrEqual(100_000);
      });

      it('takes what is called JSON or a page by its contents', async () => {
        const server = await serve((request, response, _socket, index) => {
          expect(request.url).toContain('/Media');
          if (index === 1) html(response, 200);
          else if (index === 2) json(response, 200, { message: 'no' });
          else {
            response.writeHead(200, { 'content-type': 'text/html' });
            response.end(Buffer.from([0xff, 0xfb, 0x90, 0x00]));
          }
        });
        expect((await download(server.url)).error).toMatchObject({ code: 'not-this-server' });
        expect((await download(server.url)).error).toMatchObject({
          code: 'malformed',
          detail: { field: 'body' },
        });
        expect(await download(server.url)).toMatchObject({ bytes: 4, error: null });
      });

      /** An MP3 by its first bytes, which compresses well. */
      const audio = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(400_000, 7)]);
      const packings = [
        ['gzip', gzipSync],
        ['deflate', deflateSync],
        ['br', brotliCompressSync],
      ] as const;
      const packed = packings.flatMap(([encoding, pack]) =>
        (['content-length', 'chunked'] as const).map((framing) => ({ encoding, pack, framing })),
      );

      it.each(packed)(
        'are played although they arrive as $encoding, framed by $framing (P5)',
        async ({ encoding, pack, framing }) => {
          const bytes = pack(audio);
          const server = await serve((_request, response) => {
            response.writeHead(200, {
              'content-type': 'audio/mpeg',
              'content-encoding': encoding,
              ...(framing === 'chunked' ? {} : { 'content-length': String(bytes.byteLength) }),
            });
            response.end(bytes);
          });
          expect(await download(server.url)).toMatchObject({ bytes: audio.byteLength, error: null });
        },
      );

      it.each(packings)('as %s that break are told from whole ones (P5)', async (encoding, pack) => {
        const bytes = pack(audio);
        const server = await serve((_request, response, socket) => {
          response.writeHead(200, {
            'content-type': 'audio/mpeg',
            'content-encoding': encoding,
            'content-length': String(bytes.byteLength),
          });
          response.write(bytes.subarray(0, bytes.byteLength - 12), () => {
            socket.end();
          });
        });
        expect((await download(server.url)).error).toMatchObject({ code: 'connection-lost' });
      });

      it('ends the request when it is left', async () => {
        const server = await serve((_request, response) => {
          response.writeHead(200, { 'content-type': 'audio/mpeg' });
          const piece = Buffer.alloc(65_536, 1);
          const write = (): void => {
            while (!response.destroyed && response.write(piece));
            response.once('drain', write);
          };
          write();
        });
        const report = await download(server.url, { leaveAfter: 200_000 });
        expect(report.error).toBeNull();
        await server.idle();
      });
    });

    describe('uploads', () => {
      const upload = (
        address: string,
        order: { sizeBytes: number; cancelAfter?: number; contentType?: string; fileName?: string },
      ): Promise<TransferReport> =>
        start().run<TransferReport>(account(address), { kind: 'upload', metadata, ...order });

      it('sends the two parts as documented, once', async () => {
        const server = await serve((_request, response) => {
          json(response, 201, { id });
        });
        const report = await upload(server.url, { sizeBytes: 100_000 });
        expect(report).toMatchObject({ error: null, bytes: 100_000 });
        const [request] = server.seen;
        const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
          request?.headers['content-type'] ?? '',
        )?.[1];
        expect(boundary).toBeDefined();
        const [before, first, second, after] = (request?.body ?? '').split(`--${boundary ?? ''}`);
        expect([before, after]).toEqual(['', '--\r\n']);
        const [head, text] = (first ?? '').split('\r\n\r\n');
        expect(head).toBe(
          '\r\nContent-Disposition: form-data; name="jsondata"\r\nContent-Type: application/json',
        );
        expect(JSON.parse(Buffer.from(text ?? '', 'latin1').toString('utf8'))).toEqual({
          startDateTime: '2026-01-31T12:00:00.000Z',
          duration: 'PT1M31.87S',
          direction: 1,
          localParty: { username: 'anna.rossi', phoneNumber: '101' },
          remoteParty: { phoneNumber: '+39 02;1' },
          notes: 'perché',
          preserved: true,
        });
        expect(second).toMatch(
          /^\r\nContent-Disposition: form-data; name="attachment"; filename="call.wav"; filename\*=utf-8''call.wav\r\nContent-Type: audio\/wav\r\n\r\nRIFF/,
        );
        expect((second ?? '').split('\r\n\r\n').slice(1).join('\r\n\r\n')).toHaveLength(100_000 + 2);
      });

      it.each([
        ['audio/x-wav', 'call.wav', 'audio/x-wav'],
        ['Audio/MPEG; x=1', 'call.mp3', 'audio/mpeg'],
        ['audio/mp3', 'call', 'audio/mpeg'],
        ['application/octet-stream', 'call.mp3', 'audio/mpeg'],
        ['application/octet-stream', 'call.wav', 'audio/wav'],
        ['', 'call', 'audio/wav'],
        ['text/html\r\nX: y', 'call.wav', 'audio/wav'],
      ])('sends %j of %s under a type that servers take (L16)', async (contentType, fileName, sent) => {
        const server = await serve((_request, response) => {
          json(response, 201, { id });
        });
        expect((await upload(server.url, { sizeBytes: 100, contentType, fileName })).error).toBeNull();
        const types = [...(server.seen[0]?.body ?? '').matchAll(/^Content-Type: (.*)\r$/gm)];
        expect(types.map(([, type]) => type)).toEqual(['application/json', sent]);
      });

      it('is cut off by the server: not done, and known not to be', async () => {
        const server = await serve(() => undefined);
        const report = upload(server.url, { sizeBytes: 50_000_000, cancelAfter: 1_000_000 });
        const { error } = await report;
        expect(error?.code).toBe('cancelled');
        expect(error?.detail.outcomeUnknown).toBeUndefined();
        await server.idle();
        expect(server.seen).toHaveLength(0);
      });

      it('does not know what became of it when only the answer is lost', async () => {
        const server = await serve((_request, _response, socket) => {
          socket.destroy();
        });
        const { error } = await upload(server.url, { sizeBytes: 100_000 });
        expect(error).toMatchObject({ code: 'connection-lost', detail: { outcomeUnknown: true } });
        expect(server.seen).toHaveLength(1);
      });
    });

    afterAll(async () => {
      await Promise.all(servers.splice(0).map((server) => server.close()));
    });
  });
}
