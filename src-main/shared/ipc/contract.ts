import * as v from 'valibot';

import type { Result } from '../domain/errors';
import type { QueuedSaves, SaveVerification } from '../domain/saves';
import type { MarkView } from '../domain/marks';
import type { FollowedProgress, MediaPiece } from '../domain/media';
import { maxMarkLabelLength } from '../domain/marks';
import type { RecordingDetails, RecordingsPage } from '../domain/recording';
import { lineArgumentsSchema, settingsPatchSchema } from './settings';
import type { Snapshot } from './snapshot';
import type { windowEventNames } from './names';
import { windowErrorNames, windowParts } from './window-failure';

const nothing = v.strictObject({});
const guid = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'not a GUID'),
);
const instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8_640_000_000_000_000));
const markId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** ms; no recording is longer than a month. */
const markOffset = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_678_400_000));
const optionalGuid = v.strictObject({ id: v.optional(guid) });

const timeFilter = v.variant('operator', [
  v.strictObject({ operator: v.picklist(['equals', 'before', 'after']), at: instant }),
  v.strictObject({ operator: v.literal('between'), from: instant, to: instant }),
]);

/** Which recordings, each named once or more often. */
const recordingIds = (most: number) =>
  v.strictObject({ ids: v.pipe(v.array(guid), v.minLength(1), v.maxLength(most)) });
const jobId = v.pipe(v.string(), v.regex(/^save-\d{1,9}$/, 'not a save'));
const saveChoice = v.strictObject({ jobId: v.optional(jobId) });

/**
 * What a window asks of the recordings list (API reference §3). The owner is not among it: the main process adds
 * the signed-in user, so that a window can list only the user's own recordings.
 */
const filterArguments = v.strictObject({
  startTime: v.optional(timeFilter),
  localPartyNumber: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(128))),
  remotePartyNumber: v.optional(
    v.strictObject({
      operator: v.picklist(['equals', 'contains']),
      value: v.pipe(v.string(), v.nonEmpty(), v.maxLength(128)),
    }),
  ),
  direction: v.optional(v.picklist(['unknown', 'incoming', 'outgoing'])),
});

/** ms; see {@link LengthFilter}. */
const length = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const exportArguments = v.strictObject({
  ...filterArguments.entries,
  length: v.optional(v.strictObject({ from: v.optional(length), to: v.optional(length) })),
  /** The remote number in any spelling; the server is asked for `remotePartyNumber`. */
  number: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(128))),
});

/** By which a window knows what it asked for. */
const ticket = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const listArguments = v.strictObject({
  /** 0-based. */
  page: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000)),
  pageSize: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
  ticket: v.optional(ticket),
  ...filterArguments.entries,
});

const signInArguments = v.strictObject({
  serverAddress: v.pipe(v.string(), v.maxLength(2_048)),
  username: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
  password: v.pipe(v.string(), v.nonEmpty(), v.maxLength(1_024)),
  remember: v.boolean(),
  line: lineArgumentsSchema,
});

/** No channel takes objects within objects within objects within objects. */
const maxArgumentDepth = 3;

/**
 * Whether a value holds nothing but plain objects and primitive values: an array, a date or a map would pass for an
 * object without fields.
 */
function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= maxArgumentDepth || Object.prototype.toString.call(value) !== '[object Object]') return false;
  return Object.values(value).every((part) => isPlain(part, depth + 1));
}

/** The same, but for fields that are lists of primitive values: their schema knows them for lists. */
function isPlainBut(lists: readonly string[], value: unknown): boolean {
  if (lists.length === 0 || typeof value !== 'object' || value === null) return isPlain(value);
  const isFlat = (field: unknown) =>
    Array.isArray(field) && field.every((part) => isPlain(part, maxArgumentDepth));
  const rest = Object.entries(value).filter(([name, field]) => !(lists.includes(name) && isFlat(field)));
  return Object.prototype.toString.call(value) === '[object Object]' && isPlain(Object.fromEntries(rest));
}

/**
 * Marks a channel with its result; the marker exists for the type only.
 * @param args what a window sends; everything else is answered with `invalid-argument`
 * @param lists the fields that are lists
 */
function channel<Value>() {
  return <Schema extends v.GenericSchema>(
    args: Schema,
    lists: readonly string[] = [],
  ): ChannelDefinition<Schema, Value> => ({
    args: v.pipe(
      v.unknown(),
      v.check((value) => isPlainBut(lists, value), 'not a plain object'),
      args,
    ),
  });
}

/** One channel: the schema of its arguments, and (as a type only) its result. */
export interface ChannelDefinition<Schema extends v.GenericSchema, Value> {
  readonly args: v.GenericSchema<unknown, v.InferOutput<Schema>>;
  readonly value?: Value;
}

/**
 * Every channel between a window and the main process, once. Handlers, the window API, mocks and the contract test
 * derive from it. Each takes one object and answers a {@link Result}; a command answers *accepted*, and what came of
 * it arrives in a snapshot.
 */
export const ipcContract = {
  getSnapshot: channel<Snapshot>()(nothing),

  /** Rejected: `invalid-address`, `host-not-found`, `unauthorized` …; the form knows beside which field each stands. */
  signIn: channel<null>()(signInArguments),
  signOut: channel<null>()(nothing),
  /** While the keychain is waited for at the start: the form instead. */
  skipKeychain: channel<null>()(nothing),

  startRecording: channel<null>()(nothing),
  /** Without an id: the only active recording, or the one this RecLight started. */
  stopRecording: channel<null>()(optionalGuid),
  pauseRecording: channel<null>()(optionalGuid),
  resumeRecording: channel<null>()(optionalGuid),
  recordNextCall: channel<null>()(nothing),
  cancelWaiting: channel<null>()(nothing),
  tryNow: channel<null>()(nothing),
  markMoment: channel<null>()(nothing),
  dismissError: channel<null>()(nothing),
  dismissUnconfirmed: channel<null>()(v.strictObject({ id: guid })),
  dismissWarning: channel<null>()(v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)) })),

  /** With a ticket it can be cancelled; it then answers `cancelled`. */
  listRecordings: channel<RecordingsPage>()(listArguments),
  /** Cancels that list: requests that were not sent yet are dropped. */
  cancelList: channel<null>()(v.strictObject({ ticket })),
  /** From memory where it was asked for before, unless `fresh` asks the server again. */
  getRecording: channel<RecordingDetails>()(v.strictObject({ id: guid, fresh: v.optional(v.boolean()) })),
  /** Whether the audio in memory has the hash that the server tells; null where it cannot be said. Downloads nothing. */
  verifyRecording: channel<SaveVerification | null>()(v.strictObject({ id: guid })),
  /** The web page of the server that one is signed in to, in the user's own browser. */
  openServerPage: channel<null>()(nothing),
  /**
   * Asks the server for a recording's audio, as `media://recording/{id}?ask={ask}` does: said first, the answer is on its
   * way while the player still makes itself ready. What is in memory or on its way is not asked for again.
   */
  openMedia: channel<null>()(
    v.strictObject({ id: guid, ask: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  ),
  /**
   * Pushes how far that audio has come, and why it failed, by `onMediaProgress`: at once, and with each change until it is
   * whole or has failed. One recording is followed at a time, the latest. Downloads nothing.
   */
  followMedia: channel<null>()(v.strictObject({ id: guid, ticket })),
  /** Ends that; nothing where another one is followed meanwhile. */
  unfollowMedia: channel<null>()(v.strictObject({ ticket })),
  /**
   * Bytes of that audio from `first` on, for its waveform: what is there, else the next that arrives. Downloads
   * nothing.
   */
  readMedia: channel<MediaPiece>()(
    v.strictObject({
      id: guid,
      first: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    }),
  ),

  /** The marks of a recording, by offset; the three that follow answer them as they then are. */
  listMarks: channel<readonly MarkView[]>()(v.strictObject({ id: guid })),
  addMark: channel<readonly MarkView[]>()(v.strictObject({ id: guid, offsetMs: markOffset })),
  labelMark: channel<readonly MarkView[]>()(
    v.strictObject({ id: guid, markId, label: v.pipe(v.string(), v.maxLength(maxMarkLabelLength)) }),
  ),
  deleteMark: channel<readonly MarkView[]>()(v.strictObject({ id: guid, markId })),

  /**
   * *Save as…*: the OS asks where, then the saves are queued; how they fare is in `Snapshot.keep`. Answers 0 where the
   * user closed the dialog, `busy` while another one is open.
   */
  saveRecordings: channel<QueuedSaves>()(recordingIds(500), ['ids']),
  /** *Export list*: everything that the filter finds, as CSV. */
  exportList: channel<QueuedSaves>()(exportArguments),
  /** *Evidence package*: a ZIP with hashes and a summary. */
  saveEvidence: channel<QueuedSaves>()(recordingIds(50), ['ids']),
  /** Without an id, here and below: every save of which it can be said. */
  pauseSave: channel<null>()(saveChoice),
  resumeSave: channel<null>()(saveChoice),
  /** Can be undone for a moment, see `Snapshot.removals`; so can `deleteMark` and `dismissUnconfirmed`. */
  cancelSave: channel<null>()(saveChoice),
  /** Without an id: all that failed. */
  retrySave: channel<null>()(saveChoice),
  clearFinishedSaves: channel<null>()(nothing),
  /** In the OS's file manager; only of a save that is done. */
  showSavedFile: channel<null>()(v.strictObject({ jobId })),

  undoRemoval: channel<null>()(v.strictObject({ id: ticket })),

  updateSettings: channel<null>()(settingsPatchSchema),
  /** The editor of shortcuts is open: what another program had may be free now. */
  retryHotkeys: channel<null>()(nothing),
  acknowledgeWindowRequest: channel<null>()(
    v.strictObject({ sequence: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  ),
  copyText: channel<null>()(v.strictObject({ text: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4_096)) })),
  hideWindow: channel<null>()(nothing),

  /** The answer of a page to a snapshot: whether the window shows anything. */
  confirmDrawn: channel<null>()(v.strictObject({ drawn: v.boolean() })),
  /** A part of the window could not be drawn or loaded; written to the log. */
  reportWindowFailure: channel<null>()(
    v.strictObject({ part: v.picklist(windowParts), error: v.picklist(windowErrorNames) }),
  ),
} as const;

/** See {@link ipcContract}. */
export type IpcContract = typeof ipcContract;

/** The name of a channel. */
export type ChannelName = keyof IpcContract;

/** What a window sends on a channel. */
export type ChannelArguments<Name extends ChannelName> = v.InferOutput<IpcContract[Name]['args']>;

/** What a channel answers when it succeeds. */
export type ChannelValue<Name extends ChannelName> =
  NonNullable<IpcContract[Name]['value']> extends never
    ? null
    : Exclude<IpcContract[Name]['value'], undefined>;

/** What the main process sends to windows without being asked. */
export interface WindowEvents {
  /** Every new snapshot. */
  readonly onSnapshot: Snapshot;
  /** See `followMedia`. */
  readonly onMediaProgress: FollowedProgress;
}

/** The name of a window's function that listens to an event. */
export type WindowEventName = keyof typeof windowEventNames & keyof WindowEvents;

/** What a window finds as `window.reclight`: a named function a channel, and one an event. */
export type WindowApi = {
  readonly [Name in ChannelName]: (args: ChannelArguments<Name>) => Promise<Result<ChannelValue<Name>>>;
} & {
  /**
   * Calls the listener with every such event.
   * @returns a function that ends the subscription
   */
  readonly [Name in WindowEventName]: (listener: (value: WindowEvents[Name]) => void) => () => void;
};
