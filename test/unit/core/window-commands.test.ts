import { describe, expect, it } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { ChannelName } from '@shared/ipc/contract';
import { ipcContract } from '@shared/ipc/contract';
import type { WindowCommandServices } from '../../../src-main/core/window-commands';
import { createWindowCommands } from '../../../src-main/core/window-commands';
import { guid } from '../../fixtures/examples';

type Call = readonly [service: string, method: string, ...args: unknown[]];

/** Services of which every function notes its call and answers with its own name. */
function setUp() {
  const calls: Call[] = [];
  const service = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_target, method: string) =>
          (...args: unknown[]) => {
            calls.push([name, method, ...args]);
            return `answer of ${name}.${method}`;
          },
      },
    );
  const services = new Proxy({}, { get: (_target, name: string) => service(name) });
  const commands = createWindowCommands(services as WindowCommandServices);
  const send = (name: ChannelName, args: unknown) => (commands[name] as (args: unknown) => unknown)(args);
  return { calls, commands, send };
}

const id = guid(1);
const signIn = { serverAddress: 'x', username: 'anna', password: 'p', remember: true, line: null };
const query = { page: 0, pageSize: 50 };

/** What each channel asks of whom, and whether its answer is handed on. */
const table: Readonly<
  Partial<
    Record<ChannelName, readonly [args: unknown, call: Call, answered: 'handed-on' | 'wrapped' | 'done']>
  >
> = {
  getSnapshot: [{}, ['state', 'snapshot'], 'wrapped'],
  signIn: [signIn, ['session', 'signIn', signIn], 'handed-on'],
  signOut: [{}, ['session', 'signOut'], 'handed-on'],
  skipKeychain: [{}, ['session', 'skipKeychain'], 'done'],
  startRecording: [{}, ['recorder', 'record'], 'handed-on'],
  stopRecording: [{ id }, ['recorder', 'stop', id], 'handed-on'],
  pauseRecording: [{ id }, ['recorder', 'pause', id], 'handed-on'],
  resumeRecording: [{ id }, ['recorder', 'resumeRecording', id], 'handed-on'],
  recordNextCall: [{}, ['recorder', 'recordNextCall'], 'handed-on'],
  cancelWaiting: [{}, ['recorder', 'cancelWaiting'], 'handed-on'],
  tryNow: [{}, ['recorder', 'tryNow'], 'handed-on'],
  markMoment: [{}, ['recorder', 'markMoment'], 'handed-on'],
  dismissError: [{}, ['recorder', 'dismissError'], 'handed-on'],
  undoRemoval: [{ id: 1 }, ['removals', 'undo', 1], 'handed-on'],
  dismissWarning: [{ id: 'w' }, ['warnings', 'dismiss', 'w'], 'done'],
  listRecordings: [query, ['recordings', 'list', query], 'handed-on'],
  getRecording: [{ id, fresh: true }, ['recordings', 'details', id, true], 'handed-on'],
  openMedia: [{ id, ask: 7 }, ['media', 'open', id, 7], 'done'],
  followMedia: [{ id, ticket: 2 }, ['progress', 'follow', id, 2], 'done'],
  unfollowMedia: [{ ticket: 2 }, ['progress', 'unfollow', 2], 'done'],
  listMarks: [{ id }, ['marks', 'list', id], 'handed-on'],
  addMark: [{ id, offsetMs: 5 }, ['marks', 'add', id, 5], 'handed-on'],
  labelMark: [{ id, markId: 1, label: 'x' }, ['marks', 'label', id, 1, 'x'], 'handed-on'],
  deleteMark: [{ id, markId: 1 }, ['marks', 'remove', id, 1], 'handed-on'],
  updateSettings: [{ player: { volume: 1 } }, ['settings', 'update', { player: { volume: 1 } }], 'handed-on'],
  retryHotkeys: [{}, ['hotkeys', 'retry'], 'done'],
  acknowledgeWindowRequest: [{ sequence: 3 }, ['windowRequests', 'acknowledge', 3], 'done'],
  copyText: [{ text: 'REF-1' }, ['desktop', 'copyText', 'REF-1'], 'done'],
  hideWindow: [{}, ['windows', 'hide'], 'done'],
  confirmDrawn: [{ drawn: false }, ['windows', 'confirmDrawn', false], 'done'],
  reportWindowFailure: [
    { part: 'settings', error: 'LoadError' },
    ['log', 'write', 'error', 'a part of the window failed', { part: 'settings', error: 'LoadError' }],
    'done',
  ],
};

describe('window commands', () => {
  it('answer every channel of the contract, and no other', () => {
    expect(Object.keys(setUp().commands).sort()).toEqual(Object.keys(ipcContract).sort());
  });

  it.each(Object.entries(table))('%s asks the one service it belongs to', (name, [args, call, answered]) => {
    const { calls, send } = setUp();
    const answer = send(name as ChannelName, args);
    expect(calls).toEqual([call]);
    const own = `answer of ${call[0]}.${call[1]}`;
    expect(answer).toEqual(
      answered === 'handed-on' ? own : answered === 'wrapped' ? succeed(own) : succeed(null),
    );
  });

  it('leave it to the recorder which recording is meant where no id is given', () => {
    const { calls, send } = setUp();
    for (const name of ['stopRecording', 'pauseRecording', 'resumeRecording'] as const) send(name, {});
    expect(calls).toEqual([
      ['recorder', 'stop', undefined],
      ['recorder', 'pause', undefined],
      ['recorder', 'resumeRecording', undefined],
    ]);
  });
});
