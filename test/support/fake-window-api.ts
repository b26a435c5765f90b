import * as v from 'valibot';

import { fail, succeed, type Result } from '../../src-main/shared/errors';
import {
  ipcContract,
  type ChannelArguments,
  type ChannelName,
  type ChannelValue,
  type WindowApi,
} from '../../src-main/shared/ipc-contract';
import type { Snapshot } from '../../src-main/shared/snapshot';

/** How a test answers a channel. */
export type FakeAnswers = {
  readonly [Name in ChannelName]?: (
    args: ChannelArguments<Name>,
  ) => Result<ChannelValue<Name>> | Promise<Result<ChannelValue<Name>>>;
};

/** A call that a window made. */
export interface RecordedCall {
  readonly channel: ChannelName;
  readonly args: unknown;
}

/** A main process of which a test pulls the strings. */
export interface FakeWindowApi {
  /** What a window finds as `window.reclight`. */
  readonly api: WindowApi;
  readonly calls: readonly RecordedCall[];
  /** The arguments of every call on one channel, oldest first. */
  callsOf<Name extends ChannelName>(channel: Name): readonly ChannelArguments<Name>[];
  /** Answers a channel from now on; a command answers `null` unless told otherwise. */
  answer<Name extends ChannelName>(channel: Name, with_: FakeAnswers[Name]): void;
  /** Sends a snapshot to every window, and answers pulls with it. */
  send(snapshot: Snapshot): void;
  /** Windows that listen. */
  listeners(): number;
}

/**
 * A fake of `window.reclight`, made from the contract: every channel is there, and refuses what the real one refuses.
 * @param first answered to the first pull
 * @param answers of channels that need one
 */
export function createFakeWindowApi(first: Snapshot, answers: FakeAnswers = {}): FakeWindowApi {
  let current = first;
  const calls: RecordedCall[] = [];
  const subscribers = new Set<(snapshot: Snapshot) => void>();
  const given = new Map<ChannelName, (args: never) => unknown>(
    Object.entries(answers) as [ChannelName, (args: never) => unknown][],
  );
  const call = async (channel: ChannelName, args: unknown): Promise<unknown> => {
    calls.push({ channel, args });
    const parsed = v.safeParse(ipcContract[channel].args, args);
    if (!parsed.success) {
      return fail('invalid-argument', 'ipc', { field: v.getDotPath(parsed.issues[0]) ?? 'arguments' });
    }
    const answer = given.get(channel);
    if (answer !== undefined) return answer(parsed.output as never);
    if (channel === 'getSnapshot') return succeed(current);
    if (channel === 'listRecordings') return succeed({ totalCount: 0, recordings: [] });
    if (channel === 'getRecording') return fail('recording-not-found', 'details');
    if (channel === 'getMediaProgress') {
      return succeed({ status: 'absent', receivedBytes: 0, sizeBytes: null, error: null, sound: null });
    }
    if (/Marks?$/.test(channel)) return succeed([]);
    if (channel === 'readMedia') return succeed({ bytes: new Uint8Array(0) });
    return succeed(null);
  };
  const channels = Object.keys(ipcContract) as ChannelName[];
  const functions = Object.fromEntries(
    channels.map((channel) => [channel, (args: unknown) => call(channel, args)]),
  );
  return {
    api: {
      ...functions,
      onSnapshot: (listener: (snapshot: Snapshot) => void) => {
        subscribers.add(listener);
        return () => {
          subscribers.delete(listener);
        };
      },
    } as WindowApi,
    calls,
    callsOf: <Name extends ChannelName>(channel: Name) =>
      calls.filter((made) => made.channel === channel).map(({ args }) => args as ChannelArguments<Name>),
    answer: (channel, with_) => {
      if (with_ !== undefined) given.set(channel, with_ as (args: never) => unknown);
    },
    send: (snapshot) => {
      current = snapshot;
      for (const subscriber of [...subscribers]) subscriber(snapshot);
    },
    listeners: () => subscribers.size,
  };
}
