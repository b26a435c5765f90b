import { request } from 'node:https';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator, type TlsFiles } from './index';
import { realNow } from '../support/test-date';
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
});
