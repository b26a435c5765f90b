import { randomUUID } from 'node:crypto';

import type { Session } from 'electron';
import { BrowserWindow, session } from 'electron';

import { fail, succeed } from '@shared/domain/errors';
import type { PagePrinter } from '../core/ports/saving';
import { appScheme } from './origin';

const summaryHost = 'summary';

/** Styles of the page itself, and nothing else at all. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Longer than any page takes to load; a window that hangs must not hold a package for ever. */
const maxLoadMs = 20_000;

/** The session of such windows: in memory, and closed to everything but the pages that are being printed. */
function createSummarySession(pages: ReadonlyMap<string, string>): Session {
  const summaries = session.fromPartition('summary', { cache: false });
  summaries.setPermissionRequestHandler((_contents, _permission, callback) => {
    callback(false);
  });
  summaries.setPermissionCheckHandler(() => false);
  summaries.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !pages.has(details.url) });
  });
  summaries.protocol.handle(appScheme, (request) => {
    const html = pages.get(request.url);
    if (html === undefined || request.method !== 'GET') return new Response(null, { status: 404 });
    return new Response(html, {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      },
    });
  });
  return summaries;
}

/**
 * Prints pages with Electron's own `printToPDF`, each in a hidden, sandboxed window of its own without scripts, without
 * preload and without a network. The pages exist in memory only, for as long as they are printed.
 */
export function createSummaryPrinter(): PagePrinter {
  const pages = new Map<string, string>();
  let summaries: Session | null = null;

  return async (html) => {
    summaries ??= createSummarySession(pages);
    const address = `${appScheme}://${summaryHost}/${randomUUID()}`;
    pages.set(address, html);
    const window = new BrowserWindow({
      show: false,
      width: 794,
      height: 1_123,
      skipTaskbar: true,
      focusable: false,
      webPreferences: {
        session: summaries,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        javascript: false,
        images: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
      },
    });
    const limit = setTimeout(() => {
      if (!window.isDestroyed()) window.destroy();
    }, maxLoadMs);
    try {
      await window.loadURL(address);
      const pdf = await window.webContents.printToPDF({
        printBackground: true,
        preferCSSPageSize: true,
        generateTaggedPDF: true,
      });
      return succeed(pdf);
    } catch {
      return fail('internal', 'file');
    } finally {
      clearTimeout(limit);
      pages.delete(address);
      if (!window.isDestroyed()) window.destroy();
    }
  };
}
