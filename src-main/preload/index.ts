import { contextBridge, ipcRenderer, webFrame } from 'electron';

import type { ChannelName, WindowApi } from '@shared/ipc/contract';
import { channelPrefix, snapshotEvent } from '@shared/ipc/names';
import type { Snapshot } from '@shared/ipc/snapshot';

/** The contract's own names, put here by the build: its schemas would only delay every page. */
declare const channelNames: readonly ChannelName[];

const commands = Object.fromEntries(
  channelNames.map((name) => [name, (args: unknown) => ipcRenderer.invoke(channelPrefix + name, args)]),
);

const onSnapshot: WindowApi['onSnapshot'] = (listener) => {
  // The event itself never reaches the window: it would carry ipcRenderer with it.
  const forward = (_event: unknown, snapshot: Snapshot) => {
    listener(snapshot);
  };
  ipcRenderer.on(channelPrefix + snapshotEvent, forward);
  return () => {
    ipcRenderer.removeListener(channelPrefix + snapshotEvent, forward);
  };
};

/** WebRTC resolves the names of its servers past CSP and `webRequest`, and RecLight has no use for it. */
void webFrame.executeJavaScript(
  'for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete globalThis[name];',
);
contextBridge.exposeInMainWorld('reclight', { ...commands, onSnapshot });
