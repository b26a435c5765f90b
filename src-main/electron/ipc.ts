import type { IpcMainInvokeEvent } from 'electron';
import { ipcMain } from 'electron';
import * as v from 'valibot';

import type { Result } from '@shared/domain/errors';
import { fail } from '@shared/domain/errors';
import type { ChannelArguments, ChannelName } from '@shared/ipc/contract';
import { ipcContract } from '@shared/ipc/contract';
import { channelPrefix } from '@shared/ipc/names';
import type { Disposable } from '../core/ports/clock';
import type { Log } from '../core/ports/desktop';
import type { WindowCommands } from '../core/window-commands';

/** How far a wrong argument is described: its place, never its value. */
function fieldOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues;
  return first === undefined ? '' : (v.getDotPath(first) ?? '');
}

/**
 * Answers every channel of the contract: sender check → argument schema → command.
 * @param commands what to do
 * @param isOurs whether a message comes from one of our windows
 * @param log told of refused senders and of bugs
 */
export function serveIpc(
  commands: WindowCommands,
  isOurs: (event: IpcMainInvokeEvent) => boolean,
  log: Log,
): Disposable {
  const serve = <Name extends ChannelName>(name: Name): void => {
    ipcMain.handle(channelPrefix + name, async (event, args: unknown): Promise<Result<unknown>> => {
      if (!isOurs(event)) {
        log.write('warn', 'a message from a foreign frame was refused', { channel: name });
        return fail('not-allowed', 'ipc');
      }
      const checked = v.safeParse(ipcContract[name].args, args);
      if (!checked.success) return fail('invalid-argument', 'ipc', { field: fieldOf(checked.issues) });
      try {
        return await commands[name](checked.output as ChannelArguments<Name>);
      } catch (error) {
        log.write('error', 'a command failed', {
          channel: name,
          kind: error instanceof Error ? error.name : typeof error,
        });
        return fail('internal', 'ipc');
      }
    });
  };
  const names = Object.keys(ipcContract) as ChannelName[];
  for (const name of names) serve(name);
  return {
    dispose: () => {
      for (const name of names) ipcMain.removeHandler(channelPrefix + name);
    },
  };
}
