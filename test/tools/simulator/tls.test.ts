import { request } from 'node:https';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realNow } from '../../fixtures/test-date';
import { createControlClient, type Simulator, startSimulator, type TlsFiles } from './index';
import { createCertificate } from './testing/certificate';

let simulator: Simulator;
let certificate: TlsFiles;

beforeEach(async () => {
  certificate = createCertificate();
  simulator = await startSimulator({ tls: certificate });
});

afterEach(() => simulator.close());

/** Answers the status of a request, or the code of its error. */
function get(ca?: string | Buffer, host = '127.0.0.1'): Promise<number | string> {
  const url = new URL(`${simulator.apiUrl}/Recordings`);
  url.hostname = host;
  return new Promise((resolve) => {
    const sent = request(url, { ...(ca === undefined ? {} : { ca }), agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end();
  });
}

describe('https', () => {
  it('serves with the certificate given', async () => {
    expect(simulator.url).toMatch(/^https:/);
    expect(await get(certificate.cert)).toBe(401);
    expect(await get(certificate.cert, 'localhost')).toBe(401);
    expect(await get()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('presents another one when told to', async () => {
    const expired = createCertificate({ notAfter: realNow() - 60_000 });
    simulator.setCertificate(expired);
    expect(await get(expired.cert)).toBe('CERT_HAS_EXPIRED');
    const elsewhere = createCertificate({ hosts: ['elsewhere.example'] });
    simulator.setCertificate(elsewhere);
    expect(await get(certificate.cert)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await get(elsewhere.cert)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('breaks connections as plain http does', async () => {
    simulator.faults.add({ times: 1, action: { kind: 'reset' } });
    expect(await get(certificate.cert)).toBe('ECONNRESET');
    await simulator.faults.goDown();
    expect(await get(certificate.cert)).toBe('ECONNREFUSED');
    await simulator.faults.comeUp();
    expect(await get(certificate.cert)).toBe(401);
  });

  it('presents another one when told over the control port', async () => {
    const other = createCertificate();
    const text = (part: string | Buffer) => part.toString();
    await createControlClient(simulator.controlUrl).setCertificate(text(other.cert), text(other.key));
    expect(await get(other.cert)).toBe(401);
    expect(await get(certificate.cert)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});

describe('TLS options', () => {
  const handshake = (to: Simulator, options: ConnectionOptions) =>
    new Promise<string>((resolve) => {
      const { port } = new URL(to.url);
      const socket = connect({
        port: Number(port),
        host: '127.0.0.1',
        rejectUnauthorized: false,
        ...options,
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('secureConnect', () => {
        // A server that wants a certificate refuses only after the handshake of TLS 1.3.
        socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      });
      socket.once('data', () => resolve(socket.getProtocol() ?? ''));
      socket.once('close', () => resolve('closed'));
    });

  it('speak only the versions told', async () => {
    const old = await startSimulator({
      tls: { ...certificate, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
    });
    expect(await handshake(old, {})).toBe('TLSv1.2');
    expect(await handshake(old, { minVersion: 'TLSv1.3' })).toMatch(/^ERR_SSL/);
    old.setCertificate(createCertificate());
    expect(await handshake(old, { minVersion: 'TLSv1.3' })).toMatch(/^ERR_SSL/);
    await old.close();
  });

  it.each(['ask', 'require'] as const)('%s for a certificate of the client', async (clientCertificate) => {
    const own = createCertificate();
    const asking = await startSimulator({ tls: { ...certificate, clientCertificate, ca: own.cert } });
    const anonymous = await handshake(asking, {});
    if (clientCertificate === 'ask') expect(anonymous).toBe('TLSv1.3');
    else expect(anonymous).not.toMatch(/^TLS/);
    expect(await handshake(asking, { cert: own.cert, key: own.key })).toBe('TLSv1.3');
    await asking.close();
  });
});
