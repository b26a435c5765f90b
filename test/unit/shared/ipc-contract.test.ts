import { inspect } from 'node:util';

import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import type { ChannelName } from '../../../src-main/shared/ipc-contract';
import { ipcContract } from '../../../src-main/shared/ipc-contract';
import { channelPrefix, snapshotEvent } from '../../../src-main/shared/ipc-names';
import { hotkeyActions } from '../../../src-main/shared/settings';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };
const signIn = {
  serverAddress: 'https://recorder.example.com',
  username: 'anna',
  password: 'correct horse',
  remember: true,
  line,
};
const query = { page: 0, pageSize: 50 };

/** Arguments that each channel takes. */
const good: Readonly<Record<ChannelName, readonly unknown[]>> = {
  getSnapshot: [{}],
  signIn: [
    signIn,
    { ...signIn, remember: false, line: { directoryNumber: null, deviceName: null, mode: 'dial-in' } },
    { ...signIn, password: ' ', username: 'CORP\\änna' },
  ],
  signOut: [{}],
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
  getMediaProgress: [{ id }],
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
  acknowledgeIntent: [{ sequence: 0 }, { sequence: 7 }],
  copyText: [{ text: 'REF-1' }, { text: 'x'.repeat(4_096) }],
  hideWindow: [{}],
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

const noGuids: readonly unknown[] = [
  '',
  'x',
  id.slice(1),
  `${id}0`,
  ` ${id}`,
  `${id}\n`,
  id.replaceAll('-', ''),
  `{${id}}`,
  id.replace('0', 'g'),
  '../../Recordings',
  `${id}/Media`,
  null,
  1,
  {},
  [id],
  { toString: 1 },
];

const withBad = (base: object, field: string, values: readonly unknown[]) =>
  values.map((value) => ({ ...base, [field]: value }));

const without = (base: object, ...fields: readonly string[]) =>
  fields.map((field) => Object.fromEntries(Object.entries(base).filter(([name]) => name !== field)));

const noTexts = [undefined, null, 1, true, {}, [], ['x']];
const noNumbers = [undefined, null, '1', NaN, Infinity, -Infinity, 0.5, {}, [1], 1n, true];
const noBooleans = [undefined, null, 0, 1, 'true', {}, []];
const noLines: readonly unknown[] = [
  null,
  'x',
  [],
  {},
  ...without(line, 'directoryNumber', 'deviceName', 'mode'),
  ...withBad(line, 'directoryNumber', [1, '', '   ', 'x'.repeat(65), {}, ['1']]),
  ...withBad(line, 'deviceName', [1, '', ' ', 'x'.repeat(129), {}, ['1']]),
  ...withBad(line, 'mode', [null, 0, '', 'Dial-In', 'constructor', {}]),
  { ...line, extra: 1 },
  Object.assign(JSON.parse('{"__proto__": {}}') as object, line),
];

const badIds = withBad({}, 'id', noGuids);
const badText = (base: object, field: string, longest: number, mayBeEmpty: boolean) =>
  withBad(base, field, [...noTexts, 'x'.repeat(longest + 1), ...(mayBeEmpty ? [] : [''])]);

const badIdLists = (most: number) => [
  ...withBad({}, 'ids', [
    undefined,
    null,
    id,
    {},
    [],
    [1],
    [[id]],
    [{ id }],
    [id, null],
    { 0: id },
    new Set([id]),
  ]),
  ...withBad({}, 'ids', [[id, ''], Array.from({ length: most + 1 }, () => id), [`${id}/Media`]]),
  { ids: [id], folder: '/elsewhere' },
  { ids: [id], jobs: ['save-1'] },
  { ids: [id], extra: [] },
];
const badJobIds = withBad({}, 'jobId', [
  null,
  1,
  '',
  id,
  'save-',
  'save-1 ',
  'save-1\n',
  'SAVE-1',
  ['save-1'],
  {},
]);

/** Arguments that each channel refuses, beside {@link never}. */
const bad: Readonly<Record<ChannelName, readonly unknown[]>> = {
  getSnapshot: [],
  signIn: [
    {},
    ...without(signIn, ...Object.keys(signIn)),
    ...badText(signIn, 'serverAddress', 2_048, true),
    ...badText(signIn, 'username', 256, false),
    ...badText(signIn, 'password', 1_024, false),
    ...withBad(signIn, 'remember', noBooleans),
    ...withBad(signIn, 'line', [undefined, ...noLines]),
    { ...signIn, extra: 1 },
  ],
  signOut: [],
  startRecording: [{ id }],
  stopRecording: badIds,
  pauseRecording: badIds,
  resumeRecording: badIds,
  recordNextCall: [{ id }],
  cancelWaiting: [],
  tryNow: [],
  markMoment: [{ label: 'x' }],
  dismissError: [],
  dismissUnconfirmed: [{}, ...badIds],
  dismissWarning: [{}, ...badText({}, 'id', 64, true)],
  listRecordings: [
    {},
    ...without(query, 'page', 'pageSize'),
    ...withBad(query, 'page', [...noNumbers, -1, 10_000_001]),
    ...withBad(query, 'pageSize', [...noNumbers, -1, 0, 201]),
    ...withBad(query, 'ticket', [...noNumbers.filter((bad) => bad !== undefined), -1, 0]),
    ...withBad(query, 'length', [{ from: 1 }]),
    ...withBad(query, 'ownerUsername', ['somebody-else', undefined]),
    ...withBad(query, 'endTime', [{ operator: 'before', at: 1 }]),
    ...withBad(query, 'localPartyNumber', [null, 1, '', 'x'.repeat(129), {}, ['1']]),
    ...withBad(query, 'direction', [null, 1, '', 'Incoming', 'constructor']),
    ...withBad(query, 'remotePartyNumber', [
      null,
      '+39',
      {},
      { operator: 'contains' },
      { value: '+39' },
      { operator: 'startsWith', value: '+39' },
      { operator: 'contains', value: '' },
      { operator: 'contains', value: 39 },
      { operator: 'contains', value: 'x'.repeat(129) },
      { operator: 'contains', value: '+39', extra: 1 },
      { operator: ['contains'], value: '+39' },
      [],
    ]),
    ...withBad(query, 'startTime', [
      null,
      1,
      '2024-01-01',
      new Date(0),
      {},
      { operator: 'before' },
      { operator: 'between', at: 1 },
      { operator: 'between', from: 1 },
      { operator: 'between', from: 1, to: 2, at: 1 },
      { operator: 'before', at: 1, from: 1 },
      { operator: 'before', at: '1' },
      { operator: 'before', at: NaN },
      { operator: 'before', at: -1 },
      { operator: 'before', at: 0.5 },
      { operator: 'before', at: 8_640_000_000_000_001 },
      { operator: 'constructor', at: 1 },
      { operator: 'between', from: 1, to: { at: 1 } },
      { at: 1 },
    ]),
  ],
  cancelList: [{}, ...withBad({ ticket: 1 }, 'ticket', [...noNumbers, -1, 0])],
  getRecording: [
    {},
    ...badIds,
    ...withBad(
      { id },
      'fresh',
      noBooleans.filter((value) => value !== undefined),
    ),
  ],
  verifyRecording: [{}, ...badIds],
  openServerPage: [{ id }, { address: 'https://elsewhere.example' }, { url: 'file:///etc/passwd' }],
  getMediaProgress: [{}, ...badIds],
  readMedia: [
    {},
    { id: id },
    { first: 0 },
    { id: id, first: -1 },
    { id: id, first: 0.5 },
    { id: id, first: '0' },
    { id: id, first: Number.NaN },
    { id: '../x', first: 0 },
    { id: id, first: 0, last: 9 },
  ],
  listMarks: [{}, ...badIds],
  addMark: [
    {},
    { id: id },
    { offsetMs: 0 },
    { id: id, offsetMs: -1 },
    { id: id, offsetMs: 0.5 },
    { id: id, offsetMs: '0' },
    { id: id, offsetMs: 2_678_400_001 },
    { id: '../x', offsetMs: 0 },
    { id: id, offsetMs: 0, label: 'x' },
  ],
  labelMark: [
    {},
    { id: id, markId: 1 },
    { id: id, markId: 0, label: 'x' },
    { id: id, markId: '1', label: 'x' },
    { id: id, markId: 1, label: 1 },
    { id: id, markId: 1, label: 'x'.repeat(81) },
    { id: 'x', markId: 1, label: 'x' },
  ],
  deleteMark: [
    {},
    { id: id },
    { markId: 1 },
    { id: id, markId: 1.5 },
    { id: id, markId: -1 },
    { id: 'x', markId: 1 },
  ],
  saveRecordings: [{}, ...badIdLists(500)],
  exportList: [
    query,
    ...withBad({}, 'page', [0, undefined]),
    ...withBad({}, 'pageSize', [50]),
    ...withBad({}, 'folder', ['/elsewhere', undefined]),
    ...withBad({}, 'length', [null, 1, [], { from: -1 }, { to: '1' }, { from: 0.5 }, { atLeast: 1 }]),
    ...withBad({}, 'ownerUsername', ['somebody-else']),
    ...withBad({}, 'direction', [null, 1, '', 'Incoming', ['incoming']]),
    ...withBad({}, 'startTime', [null, [], { operator: 'between', from: 1 }]),
    ...withBad({}, 'remotePartyNumber', [null, '+39', [], ['contains', '+39']]),
  ],
  saveEvidence: [{}, ...badIdLists(50)],
  pauseSave: badJobIds,
  resumeSave: badJobIds,
  cancelSave: badJobIds,
  retrySave: badJobIds,
  clearFinishedSaves: [{ jobId: 'save-1' }],
  showSavedFile: [{}, { jobId: undefined }, ...badJobIds],
  updateSettings: [
    { account: { serverAddress: null, username: null, remember: true } },
    { window: null },
    { version: 1 },
    ...withBad({}, 'line', noLines),
    ...['hotkeys', 'notifications', 'appearance', 'polling', 'recording', 'player', 'keep'].flatMap((group) =>
      withBad({}, group, [null, 1, 'x', [], { extra: 1 }, { constructor: 1 }, new Map()]),
    ),
    ...hotkeyActions.map((action) => ({ hotkeys: { [action]: '' } })),
    ...hotkeyActions.map((action) => ({ hotkeys: { [action]: 'x'.repeat(65) } })),
    ...hotkeyActions.map((action) => ({ hotkeys: { [action]: 1 } })),
    { hotkeys: { 'start-or-stop': 'F1' } },
    { notifications: { started: 1 } },
    { notifications: { sounds: 'yes' } },
    { appearance: { theme: 'blue' } },
    { appearance: { startAtLogin: 'no' } },
    ...[999, 10_001, 1_500.5, NaN, '2000', null].map((activeMs) => ({ polling: { activeMs } })),
    ...[1_999, 60_001, NaN].map((visibleMs) => ({ polling: { visibleMs } })),
    ...[4_999, 120_001, Infinity].map((hiddenMs) => ({ polling: { hiddenMs } })),
    ...[0, 61, 1.5, NaN, null].map((waitMinutes) => ({ recording: { waitMinutes } })),
    ...[9, 3_601, 10.5, '10'].map((autoResumeSeconds) => ({ recording: { autoResumeSeconds } })),
    ...[-0.01, 1.01, NaN, '1', null].map((volume) => ({ player: { volume } })),
    ...[0.49, 3.01, NaN, Infinity, '1'].map((speed) => ({ player: { speed } })),
    ...['/elsewhere', '', 1].map((folder) => ({ keep: { folder } })),
    ...['', 'x', '{}', '{id}', '{start', '{start}}', '{{start}}', 1, null].map((template) => ({
      keep: { template },
    })),
    ...[15, 1_025, 16.5, NaN].map((cacheMegabytes) => ({ player: { cacheMegabytes } })),
  ],
  acknowledgeIntent: [{}, ...withBad({}, 'sequence', [...noNumbers, -1])],
  copyText: [{}, ...badText({}, 'text', 4_096, false)],
  hideWindow: [],
};

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
    for (const args of bad[name]) expect.soft(takes(name, args), inspect(args)).toBe(false);
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

  it('keeps every character of a password', () => {
    const password = '  p4ß "\\\u0000 ';
    expect(v.parse(ipcContract.signIn.args, { ...signIn, password }).password).toBe(password);
  });

  it('has names for the wire that cannot meet those of Electron or of the one event', () => {
    expect(channelPrefix).toMatch(/^[a-z]+:$/u);
    expect(names).not.toContain(snapshotEvent);
    expect(names).not.toContain('onSnapshot');
  });
});
