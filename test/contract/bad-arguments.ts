import type { ChannelName } from '@shared/ipc/contract';
import { hotkeyActions } from '@shared/ipc/settings';
import { id, line, query, signIn } from './examples';

/** What no channel takes, whatever it is for. */
const badEverywhere: readonly unknown[] = [
  null,
  undefined,
  0,
  '',
  'text',
  true,
  [],
  [{}],
  { unknownField: 1 },
  { __proto__: null, constructor: 'x' },
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
/** Wrong whether the line must be whole or only a part of it changes. */
const badLines: readonly unknown[] = [
  null,
  'x',
  [],
  ...withBad(line, 'directoryNumber', [1, '', '   ', 'x'.repeat(65), {}, ['1']]),
  ...withBad(line, 'deviceName', [1, '', ' ', 'x'.repeat(129), {}, ['1']]),
  ...withBad(line, 'mode', [null, 0, '', 'Dial-In', 'constructor', {}]),
  { ...line, extra: 1 },
];

const noLines: readonly unknown[] = [
  {},
  ...badLines,
  ...without(line, 'directoryNumber', 'deviceName', 'mode'),
];

const badIds = [...withBad({}, 'id', noGuids), { id, more: 1 }];
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
    { 0: id, length: 1 },
  ]),
  ...withBad({}, 'ids', [[id, ''], Array.from({ length: most + 1 }, () => id), [`${id}/Media`]]),
  { ids: [id], folder: '/elsewhere' },
  { ids: [id], jobs: ['save-1'] },
  { ids: [id], fileName: 'x.mp3' },
  { ids: [id], path: '/elsewhere/x.zip' },
  { ids: [id], extra: [] },
];
const badJobIds = [
  ...withBad({}, 'jobId', [
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
    'save-1234567890',
    '../save-1',
  ]),
  { jobId: 'save-1', folder: '/elsewhere' },
];

/** What a channel does not take, apart from {@link badEverywhere}. */
const badForChannel: Readonly<Record<ChannelName, readonly unknown[]>> = {
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
  skipKeychain: [],
  startRecording: [{ id }],
  stopRecording: badIds,
  pauseRecording: badIds,
  resumeRecording: badIds,
  recordNextCall: [{ id }],
  cancelWaiting: [],
  tryNow: [],
  retryHotkeys: [],
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
  openServerPage: [
    { id },
    'https://elsewhere.example',
    { address: 'https://elsewhere.example' },
    { url: 'file:///etc/passwd' },
  ],
  openMedia: [
    {},
    { id },
    { ask: 1 },
    { id, ask: -1 },
    { id, ask: 0.5 },
    { id, ask: '1' },
    { id, ask: null },
    { id, ask: Number.MAX_VALUE },
    { id: '../x', ask: 1 },
    { id, ask: 1, first: 0 },
  ],
  followMedia: [{}, { id }, { ticket: 1 }, { id, ticket: 0 }, { id, ticket: '1' }, { id: '../x', ticket: 1 }],
  unfollowMedia: [{}, { id }, { ticket: 0 }, { ticket: null }, { ticket: 1, id }],
  readMedia: [
    {},
    { id },
    { first: 0 },
    { id, first: -1 },
    { id, first: 0.5 },
    { id, first: '0' },
    { id, first: Number.NaN },
    { id: '../x', first: 0 },
    { id, first: 0, last: 9 },
  ],
  listMarks: [{}, ...badIds],
  addMark: [
    {},
    { id },
    { offsetMs: 0 },
    { id, offsetMs: -1 },
    { id, offsetMs: 0.5 },
    { id, offsetMs: '0' },
    { id, offsetMs: 2_678_400_001 },
    { id: '../x', offsetMs: 0 },
    { id, offsetMs: 0, label: 'x' },
  ],
  labelMark: [
    {},
    { id, markId: 1 },
    { id, markId: 0, label: 'x' },
    { id, markId: '1', label: 'x' },
    { id, markId: 1, label: 1 },
    { id, markId: 1, label: 'x'.repeat(81) },
    { id: 'x', markId: 1, label: 'x' },
  ],
  deleteMark: [{}, { id }, { markId: 1 }, { id, markId: 1.5 }, { id, markId: -1 }, { id: 'x', markId: 1 }],
  saveRecordings: [{}, ...badIdLists(500)],
  exportList: [
    query,
    { ids: [id] },
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
  undoRemoval: [{}, ...withBad({}, 'id', [...noNumbers, 0, -1]), { id: 1, more: 1 }],
  retrySave: badJobIds,
  clearFinishedSaves: [{ jobId: 'save-1' }],
  showSavedFile: [{}, { jobId: undefined }, ...badJobIds],
  updateSettings: [
    { account: { serverAddress: null, username: null, remember: true } },
    { window: null },
    { window: { x: 0, y: 0, width: 1, height: 1 } },
    { version: 1 },
    ...withBad({}, 'line', badLines),
    ...['hotkeys', 'notifications', 'appearance', 'polling', 'recording', 'player', 'keep'].flatMap((group) =>
      withBad({}, group, [null, 1, 'x', [], { extra: 1 }, { constructor: 1 }]),
    ),
    ...hotkeyActions.map((action) => ({ hotkeys: { [action]: '' } })),
    ...hotkeyActions.map((action) => ({ hotkeys: { [action]: 'x'.repeat(65) } })),
    ...hotkeyActions.map((action) => ({ hotkeys: { [action]: 1 } })),
    ...['A', 'Shift+A', 'AltGr+S', 'Ctrl+Nonsense'].map((record) => ({ hotkeys: { record } })),
    { hotkeys: { 'start-or-stop': 'F1' } },
    { hotkeys: { fly: 'Control+F' } },
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
    ...['', 'x', '{}', '{id}', '{start', '{start}}', '{{start}}', '{start}'.repeat(40), 1, null].map(
      (template) => ({
        keep: { template },
      }),
    ),
    ...[15, 1_025, 16.5, NaN].map((cacheMegabytes) => ({ player: { cacheMegabytes } })),
  ],
  acknowledgeWindowRequest: [{}, ...withBad({}, 'sequence', [...noNumbers, -1])],
  copyText: [{}, ...badText({}, 'text', 4_096, false)],
  hideWindow: [],
  confirmDrawn: [{}, ...withBad({}, 'drawn', noBooleans)],
  reportWindowFailure: [
    {},
    ...without({ part: 'window', error: 'Error' }, 'part', 'error'),
    ...withBad({ error: 'Error' }, 'part', [...noTexts, '', 'Settings', 'constructor']),
    ...withBad({ part: 'window' }, 'error', [...noTexts, '', 'No call with +39 02 1234', 'toString']),
    { part: 'window', error: 'Error', message: 'No call with +39 02 1234' },
  ],
};

/**
 * Arguments that a channel must answer with `invalid-argument`: such as a window can be made to send.
 * @param channel of the contract
 */
export function badArguments(channel: ChannelName): readonly unknown[] {
  return [...badEverywhere, ...badForChannel[channel]];
}
