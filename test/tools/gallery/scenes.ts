import { errorCodes, fail, succeed } from '@shared/domain/errors';
import type { CodedError, ErrorCode, Operation } from '@shared/domain/errors';
import { lampStatuses } from '@shared/domain/lamp';
import type { SaveJobView, SaveStatus } from '@shared/domain/saves';
import type {
  RecorderControls,
  RecorderStatus,
  RecorderView,
  SessionView,
  Snapshot,
  WarningView,
} from '@shared/ipc/snapshot';
import type { UiStore } from '../../../src-renderer/services/ui';
import { activeView, guid, recorderView, saveJob, snapshotOf, summary } from '../../fixtures/examples';
import type { FakeAnswers } from '../../fixtures/fake-window-api';

/** One state of the window, or of a part of it. */
export interface Scene {
  /** Unique; what a test and a link find it by. */
  readonly id: string;
  readonly title: string;
  readonly snapshot: Snapshot;
  readonly answers?: FakeAnswers;
  /** What the user has done in this window. */
  readonly act?: (ui: UiStore) => void;
  /** What must be there before the picture is taken: a CSS selector. */
  readonly awaits?: string;
  /** What is pressed then, one after the other: CSS selectors. */
  readonly presses?: readonly string[];
  /** The part of the window that is shown, a CSS selector; left out: the whole window. */
  readonly part?: string;
}

/** Scenes that belong together. */
export interface SceneGroup {
  readonly title: string;
  readonly scenes: readonly Scene[];
}

const session = (changes: Partial<Extract<SessionView, { username: string }>>): SessionView =>
  ({ ...snapshotOf().session, ...changes }) as SessionView;

const signedOut = (error: CodedError | null): SessionView => ({
  status: 'signed-out',
  serverAddress: 'https://recorder.example.com',
  username: 'anna',
  error,
});

/** The line that the examples watch. */
const settings: Snapshot['settings'] = {
  ...snapshotOf().settings,
  line: { directoryNumber: '101', deviceName: null, mode: 'media-forking' },
};

const only = (...controls: readonly (keyof RecorderControls)[]): RecorderControls => {
  const none = Object.keys(recorderView().controls).map((control) => [control, false]);
  return {
    ...(Object.fromEntries(none) as unknown as RecorderControls),
    ...Object.fromEntries(controls.map((control) => [control, true])),
  };
};

const noAnswer: CodedError = { code: 'timeout', operation: 'active', detail: {} };
const refused: CodedError = { code: 'unauthorized', operation: 'sign-in', detail: { status: 401 } };

/** What the recorder shows in each state of the lamp. */
const recorders: Readonly<Record<RecorderStatus, Partial<RecorderView>>> = {
  'signed-out': { controls: only() },
  connecting: { controls: only(), asOfMono: null },
  'not-recording': { controls: only('record', 'recordNextCall') },
  starting: { controls: only() },
  recording: { recordings: [activeView()], controls: only('stop', 'pause', 'markMoment') },
  paused: {
    recordings: [activeView({ isPaused: true, ticking: false })],
    controls: only('stop', 'resume', 'markMoment'),
  },
  stopping: { recordings: [activeView({ ticking: false })], controls: only() },
  waiting: {
    waiting: { untilMono: 541_000, nextTryMono: 6_000 },
    controls: only('cancelWaiting'),
  },
  unknown: {
    unknown: {
      sinceMono: 0,
      error: noAnswer,
      lastKnown: { recording: true, remoteParty: activeView().remoteParty, asOfMono: 0 },
    },
    nextTryMono: 9_000,
    controls: only('tryNow', 'record'),
  },
  'not-visible': {
    controls: only('record', 'recordNextCall'),
    startedHere: null,
  },
  locked: { controls: only() },
};

function lampScene(status: RecorderStatus): Scene {
  const view = recorderView({ status, ...recorders[status] });
  const title = `Lamp: ${status}`;
  const id = `lamp-${status}`;
  if (status === 'signed-out') {
    const snapshot = snapshotOf({ recorder: view, session: signedOut(null) });
    return { id, title, snapshot, part: '.sign-in-head' };
  }
  const state = status === 'locked' ? session({ status: 'locked', error: refused }) : snapshotOf().session;
  return {
    id,
    title,
    snapshot: snapshotOf({ recorder: view, session: state, settings }),
    part: '.recorder',
  };
}

const recorderScenes: readonly Scene[] = [
  {
    id: 'recorder-two',
    title: 'Two recordings, one of a colleague',
    snapshot: snapshotOf({
      settings,
      recorder: recorderView({
        status: 'recording',
        recordings: [
          activeView({ keptFrom: summary().startTime }),
          activeView({ id: guid(2), own: false, startedHere: false, localUsername: 'bea' }),
        ],
        controls: only('stop', 'pause', 'markMoment'),
      }),
    }),
    part: '.recorder',
  },
  {
    id: 'recorder-last-seen',
    title: 'A list lacks the recording',
    snapshot: snapshotOf({
      settings,
      recorder: recorderView({
        status: 'recording',
        recordings: [activeView({ lastSeenMono: 0 })],
        controls: only('stop'),
      }),
    }),
    part: '.recorder',
  },
  {
    id: 'recorder-started-here',
    title: 'Started here, and not visible',
    snapshot: snapshotOf({
      settings,
      recorder: recorderView({
        status: 'not-visible',
        startedHere: { id: guid(1), atMono: 0 },
        controls: only('stop'),
      }),
    }),
    part: '.recorder',
  },
  {
    id: 'recorder-refused',
    title: 'A refused command',
    snapshot: snapshotOf({
      settings,
      recorder: recorderView({
        lastError: {
          error: {
            code: 'no-connected-call',
            operation: 'start',
            detail: { status: 409, reason: 1, directoryNumber: '101' },
          },
          atMono: 0,
        },
      }),
    }),
    part: '.recorder',
  },
];

const warningKinds: Readonly<Record<WarningView['kind'], string | null>> = {
  'settings-damaged': 'settings.damaged-20260302T130205.json',
  'settings-unwritable': 'settings.json',
  'keychain-unavailable': null,
  'keychain-not-cleared': null,
  'state-damaged': 'marks.damaged-20260302T130205.json',
  'state-unwritable': 'recorder.json',
  'file-unreadable': 'saves.json',
  'file-newer': 'marks.json',
  'policy-invalid': 'polling.activeMs',
};

const noticeScenes: readonly Scene[] = [
  ...Object.entries(warningKinds).map(([kind, fileName]): Scene => ({
    id: `warning-${kind}`,
    title: `Warning: ${kind}`,
    snapshot: snapshotOf({ warnings: [{ id: kind, kind: kind as WarningView['kind'], fileName }] }),
    part: '.notices',
  })),
  {
    id: 'notice-unconfirmed',
    title: 'Not found among the recordings',
    snapshot: snapshotOf({
      recorder: recorderView({
        unconfirmed: [
          {
            id: guid(3),
            directoryNumber: '101',
            startedAt: summary().startTime,
            endedAt: summary().startTime + 60_000,
          },
        ],
      }),
    }),
    part: '.notices',
  },
  {
    id: 'notice-undo',
    title: 'Dismissed, with Undo',
    snapshot: snapshotOf({ removals: [{ id: 1, kind: 'unconfirmed', count: 1, recordingId: null }] }),
    part: '.notices',
  },
  {
    id: 'notice-line',
    title: 'A line is suggested',
    snapshot: snapshotOf({ session: session({ suggestedDirectoryNumber: '101' }) }),
    part: '.notices',
  },
  {
    id: 'notice-keychain',
    title: 'The keychain is waited for',
    snapshot: snapshotOf({ session: { status: 'restoring', waitingForKeychain: true } }),
    part: '.keychain-wait',
  },
];

/** What each failure most likely comes from; a start otherwise. */
const operations: readonly (readonly [code: RegExp, operation: Operation])[] = [
  [/^upload-|^outside-retention/, 'upload'],
  [/^keychain-|^refusals-|^(?:unauthorized|locked|signed-out|invalid-(?:address|username))$/, 'sign-in'],
  [/^file-|^folder-|^(?:disk-full|name-too-long)$/, 'file'],
  [/accelerator|^shortcuts-/, 'hotkey'],
  [/^recording-|^invalid-(?:filter|paging|id)$/, 'list'],
  [/^already-paused$|^pause-/, 'pause'],
  [/^not-paused$/, 'resume'],
  [/^(?:automatic-recording|not-a-live-recording|still-recording)$/, 'stop'],
  [/^(?:timeout|connection-|host-|offline|tls-|proxy-|http|redirected|not-this-server)/, 'active'],
];

/** An example of each failure, as the window is told of it. */
export const errorExamples: readonly CodedError[] = errorCodes.map((code: ErrorCode) => ({
  code,
  operation: operations.find(([pattern]) => pattern.test(code))?.[1] ?? 'start',
  detail: {
    directoryNumber: '101',
    deviceName: 'SEP123456789ABC',
    extension: '101',
    username: 'anna',
    host: 'recorder.example.com',
    field: 'duration',
    accelerator: 'Ctrl+Shift+F9',
  },
}));

const rows = [
  summary({ id: guid(1) }),
  summary({ id: guid(2), direction: 'outgoing', remotePartyNumber: '4021', durationMs: 4_000 }),
  summary({ id: guid(3), remotePartyNumber: null, durationMs: 3_905_000, localPartyNumber: '102' }),
];
const list: FakeAnswers = {
  listRecordings: () => succeed({ totalCount: rows.length, recordings: rows }),
};

const listScenes: readonly Scene[] = [
  {
    id: 'list-loading',
    title: 'Loading',
    snapshot: snapshotOf(),
    answers: { listRecordings: () => new Promise(() => undefined) },
    part: '.recordings',
  },
  {
    id: 'list-empty',
    title: 'Empty: no recordings yet',
    snapshot: snapshotOf(),
    awaits: '.recordings-empty',
    part: '.recordings',
  },
  {
    id: 'list-no-match',
    title: 'Empty: no recording matches',
    snapshot: snapshotOf(),
    act: (ui) => {
      ui.getState().setFilters({ remoteNumber: '999' });
    },
    awaits: '.recordings-empty button',
    part: '.recordings',
  },
  {
    id: 'list-failed',
    title: 'The list cannot be had',
    snapshot: snapshotOf(),
    answers: { listRecordings: () => fail('service-down', 'list', { status: 504 }) },
    awaits: '.recordings-error',
    part: '.recordings',
  },
  {
    id: 'list-unreadable',
    title: 'Recordings that cannot be read',
    snapshot: snapshotOf(),
    answers: {
      listRecordings: () => succeed({ totalCount: rows.length + 2, recordings: rows, unreadable: 2 }),
    },
    awaits: '.recordings-scan',
    part: '.recordings',
  },
  {
    id: 'list-rows',
    title: 'Recordings',
    snapshot: snapshotOf({ settings }),
    answers: list,
    awaits: '[role="row"][data-index]',
  },
];

const saveStatuses: Readonly<Record<SaveStatus, Partial<SaveJobView>>> = {
  queued: {},
  downloading: { received: 300_000, size: 900_000, bytesPerSecond: 120_000 },
  paused: { received: 300_000, size: 900_000 },
  verifying: { received: 900_000, size: 900_000 },
  done: { received: 900_000, size: 900_000, verification: 'verified' },
  failed: { error: { code: 'disk-full', operation: 'file', detail: {} } },
  cancelled: {},
};

function saveScene(status: SaveStatus): Scene {
  const job = saveJob({
    id: status,
    recordingId: guid(1),
    fileName: `2026-03-02 14.02 ${status}.mp3`,
    status,
    ...saveStatuses[status],
  });
  const keep = snapshotOf().keep;
  return {
    id: `save-${status}`,
    title: `Save: ${status}`,
    snapshot: snapshotOf({ keep: { ...keep, counts: { ...keep.counts, [status]: 1 }, jobs: [job] } }),
    awaits: '.saving',
    part: '.saving',
  };
}

const progress = { receivedBytes: 0, sizeBytes: 900_000, sound: null } as const;
const play = (ui: UiStore) => {
  ui.getState().play(rows[0] ?? summary());
};

const playerScenes: readonly Scene[] = [
  {
    id: 'player',
    title: 'Player',
    snapshot: snapshotOf({ settings }),
    answers: {
      ...list,
      onMediaProgress: () => ({ ...progress, status: 'downloading', error: null }),
    },
    act: play,
    awaits: '.player-controls',
  },
  {
    id: 'player-tools',
    title: 'Player with its tools',
    snapshot: snapshotOf({ settings }),
    answers: {
      ...list,
      listMarks: () => succeed([{ id: 1, offsetMs: 12_000, label: 'Address' }]),
      onMediaProgress: () => ({ ...progress, status: 'downloading', error: null }),
    },
    act: play,
    awaits: '.player-controls',
    presses: ['.player [aria-label="More controls"]'],
    part: '.player',
  },
  {
    id: 'player-failed',
    title: 'The download failed',
    snapshot: snapshotOf({ settings }),
    answers: {
      onMediaProgress: () => ({
        ...progress,
        status: 'failed',
        error: { code: 'connection-lost', operation: 'download', detail: {} },
      }),
    },
    act: play,
    awaits: '.player .note',
    part: '.player',
  },
];

const detailScenes: readonly Scene[] = [
  {
    id: 'details',
    title: 'Details',
    snapshot: snapshotOf({ settings }),
    answers: {
      ...list,
      getRecording: () =>
        succeed({
          ...(rows[0] ?? summary()),
          pbxCallId: '17-4711',
          owner: {
            username: 'anna',
            firstName: 'Anna',
            lastName: 'Bauer',
            phoneNumber: '101',
            group: 'Sales',
            department: null,
          },
          preservingUser: null,
          note: { owner: null, text: 'Call back on Monday.' },
          sizeBytes: 214_000,
          sha256: 'AB'.repeat(32),
        }),
    },
    act: (ui) => {
      ui.getState().showDetails(rows[0] ?? summary());
    },
    awaits: '[role="dialog"] dl',
  },
  {
    id: 'details-gone',
    title: 'Details of a recording that is gone',
    snapshot: snapshotOf({ settings }),
    answers: list,
    act: (ui) => {
      ui.getState().showDetails(rows[0] ?? summary());
    },
    awaits: '[role="dialog"] .note',
  },
];

const signInScenes: readonly Scene[] = [
  {
    id: 'sign-in',
    title: 'Sign in',
    snapshot: snapshotOf({
      session: { ...signedOut(null), serverAddress: null, username: null } as SessionView,
    }),
  },
  {
    id: 'sign-in-refused',
    title: 'Sign in: refused',
    snapshot: snapshotOf({ session: signedOut(refused) }),
  },
  {
    id: 'sign-in-missing',
    title: 'Sign in: empty fields',
    snapshot: snapshotOf({
      session: { ...signedOut(null), serverAddress: null, username: null } as SessionView,
    }),
    presses: ['.sign-in [type="submit"]'],
  },
  {
    id: 'sign-in-locked',
    title: 'The password was refused',
    snapshot: snapshotOf({
      recorder: recorderView({ status: 'locked', controls: only() }),
      session: session({ status: 'locked', error: refused }),
    }),
  },
];

const tabs = ['account', 'line', 'shortcuts', 'notifications', 'appearance', 'connection', 'about'] as const;

const settingsScenes: readonly Scene[] = tabs.map((tab) => ({
  id: `settings-${tab}`,
  title: `Settings: ${tab}`,
  snapshot: snapshotOf({
    settings,
    managedSettings: ['polling.activeMs'],
    hotkeys: [
      { action: 'record', accelerator: 'CommandOrControl+Shift+F9', registered: true, error: null },
      {
        action: 'stop',
        accelerator: 'CommandOrControl+Shift+F10',
        registered: false,
        error: { code: 'accelerator-taken', operation: 'hotkey', detail: {} },
      },
    ],
  }),
  act: (ui: UiStore) => {
    ui.getState().showSettings(tab);
  },
  awaits: '[role="tabpanel"]',
}));

/** Every state that is drawn as a window or a part of one, in the order of the page. */
export const sceneGroups: readonly SceneGroup[] = [
  { title: 'The lamp and its buttons', scenes: lampStatuses.map(lampScene) },
  { title: 'The recorder beside a failure, or several recordings', scenes: recorderScenes },
  { title: 'Notices', scenes: noticeScenes },
  { title: 'The list, and what it shows when it is empty', scenes: listScenes },
  { title: 'Saves', scenes: (Object.keys(saveStatuses) as SaveStatus[]).map(saveScene) },
  { title: 'Player', scenes: playerScenes },
  { title: 'Details', scenes: detailScenes },
  { title: 'Sign in', scenes: signInScenes },
  { title: 'Settings', scenes: settingsScenes },
];
