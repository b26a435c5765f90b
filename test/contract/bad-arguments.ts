import type { ChannelName } from '../../src-main/shared/ipc-contract';

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

const guid = '75a90276-e47e-4e9e-b463-e3c743d5ff3a';
const badIds: readonly unknown[] = [
  { id: '' },
  { id: 1 },
  { id: null },
  { id: 'not-a-guid' },
  { id: `${guid}/../x` },
  { id: guid, more: 1 },
  { id: [guid] },
];

const badJobIds: readonly unknown[] = [
  { jobId: '' },
  { jobId: 1 },
  { jobId: null },
  { jobId: 'save-' },
  { jobId: 'save-1\n' },
  { jobId: 'save-1234567890' },
  { jobId: '../save-1' },
  { jobId: ['save-1'] },
  { jobId: 'save-1', folder: '/tmp' },
];

const line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };
const account = { serverAddress: 'https://x.example', username: 'u', password: 'p', remember: false, line };

/** What a channel does not take, apart from {@link badEverywhere}. */
const badForChannel: Readonly<Record<ChannelName, readonly unknown[]>> = {
  getSnapshot: [],
  signIn: [
    {},
    { ...account, password: '' },
    { ...account, username: '' },
    { ...account, username: 'u'.repeat(257) },
    { ...account, password: 'p'.repeat(1_025) },
    { ...account, serverAddress: 1 },
    { ...account, remember: 'yes' },
    { ...account, line: null },
    { ...account, line: { ...line, mode: 'tape' } },
    { ...account, line: { ...line, directoryNumber: '1'.repeat(65) } },
    { ...account, more: true },
  ],
  signOut: [],
  startRecording: [],
  stopRecording: badIds.slice(0, -1),
  pauseRecording: badIds,
  resumeRecording: badIds,
  recordNextCall: [],
  cancelWaiting: [],
  tryNow: [],
  markMoment: [],
  dismissError: [],
  dismissUnconfirmed: [{}, ...badIds],
  dismissWarning: [{}, { id: 1 }, { id: 'x'.repeat(65) }],
  listRecordings: [
    {},
    { page: 0 },
    { page: -1, pageSize: 50 },
    { page: 0.5, pageSize: 50 },
    { page: 0, pageSize: 0 },
    { page: 0, pageSize: 201 },
    { page: 0, pageSize: Number.NaN },
    { page: '0', pageSize: 50 },
    { page: 0, pageSize: 50, ownerUsername: 'somebody.else' },
    { page: 0, pageSize: 50, direction: 3 },
    { page: 0, pageSize: 50, direction: 'sideways' },
    { page: 0, pageSize: 50, remotePartyNumber: '+39' },
    { page: 0, pageSize: 50, remotePartyNumber: { operator: 'like', value: '1' } },
    { page: 0, pageSize: 50, remotePartyNumber: { operator: 'equals', value: '' } },
    { page: 0, pageSize: 50, startTime: { operator: 'between', from: 1 } },
    { page: 0, pageSize: 50, startTime: { operator: 'after', at: '2018' } },
    { page: 0, pageSize: 50, startTime: { operator: 'after', at: Number.POSITIVE_INFINITY } },
  ],
  getRecording: [{}, ...badIds],
  getMediaProgress: [{}, ...badIds],
  saveRecordings: [
    {},
    { ids: [] },
    { ids: guid },
    { ids: [1] },
    { ids: ['../x'] },
    { ids: [guid, [guid]] },
    { ids: { 0: guid, length: 1 } },
    { ids: Array.from({ length: 501 }, () => guid) },
    { ids: [guid], folder: '/tmp' },
    { ids: [guid], fileName: 'x.mp3' },
  ],
  exportList: [
    { page: 0 },
    { pageSize: 50 },
    { ids: [guid] },
    { folder: '/tmp' },
    { ownerUsername: 'somebody.else' },
    { direction: 'sideways' },
    { startTime: { operator: 'between', from: 1 } },
  ],
  saveEvidence: [
    {},
    { ids: [] },
    { ids: ['x'] },
    { ids: [{ id: guid }] },
    { ids: Array.from({ length: 51 }, () => guid) },
    { ids: [guid], path: '/tmp/x.zip' },
  ],
  pauseSave: badJobIds,
  resumeSave: badJobIds,
  cancelSave: badJobIds,
  retrySave: badJobIds,
  clearFinishedSaves: [{ jobId: 'save-1' }],
  showSavedFile: [{}, ...badJobIds],
  updateSettings: [
    { account: { serverAddress: 'https://evil.example' } },
    { line: { directoryNumber: 5 } },
    { hotkeys: { record: '' } },
    { hotkeys: { record: 'x'.repeat(65) } },
    { hotkeys: { fly: 'Control+F' } },
    { notifications: { started: 'yes' } },
    { appearance: { theme: 'pink' } },
    { polling: { activeMs: 1 } },
    { polling: { hiddenMs: 1e9 } },
    { recording: { waitMinutes: 0 } },
    { player: { volume: 2 } },
    { keep: { folder: '/tmp' } },
    { keep: { template: 'no placeholder' } },
    { keep: { template: '{start}'.repeat(40) } },
    { player: { speed: Number.NaN } },
    { window: { x: 0, y: 0, width: 1, height: 1 } },
    { version: 2 },
  ],
  acknowledgeIntent: [{}, { sequence: -1 }, { sequence: 1.5 }, { sequence: '1' }],
  copyText: [{}, { text: '' }, { text: 1 }, { text: 'x'.repeat(4_097) }],
  hideWindow: [],
};

/**
 * Arguments that a channel must answer with `invalid-argument`.
 * @param channel of the contract
 */
export function badArguments(channel: ChannelName): readonly unknown[] {
  return [...badEverywhere, ...badForChannel[channel]];
}
