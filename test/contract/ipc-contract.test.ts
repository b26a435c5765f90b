import { inspect } from 'node:util';

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import type { ChannelName } from '@shared/ipc/contract';
import { ipcContract } from '@shared/ipc/contract';
import { channelPrefix, windowEventNames } from '@shared/ipc/names';
import { badArguments } from './bad-arguments';
import { id, line, query, signIn } from './examples';
import { fc } from '../fixtures/seed';

/** Arguments that each channel takes. */
const good: Readonly<Record<ChannelName, readonly unknown[]>> = {
  getSnapshot: [{}],
  signIn: [
    signIn,
    { ...signIn, remember: false, line: { directoryNumber: null, deviceName: null, mode: 'dial-in' } },
    { ...signIn, password: ' ', username: 'CORP\\änna' },
  ],
  signOut: [{}],
  skipKeychain: [{}],
  startRecording: [{}],
  stopRecording: [{}, { id }, { id: id.toUpperCase() }],
  pauseRecording: [{}, { id }],
  resumeRecording: [{}, { id }],
  recordNextCall: [{}],
  cancelWaiting: [{}],
  tryNow: [{}],
  markMoment: [{}],
  dismissError: [{}],
  dismissUnconfirmed: [{ id }],
  dismissWarning: [{ id: 'settings-damaged:settings.damaged-20240131T235959.json' }],
  listRecordings: [
    query,
    { ...query, page: 500, pageSize: 200, ticket: 1 },
    {
      ...query,
      startTime: { operator: 'between', from: 0, to: 1_700_000_000_000 },
      localPartyNumber: '101',
      remotePartyNumber: { operator: 'contains', value: 'contains:+39;\\' },
      direction: 'incoming',
    },
    { ...query, startTime: { operator: 'before', at: 1 } },
    { ...query, remotePartyNumber: { operator: 'equals', value: '+39 02' }, direction: 'unknown' },
  ],
  cancelList: [{ ticket: 1 }, { ticket: 9_007_199_254_740_991 }],
  getRecording: [{ id }, { id, fresh: true }, { id, fresh: false }],
  verifyRecording: [{ id }],
  openServerPage: [{}],
  openMedia: [
    { id, ask: 0 },
    { id: id.toUpperCase(), ask: 9_007_199_254_740_991 },
  ],
  followMedia: [{ id, ticket: 1 }],
  unfollowMedia: [{ ticket: 1 }, { ticket: 9_007_199_254_740_991 }],
  readMedia: [
    { id, first: 0 },
    { id: id.toUpperCase(), first: 54_000_000 },
  ],
  listMarks: [{ id }],
  addMark: [{ id, offsetMs: 0 }],
  labelMark: [
    { id, markId: 1, label: '' },
    { id, markId: 10_000, label: 'x'.repeat(80) },
  ],
  deleteMark: [{ id, markId: 1 }],
  saveRecordings: [{ ids: [id] }, { ids: Array.from({ length: 500 }, () => id.toUpperCase()) }],
  exportList: [
    {},
    { startTime: { operator: 'before', at: 1 }, direction: 'incoming', localPartyNumber: '101' },
    { remotePartyNumber: { operator: 'contains', value: '+39' } },
    { length: {} },
    { length: { from: 0, to: 60_000 } },
  ],
  saveEvidence: [{ ids: [id] }, { ids: Array.from({ length: 50 }, () => id) }],
  pauseSave: [{}, { jobId: 'save-1' }],
  resumeSave: [{}, { jobId: 'save-1' }],
  cancelSave: [{}, { jobId: 'save-1' }],
  undoRemoval: [{ id: 1 }],
  retrySave: [{}, { jobId: 'save-123456789' }],
  clearFinishedSaves: [{}],
  showSavedFile: [{ jobId: 'save-1' }],
  updateSettings: [
    {},
    { line },
    { hotkeys: { record: 'CommandOrControl+Alt+R', stop: null } },
    { notifications: { started: false, 'pause-reminder': true, sounds: true } },
    { appearance: { theme: 'dark', showAtStart: false, startAtLogin: true } },
    { polling: { activeMs: 1_000, visibleMs: 2_000, hiddenMs: 120_000 } },
    { recording: { waitMinutes: 60, autoResumeSeconds: null } },
    { player: { volume: 0, speed: 3, cacheMegabytes: 16 } },
    { keep: { template: '{local} – {direction} {owner}', folder: null } },
  ],
  retryHotkeys: [{}],
  acknowledgeWindowRequest: [{ sequence: 0 }, { sequence: 7 }],
  copyText: [{ text: 'REF-1' }, { text: 'x'.repeat(4_096) }],
  hideWindow: [{}],
  confirmDrawn: [{ drawn: true }, { drawn: false }],
  reportWindowFailure: [
    { part: 'settings', error: 'LoadError' },
    { part: 'window', error: 'other' },
  ],
};

/** What no channel at all takes. */
const never: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  NaN,
  '',
  'x',
  id,
  1n,
  Symbol('x'),
  () => ({}),
  [],
  [{}],
  new Date(0),
  new Map(),
  new Set(),
  new Uint8Array(2),
  new Error('x'),
  /x/u,
  { extra: 1 },
  { extra: undefined },
  JSON.parse('{"__proto__": {}}'),
  JSON.parse('{"__proto__": {"id": 1}, "x": 1}'),
  { constructor: 1 },
  { toString: 1 },
];

const names = Object.keys(ipcContract) as ChannelName[];
const takes = (name: ChannelName, args: unknown) => v.safeParse(ipcContract[name].args, args).success;

describe.each(names)('channel %s', (name) => {
  it.each(good[name].map((args) => [args]))('takes %j', (args) => {
    expect(takes(name, args)).toBe(true);
  });

  it('refuses what no channel takes', () => {
    for (const args of never) expect.soft(takes(name, args), inspect(args)).toBe(false);
  });

  it('refuses its own table of bad arguments', () => {
    const bad = badArguments(name);
    expect(bad.length).toBeGreaterThan(3);
    for (const args of bad) expect.soft(takes(name, args), inspect(args)).toBe(false);
  });

  it('refuses objects of another kind in place of a field', () => {
    for (const args of good[name]) {
      for (const field of Object.keys(args as object)) {
        for (const value of [new Map(), new Set([id]), new Date(0), Object.create({ id }), () => id]) {
          expect.soft(takes(name, { ...(args as object), [field]: value }), field).toBe(false);
        }
      }
    }
  });

  it('refuses a field too many in arguments that are otherwise right', () => {
    for (const args of good[name]) {
      for (const extra of ['extra', 'constructor', 'toString', 'ID', ' id']) {
        expect.soft(takes(name, { ...(args as object), [extra]: 1 }), extra).toBe(false);
      }
    }
  });

  it('answers cyclic and bottomless arguments, rather than to run for ever', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['extra'] = cyclic;
    cyclic['line'] = cyclic;
    expect(takes(name, cyclic)).toBe(false);
    const deep = JSON.parse(`${'{"line":'.repeat(2_000)}{}${'}'.repeat(2_000)}`) as unknown;
    expect(takes(name, deep)).toBe(false);
  });

  it('hands on nothing but fields of its schema', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withDate: true, withNullPrototype: true }), (args) => {
        const checked = v.safeParse(ipcContract[name].args, args);
        if (!checked.success) return;
        const taken = checked.output as object;
        expect(Object.getPrototypeOf(taken)).toBe(Object.prototype);
        expect(Object.keys(taken).every((key) => JSON.stringify(good[name]).includes(key))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the contract', () => {
  it('trims a line, so that a pasted blank is no other line', () => {
    const pasted = { ...signIn, line: { ...line, directoryNumber: ' 101\n' } };
    const checked = v.parse(ipcContract.signIn.args, pasted);
    expect(checked.line.directoryNumber).toBe('101');
  });

  it('takes no prototype along with a line', () => {
    const poisoned: unknown = Object.assign(JSON.parse('{"__proto__": {}}') as object, line);
    expect(takes('updateSettings', { line: poisoned })).toBe(false);
    expect(takes('signIn', { ...signIn, line: poisoned })).toBe(false);
  });

  it('keeps every character of a password', () => {
    const password = '  p4ß "\\\u0000 ';
    expect(v.parse(ipcContract.signIn.args, { ...signIn, password }).password).toBe(password);
  });

  it('has names for the wire that cannot meet those of Electron or of the events', () => {
    expect(channelPrefix).toMatch(/^[a-z]+:$/u);
    for (const name of Object.entries(windowEventNames).flat()) expect(names).not.toContain(name);
  });
});
