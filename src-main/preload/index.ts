import { contextBridge, ipcRenderer } from 'electron';

import type { ChannelName, WindowApi } from '../shared/ipc-contract';
import { channelPrefix, ipcContract, snapshotEvent } from '../shared/ipc-contract';
import type { Snapshot } from '../shared/snapshot';

const commands = Object.fromEntries(
  (Object.keys(ipcContract) as ChannelName[]).map((name) => [
    name,
    (args: unknown) => ipcRenderer.invoke(channelPrefix + name, args),
  ]),
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

contextBridge.exposeInMainWorld('reclight', { ...commands, onSnapshot });
