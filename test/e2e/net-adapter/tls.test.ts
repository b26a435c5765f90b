import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { CodedError, Result } from '@shared/domain/errors';
import type { ProbeAccount } from '../../integration/api-client/support/probe-client';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import type { TlsFiles, TlsOptions } from '../../tools/simulator/listener';
import { createCertificate } from '../../tools/simulator/testing/certificate';
import { realNow } from '../../fixtures/test-date';
import type { CertificateStore } from '../harness/certificate-store';
import { createCertificateStore } from '../harness/certificate-store';
import type { ElectronProbe } from './electron-probe';
import { startElectronProbe } from './electron-probe';

const authority = createCertificate({ hosts: ['Test Authority'] });
const ours = createCertificate({ issuer: authority });
const hourMs = 3_600_000;

/** Without and with a certificate of the user's own, which no server is to see. */
let stores: readonly [CertificateStore, CertificateStore];
let probes: readonly [ElectronProbe, ElectronProbe];
let server: Simulator | null = null;

beforeAll(async () => {
  stores = await Promise.all([
    createCertificateStore(authority),
    createCertificateStore(authority, createCertificate({ hosts: ['Anna Rossi'], issuer: authority })),
  ]);
  probes = await Promise.all([
    startElectronProbe({ HOME: stores[0].home }),
    startElectronProbe({ HOME: stores[1].home }),
  ]);
});

afterAll(async () => {
  await Promise.all(probes.map((probe) => probe.close()));
  await Promise.all(stores.map((store) => store.remove()));
});

afterEach(async () => {
  await server?.close();
  server = null;
});

const anna = (serverAddress: string): ProbeAccount => ({
  serverAddress,
  username: 'anna.rossi',
  password: 'Anna-101-demo',
});

async function serve(tls: TlsOptions): Promise<Simulator> {
  server = await startSimulator({ recordings: 3, tls });
  return server;
}

function list(address: string, probe = probes[0]): Promise<Result<unknown>> {
  return probe.run(anna(address), {
    kind: 'call',
    method: 'listRecordings',
    args: [{ ownerUsername: 'anna.rossi' }, { page: 0, pageSize: 10 }],
  });
}

async function failure(address: string, probe = probes[0]): Promise<CodedError> {
  const result = await list(address, probe);
  if (result.ok) throw new Error('It was not to succeed.');
  return result.error;
}

describe('a server that asks for a certificate of the client (G2)', () => {
  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (version) => {
    const versions = { minVersion: version, maxVersion: version } as const;

    it.each([
      ['no certificate', 0],
      ['a certificate that is kept back', 1],
    ] as const)('is used without one where it takes that, by a user with %s', async (_who, which) => {
      const { url, requests } = await serve({ ...ours, ...versions, clientCertificate: 'ask' });
      const probe = probes[which];
      expect(await list(url, probe)).toMatchObject({ ok: true });
      const started = await probe.run<Result<unknown>>(anna(url), {
        kind: 'call',
        method: 'startRecording',
        args: [{ directoryNumber: '101', deviceName: null, mode: 'media-forking' }],
      });
      expect(started).toMatchObject({ error: { code: 'no-connected-call' } });
      expect(requests.filter('start')).toHaveLength(1);
    });

    it.each([0, 1] as const)('is named as the cause where it takes no other (user %i)', async (which) => {
      const { url, requests } = await serve({ ...ours, ...versions, clientCertificate: 'require' });
      for (const attempt of [1, 2, 3]) {
        const error = await failure(url, probes[which]);
        expect(error, `attempt ${attempt}`).toMatchObject({ code: 'client-certificate-required' });
        expect(error.detail.outcomeUnknown).toBeUndefined();
      }
      expect(requests.entries).toHaveLength(0);
    });
  });
});

describe('each fault of a certificate has a code of its own, and the name that the network has for it (G3)', () => {
  const stranger = createCertificate({ hosts: ['Another Authority'] });
  const cases: readonly (readonly [string, TlsFiles, code: string, network: string])[] = [
    [
      'expired',
      createCertificate({ issuer: authority, notAfter: realNow() - hourMs }),
      'tls-expired',
      'ERR_CERT_DATE_INVALID',
    ],
    [
      'not valid yet',
      createCertificate({ issuer: authority, notBefore: realNow() + hourMs }),
      'tls-expired',
      'ERR_CERT_DATE_INVALID',
    ],
    [
      'for another name',
      createCertificate({ issuer: authority, hosts: ['elsewhere.example'] }),
      'tls-wrong-name',
      'ERR_CERT_COMMON_NAME_INVALID',
    ],
    [
      'of an unknown issuer',
      createCertificate({ issuer: stranger }),
      'tls-untrusted',
      'ERR_CERT_AUTHORITY_INVALID',
    ],
    ['signed by itself', createCertificate(), 'tls-self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'signed with SHA-1',
      createCertificate({ issuer: authority, digest: 'sha1' }),
      'tls-weak',
      'ERR_CERT_WEAK_SIGNATURE_ALGORITHM',
    ],
  ];

  it.each(cases)('%s', async (_name, files, code, message) => {
    // Or Node would not serve with a weak one.
    const { url, requests } = await serve({ ...files, ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await failure(url)).toMatchObject({ code, detail: { message, host: new URL(url).host } });
    expect(requests.entries).toHaveLength(0);
  });

  it('follows a certificate that is replaced', async () => {
    const running = await serve(createCertificate());
    expect(await failure(running.url)).toMatchObject({ code: 'tls-self-signed' });
    running.setCertificate(createCertificate({ issuer: stranger }));
    expect(await failure(running.url)).toMatchObject({ code: 'tls-untrusted' });
    running.setCertificate(ours);
    expect(await list(running.url)).toMatchObject({ ok: true });
  });
});

describe('a server that speaks otherwise (G5)', () => {
  it.each(['TLSv1', 'TLSv1.1'] as const)('is too old with %s', async (version) => {
    const { url } = await serve({
      ...ours,
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await failure(url)).toMatchObject({
      code: 'tls-too-old',
      detail: { message: 'ERR_SSL_VERSION_OR_CIPHER_MISMATCH' },
    });
  });

  it('is hinted at with https where http gets no answer', async () => {
    const { url } = await serve(ours);
    expect(await failure(url.replace('https:', 'http:'))).toMatchObject({ code: 'https-expected' });
  });

  it.each([
    ['nginx', 'The plain HTTP request was sent to HTTPS port'],
    ['Apache', "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"],
  ])('is hinted at with https where %s says so', async (_name, words) => {
    const plain = createServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'text/html' });
      response.end(`<html><head><title>400 Bad Request</title></head><body>${words}</body></html>`);
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    try {
      const { port } = plain.address() as AddressInfo;
      expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({ code: 'https-expected' });
    } finally {
      plain.close();
      plain.closeAllConnections();
    }
  });

  it('is hinted at with http where there is no TLS', async () => {
    server = await startSimulator({ recordings: 3 });
    expect(await failure(server.url.replace('http:', 'https:'))).toMatchObject({ code: 'http-expected' });
  });
});
