import type { SaveJobView } from '../../src-main/shared/keep';
import type { RecordingSummary } from '../../src-main/shared/recording';
import { emptyKeepView } from '../../src-main/shared/keep';
import { defaultSettings } from '../../src-main/shared/settings';
import type { ActiveRecordingView, RecorderView, Snapshot } from '../../src-main/shared/snapshot';

/** A GUID that ends in a number. */
export function guid(number: number): string {
  return `0f8fad5b-d9cb-469f-a165-${String(number).padStart(12, '0')}`;
}

/** A row of the recordings list. */
export function summary(changes: Partial<RecordingSummary> = {}): RecordingSummary {
  return {
    id: guid(1),
    referenceNumber: 'REF-1',
    startTime: Date.UTC(2026, 2, 2, 13, 2),
    durationMs: 42_000,
    direction: 'incoming',
    ownerUsername: 'anna',
    localPartyNumber: '101',
    remotePartyNumber: '+39 02 1234',
    ...changes,
  };
}

/** A recording that runs. */
export function activeView(changes: Partial<ActiveRecordingView> = {}): ActiveRecordingView {
  return {
    id: guid(1),
    elapsedMs: 42_000,
    anchorMono: 1_000,
    ticking: true,
    isPaused: false,
    remoteParty: { firstName: null, lastName: null, phoneNumber: '+39 02 1234' },
    localUsername: 'anna',
    startedHere: true,
    own: true,
    lastSeenMono: null,
    keptFrom: null,
    ...changes,
  };
}

/** A recorder of a signed-in agent without a call. */
export function recorderView(changes: Partial<RecorderView> = {}): RecorderView {
  return {
    status: 'not-recording',
    recordings: [],
    asOfMono: 1_000,
    unknown: null,
    nextTryMono: null,
    waiting: null,
    startedHere: null,
    lastError: null,
    controls: {
      record: true,
      stop: false,
      pause: false,
      resume: false,
      recordNextCall: true,
      cancelWaiting: false,
      markMoment: false,
      tryNow: false,
    },
    unconfirmed: [],
    ...changes,
  };
}

/** A snapshot of a signed-in agent without a call. */
export function snapshotOf(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 1,
    sentAtMono: 1_000,
    session: {
      status: 'signed-in',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      remembered: true,
      suggestedDirectoryNumber: null,
      error: null,
    },
    recorder: recorderView(),
    hotkeys: [],
    settings: defaultSettings(),
    managedSettings: [],
    recordings: { revision: 1, recent: [] },
    marks: { revision: 1 },
    keep: emptyKeepView(),
    removals: [],
    environment: {
      platform: 'linux',
      appVersion: '0.1.0',
      electronVersion: '33.2.1',
      chromeVersion: '130.0.0.0',
      hasTray: true,
      hasKeychain: true,
      locale: 'en-GB',
    },
    warnings: [],
    intent: null,
    cue: null,
    ...changes,
  };
}

/** A save as the window shows it. @param change what differs from one that has begun just now */
export function saveJob(change: Partial<SaveJobView> = {}): SaveJobView {
  return {
    id: 'save-1',
    kind: 'recording',
    recordingId: null,
    fileName: null,
    status: 'downloading',
    unit: 'bytes',
    received: 0,
    size: null,
    bytesPerSecond: null,
    downloads: 0,
    fromMemory: false,
    unreadable: 0,
    verification: null,
    error: null,
    retryAtMono: null,
    ...change,
  };
}
