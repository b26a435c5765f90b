import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

import type { Session } from 'electron';

import { appScheme, isOurAddress } from './origin';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Nothing but our own files, and sound from memory; no network, no inline script, no inline style sheet. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  'media-src media:',
  "worker-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  // The one script address that is ever made: the worker that computes waveforms.
  "trusted-types reclight-waveform 'allow-duplicates'",
].join('; ');

/**
 * Serves the window's files under our own scheme, with the security headers that a file: address could not have.
 * @param session of the windows
 * @param folder where the built files are
 */
export function serveAppFiles(session: Session, folder: string): void {
  session.protocol.handle(appScheme, async (request) => {
    const nothing = new Response(null, { status: 404 });
    if (request.method !== 'GET' || !isOurAddress(request.url, null)) return nothing;
    const path = normalize(join(folder, decodeURIComponent(new URL(request.url).pathname)));
    const contentType = contentTypes[extname(path)];
    if (!path.startsWith(folder + sep) || contentType === undefined) return nothing;
    try {
      return new Response(await readFile(path), {
        headers: {
          'Content-Type': contentType,
          'Content-Security-Policy': contentSecurityPolicy,
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
          'Cross-Origin-Opener-Policy': 'same-origin',
        },
      });
    } catch {
      return nothing;
    }
  });
}
