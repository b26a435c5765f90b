import type { ElectronApplication } from 'playwright-core';

import type { ChannelName } from '@shared/ipc/contract';

/**
 * Keeps, from now on, a copy of every answer that a window gets over IPC, and of every snapshot that is sent to it.
 * Both are taken in the main process, on their way: the window's own functions cannot be replaced.
 * @returns all of them until now, as `channel answer`
 */
export async function recordTraffic(app: ElectronApplication): Promise<() => Promise<readonly string[]>> {
  const traffic = await app.evaluateHandle(({ BrowserWindow, ipcMain }) => {
    const said: string[] = [];
    const keep = (channel: string, value: unknown) => {
      const bytes = (_key: string, part: unknown) =>
        part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : part;
      said.push(`${channel} ${JSON.stringify(value, bytes)}`);
    };
    type Handler = (...args: unknown[]) => unknown;
    // Electron's own table: there is no public way to what handles a channel.
    const handlers = (ipcMain as unknown as { readonly _invokeHandlers: Map<string, Handler> })
      ._invokeHandlers;
    for (const [channel, handler] of [...handlers]) {
      handlers.set(channel, async (...args) => {
        const answer = await handler(...args);
        keep(channel, answer);
        return answer;
      });
    }
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      const send = webContents.send.bind(webContents);
      webContents.send = (channel, ...args: unknown[]) => {
        keep(channel, args);
        send(channel, ...args);
      };
    }
    return said;
  });
  return () => traffic.jsonValue();
}

/** Who sends a message, as far as it is looked at. */
export interface Sender {
  /** Whether it is the window of RecLight. */
  readonly isKnown: boolean;
  /** Null: gone before it could be asked. */
  readonly frame: { readonly url: string; readonly isInside: boolean } | null;
}

/** What each channel answers to a sender who asks for nothing that it takes. */
export async function askAs(
  app: ElectronApplication,
  { isKnown, frame }: Sender,
  channels: readonly ChannelName[],
): Promise<Readonly<Record<string, unknown>>> {
  return app.evaluate(
    async ({ BrowserWindow, ipcMain }, [known, sent, names]) => {
      type Handler = (event: unknown, args: unknown) => Promise<unknown>;
      const handlers = (ipcMain as unknown as { readonly _invokeHandlers: Map<string, Handler> })
        ._invokeHandlers;
      const sender = known ? BrowserWindow.getAllWindows()[0]?.webContents : {};
      const senderFrame = sent === null ? null : { url: sent.url, parent: sent.isInside ? {} : null };
      const answers: Record<string, unknown> = {};
      for (const name of names) {
        answers[name] = await handlers.get(`reclight:${name}`)?.({ sender, senderFrame }, null);
      }
      return answers;
    },
    [isKnown, frame, channels] as const,
  );
}
