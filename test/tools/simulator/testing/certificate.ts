import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { realNow } from '../../../fixtures/test-date';
import type { TlsFiles } from '../listener';

/** What a certificate made for a test says. */
export interface CertificateOptions {
  /** Names and addresses it is for; `localhost` and `127.0.0.1` where left out. */
  readonly hosts?: readonly string[];
  /** Epoch ms; a day ago where left out. */
  readonly notBefore?: number;
  /** Epoch ms; in ten days where left out, in the past for one that has expired. */
  readonly notAfter?: number;
  /** Who signs it; its own key where left out. */
  readonly issuer?: TlsFiles;
  /** How it is signed; `sha256` where left out. */
  readonly digest?: keyof typeof signatureAlgorithms;
}

const dayMs = 86_400_000;
/** ECDSA with each digest. */
const signatureAlgorithms = { sha1: '2a8648ce3d0401', sha256: '2a8648ce3d040302' } as const;

/** The name that a certificate is for, as the certificates that it signs repeat it. */
function subjectOf(cert: string | Buffer): Buffer {
  const common = /^CN=(.*)$/m.exec(new X509Certificate(cert).subject)?.[1] ?? '';
  return commonName(common);
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));
}

/** Makes a certificate and its key, fresh each time, so that no key lies in the repository. */
export function createCertificate(options: CertificateOptions = {}): TlsFiles {
  const hosts = options.hosts ?? ['localhost', '127.0.0.1'];
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { issuer, digest = 'sha256' } = options;
  const name = commonName(hosts[0] ?? 'localhost');
  const algorithm = sequence(oid(signatureAlgorithms[digest]));
  const names = hosts.map((host) =>
    isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  const serial = randomBytes(8);
  serial[0] = 0x01;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    issuer === undefined ? name : subjectOf(issuer.cert),
    sequence(time(options.notBefore ?? realNow() - dayMs), time(options.notAfter ?? realNow() + 10 * dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        sequence(oid('551d11'), der(0x04, sequence(...names))),
        // A certificate authority of its own: some clients trust nothing else.
        sequence(
          oid('551d13'),
          der(0x01, Buffer.from([0xff])),
          der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
        ),
      ),
    ),
  );
  const signature = sign(digest, body, issuer === undefined ? privateKey : issuer.key);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** One element of ASN.1 in its distinguished encoding: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return der(0x30, ...content);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function time(epochMs: number): Buffer {
  const text = new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(text.slice(2)));
}
