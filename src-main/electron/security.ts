import type { Session, WebContents } from 'electron';
import { app } from 'electron';

import { mediaScheme } from '@shared/domain/media';
import { strangeSwitches } from '../core/desktop/command-line';
import { windowText } from '../core/desktop/messages';
import { appScheme, isOurAddress, isOurPage, pageAddress } from './origin';

/** Schemes that a window may load from; its network is elsewhere: in the main process. */
const ownSchemes = [`${appScheme}:`, `${mediaScheme}:`, 'devtools:', 'blob:', 'data:'];

/**
 * The one thing a window may do beyond its page: tell loudspeakers from each other, so that one can be chosen for the
 * sound. Chromium asks for it apart from the microphone, whose names stay hidden and whose sound stays refused.
 */
const shownDevices = 'speaker-selection';

/** A proxy that cannot be connected to: what CSP and `webRequest` do not see (TURN over TCP, preconnect) ends there. */
const noProxy = 'http://127.0.0.1:0';

/** Chromium's `ERR_ABORTED`: the navigation was prevented, and the page is still there. */
const aborted = -3;

/** An address that nothing can be fetched from. */
const nowhere = 'invalid://nowhere/';

/**
 * Drops what a command line could weaken RecLight by; to be called before anything else, when Chromium has obeyed none
 * of it yet.
 * @returns the names of what was dropped
 */
export function dropStrangeSwitches(): readonly string[] {
  const dropped = strangeSwitches(process.argv, process.platform === 'win32');
  for (const name of dropped) app.commandLine.removeSwitch(name);
  // The same as a switch: keys with which recorded TLS can be read.
  delete process.env['SSLKEYLOGFILE'];
  if (dropped.length > 0)
    process.stderr.write(`${windowText('switchesDropped', { names: dropped.join(', ') })}\n`);
  return dropped;
}

/**
 * Closes what Chromium would send of its own accord. To be called before `ready`: the first session
 * comes with it.
 */
export function silenceChromium(): void {
  // Names in a page's links would be resolved, whatever its CSP says.
  app.commandLine.appendSwitch('blink-settings', 'dnsPrefetchingEnabled=false');
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.commandLine.appendSwitch('disable-domain-reliability');
  app.on('session-created', (session) => {
    // A new session is already looking for its spelling dictionary, and would ask Google for it.
    session.setSpellCheckerDictionaryDownloadURL(nowhere);
    session.setSpellCheckerLanguages([]);
    session.setSpellCheckerEnabled(false);
  });
}

/** Keeps a window on our page: Chromium shows `about:blank` without asking, so the page is loaded again. */
function keepOnPage(contents: WebContents, developmentServer: string | null): void {
  const bringBack = (address: string): void => {
    if (isOurPage(address, developmentServer)) return;
    // Not from within the event: Chromium is still committing the other page.
    setImmediate(() => {
      if (!contents.isDestroyed())
        void contents.loadURL(pageAddress(developmentServer)).catch(() => undefined);
    });
  };
  contents.on('did-navigate', (_event, address) => {
    bringBack(address);
  });
  // What cannot be loaded leaves an error page.
  contents.on('did-fail-load', (_event, code, _description, address, isMainFrame) => {
    if (isMainFrame && code !== aborted) bringBack(address);
  });
}

/**
 * Closes what windows have no need of: network of their own, permissions, other pages, new windows, web views.
 * @param session of the windows
 * @param developmentServer the address of electron-vite's server, or null in a built app
 */
export function lockDown(session: Session, developmentServer: string | null): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => {
    callback(false);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { isMainFrame }) =>
      permission === shownDevices && isMainFrame && isOurAddress(origin, developmentServer),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, callback) => {
    const ours =
      ownSchemes.includes(new URL(details.url).protocol) ||
      (developmentServer !== null && isOurAddress(details.url.replace(/^ws/, 'http'), developmentServer));
    callback({ cancel: !ours });
  });
  if (developmentServer === null) {
    void session.setProxy({ proxyRules: noProxy, proxyBypassRules: '<-loopback>' });
  }
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  app.on('web-contents-created', (_event, contents) => {
    // WebRTC sends UDP past CSP and `webRequest`; only a proxy could let it through.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    if (contents.session === session) keepOnPage(contents, developmentServer);
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
      contents.on(name as 'will-navigate', (event) => {
        if (!isOurPage(event.url, developmentServer)) event.preventDefault();
      });
    }
  });
}
