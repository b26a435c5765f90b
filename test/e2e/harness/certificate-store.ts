import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { TlsFiles } from '../../tools/simulator/listener';

const run = promisify(execFile);

/** A user's certificates, as Chromium reads them on Linux. */
export interface CertificateStore {
  /** To be the `HOME` of what shall use it. */
  readonly home: string;
  remove(): Promise<void>;
}

/**
 * Makes one in a new home.
 * @param trusted an authority, trusted for servers
 * @param own a certificate that the user can show to servers
 */
export async function createCertificateStore(trusted: TlsFiles, own?: TlsFiles): Promise<CertificateStore> {
  const home = await mkdtemp(join(tmpdir(), 'reclight-certificates-'));
  const database = `sql:${join(home, '.pki', 'nssdb')}`;
  await mkdir(join(home, '.pki', 'nssdb'), { recursive: true });
  await run('certutil', ['-d', database, '-N', '--empty-password']);
  const authority = join(home, 'authority.pem');
  await writeFile(authority, trusted.cert);
  await run('certutil', ['-d', database, '-A', '-t', 'C,,', '-n', 'authority', '-i', authority]);
  if (own !== undefined) {
    const [pem, bundle] = [join(home, 'own.pem'), join(home, 'own.p12')];
    await writeFile(pem, `${own.cert.toString()}${own.key.toString()}`);
    await run('openssl', ['pkcs12', '-export', '-in', pem, '-out', bundle, '-passout', 'pass:']);
    await run('pk12util', ['-d', database, '-i', bundle, '-W', '']);
  }
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
}
