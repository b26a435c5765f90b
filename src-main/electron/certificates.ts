import type { Certificate, Event, Session, WebContents } from 'electron';
import { app, WebContentsView } from 'electron';

import { systemCode } from '../core/lib/system-code';
import type { SessionPair } from './network-sessions';

/** Chromium's verdict on a certificate stands. */
const asVerified = -3;

/** Everybody may ask for it, and it changes nothing. */
const harmlessPath = '/favicon.ico';

/** What a handshake fails with because the server wants a certificate of the client. */
const certificateWanted = 'ERR_SSL_CLIENT_AUTH_CERT_NEEDED';

/** Chromium's codes of a handshake that fails for want of one; the last where the server hangs up early. */
const refusals: readonly string[] = [
  certificateWanted,
  'ERR_BAD_SSL_CLIENT_AUTH_CERT',
  'ERR_SSL_CLIENT_AUTH_NO_COMMON_ALGORITHMS',
  'ERR_SOCKET_NOT_CONNECTED',
];

/** What the navigation ends with when the answer came and was not let in. */
const answered = 'ERR_BLOCKED_BY_CLIENT';

/** The name that OpenSSL has for it; Chromium has none. */
export const selfSigned = 'DEPTH_ZERO_SELF_SIGNED_CERT';

function isSelfSigned({ issuer, subject, issuerCert }: Certificate): boolean {
  // Electron leaves it out where the server has sent none, whatever its types say.
  const above = issuerCert as Certificate | undefined;
  return above === undefined && JSON.stringify(issuer) === JSON.stringify(subject);
}

/**
 * Remembers which hosts showed a certificate that nobody but itself has signed: Chromium's code is the same for an
 * issuer that is not known. Its verdict is not touched.
 * @param hosts where their names go
 */
export function noteSelfSigned(session: Session, hosts: Set<string>): void {
  session.setCertificateVerifyProc(({ hostname, certificate }, answer) => {
    if (isSelfSigned(certificate)) hosts.add(hostname);
    else hosts.delete(hostname);
    answer(asVerified);
  });
}

/**
 * Answers the certificate requests of servers: RecLight shows none. Chromium asks only about what a page requests,
 * `net.request` fails; but then it remembers the answer for the whole session.
 */
export interface ClientCertificates {
  /**
   * What to do about a failed request.
   * @param pair both of its sessions go on without a certificate
   * @param code of the network
   * @returns `again` where the server wanted a certificate and goes on without one; else the code to report. Answers when
   *   the signal aborts at the latest
   */
  afterFailure(
    pair: SessionPair,
    url: string,
    code: string,
    signal: AbortSignal,
  ): Promise<{ readonly again: true } | { readonly again: false; readonly code: string }>;
}

/**
 * Lets a page that shows nothing ask for a file of the server.
 * @returns the code that the navigation ended with
 */
async function knock(session: Session, origin: string, signal: AbortSignal): Promise<string> {
  session.webRequest.onHeadersReceived({ urls: [`*://*${harmlessPath}`] }, (_details, answer) => {
    // Nothing that the server answers is to be loaded, stored or followed.
    answer({ cancel: true });
  });
  const view = new WebContentsView({ webPreferences: { session, sandbox: true, javascript: false } });
  const { webContents } = view;
  const select = (
    event: Event,
    asking: WebContents | null,
    _url: string,
    _certificates: readonly Certificate[],
    answer: (certificate?: Certificate) => void,
  ): void => {
    if (asking !== webContents) return;
    // Or Electron would show the first of the user's own, whatever it is for.
    event.preventDefault();
    answer();
  };
  const close = (): void => {
    // By way of the view: one that nothing refers to is collected, and takes its page along.
    if (!webContents.isDestroyed()) view.webContents.close();
  };
  app.on('select-client-certificate', select);
  signal.addEventListener('abort', close, { once: true });
  try {
    await webContents.loadURL(origin + harmlessPath, { userAgent: 'RecLight' });
    return answered;
  } catch (error) {
    return systemCode(error) ?? '';
  } finally {
    signal.removeEventListener('abort', close);
    app.off('select-client-certificate', select);
    close();
  }
}

/** Makes the answers for the requests of one network adapter. */
export function createClientCertificates(): ClientCertificates {
  /** Which servers do not go on without a certificate. */
  const requiring = new WeakMap<SessionPair, Set<string>>();

  return {
    afterFailure: async (pair, url, code, signal) => {
      const { origin } = new URL(url);
      const known = requiring.get(pair) ?? new Set<string>();
      requiring.set(pair, known);
      if (code !== certificateWanted) {
        return {
          again: false,
          code: known.has(origin) && refusals.includes(code) ? certificateWanted : code,
        };
      }
      const [end] = await Promise.all([
        knock(pair.queries, origin, signal),
        // What it sends may not be there a second time.
        knock(pair.commands, origin, signal),
      ]);
      if (end === answered) {
        known.delete(origin);
        return { again: true };
      }
      if (!refusals.includes(end) || signal.aborted) return { again: false, code: end === '' ? code : end };
      known.add(origin);
      return { again: false, code: certificateWanted };
    },
  };
}
