import { contextBridge, ipcRenderer, webFrame } from 'electron';

import type { ChannelName } from '@shared/ipc/contract';
import { channelPrefix, windowEventNames } from '@shared/ipc/names';

/** The contract's own names, put here by the build: its schemas would only delay every page. */
declare const channelNames: readonly ChannelName[];

const commands = Object.fromEntries(
  channelNames.map((name) => [name, (args: unknown) => ipcRenderer.invoke(channelPrefix + name, args)]),
);

const subscribeTo = (event: string) => (listener: (value: unknown) => void) => {
  // The event itself never reaches the window: it would carry ipcRenderer with it.
  const forward = (_event: unknown, value: unknown) => {
    listener(value);
  };
  ipcRenderer.on(channelPrefix + event, forward);
  return () => {
    ipcRenderer.removeListener(channelPrefix + event, forward);
  };
};

const events = Object.fromEntries(
  Object.entries(windowEventNames).map(([name, event]) => [name, subscribeTo(event)]),
);

/** WebRTC resolves the names of its servers past CSP and `webRequest`, and RecLight has no use for it. */
void webFrame.executeJavaScript(
  'for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete globalThis[name];',
);
contextBridge.exposeInMainWorld('reclight', { ...commands, ...events });
