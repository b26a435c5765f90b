import type { Session } from 'electron';
import { app } from 'electron';

import { mediaScheme } from '../shared/media';
import { appScheme, isOurAddress } from './origin';

/** Schemes that a window may load from; its network is elsewhere: in the main process. */
const ownSchemes = [`${appScheme}:`, `${mediaScheme}:`, 'devtools:', 'blob:', 'data:'];

/**
 * The one thing a window may do beyond its page: tell loudspeakers from each other, so that one can be chosen for the
 * sound. Chromium asks for it apart from the microphone, whose names stay hidden and whose sound stays refused.
 */
const shownDevices = 'speaker-selection';

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
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
      contents.on(name as 'will-navigate', (event) => {
        if (!isOurAddress(event.url, developmentServer)) event.preventDefault();
      });
    }
  });
}
