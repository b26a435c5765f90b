import type { Generation } from './api-routes';

/** Whether a call stays inside the company. */
export type TrafficType = 'internal' | 'external';

/** The two names under which generations of the server know the filter of the remote party. */
export type RemotePartyFilter = 'remotePartyNumber' | 'remoteParty';

/** Starts the recording of some calls by itself, in mid-call. */
export interface RecordingRule {
  /** Remote numbers it is for; a trailing `*` stands for any ending. */
  readonly remote: string;
  /** From the connection of the call, in ms. */
  readonly afterMs: number;
}

/** Gives each live recording a new id in mid-call, as a transfer may. */
export interface Renewal {
  /** From the start of the recording, in ms. */
  readonly afterMs: number;
  /** Whether `startedAt` stays that of the first recording. */
  readonly keepStart: boolean;
  /** For how long nothing is listed in between, in ms. */
  readonly gapMs: number;
  /** Whether the part so far becomes a completed recording of its own. */
  readonly leavesPart: boolean;
}

/** How the Call Recording service is set up and doing. Tests change it at will; each value causes what it would. */
export interface ServiceState {
  /** The recording service answers; off gives 504 (500 where the vendor documents no 504). */
  running: boolean;
  /** The database answers; off gives 500 everywhere. */
  databaseUp: boolean;
  licenceValid: boolean;
  /** Licensed channels; live recordings and `channelsInUseElsewhere` share them. */
  channels: number;
  channelsInUseElsewhere: number;
  pilotConfigured: boolean;
  /** The pilot routes calls to the service; only Dial-In needs it. */
  pilotRouted: boolean;
  /** The call manager is set up for media forking; only that mode needs it. */
  forkingConfigured: boolean;
  recordedDirections: 'all' | 'incoming' | 'outgoing';
  recordedTraffic: 'all' | TrafficType;
  /** Remote numbers never recorded; a trailing `*` stands for any ending. */
  blacklist: readonly string[];
  /** Days for which recordings are kept; an upload from before answers 409. */
  retentionDays: number;
  /** The vendor's setting `AllowBasicAuthForSsoUsersViaWebApi`. */
  allowBasicAuthForSsoUsers: boolean;
  /** The vendor's setting `EnableSpeechAnalyticsOptimization`: uploads stay stereo. */
  keepStereo: boolean;
  /** Whether the server answers `Range` on media; the vendor promises nothing, so off by default. */
  honourRange: boolean;

  /** Filter names that are understood; others are ignored, and the list is then unfiltered. */
  remotePartyFilters: readonly RemotePartyFilter[];
  /** 2025: what `pbxInfo` of a recording is. */
  pbxInfo: 'object' | 'text' | 'absent';
  /** How fields without a value come (`preservingUser`, `note`). */
  emptyFields: 'null' | 'absent';
  /** `deviceName` of a start refused with 400 reason 1 where no phone is known. */
  unknownDeviceName: 'text' | 'null' | 'absent';
  /** Guess: `converting` takes numbers for texts, skips a byte order mark, and wants a content type (415). */
  jsonBinding: 'strict' | 'converting';
  /** Guess: `any` takes GUIDs without dashes too. */
  guidForms: 'dashed' | 'any';
  /** Guess: `any` takes basic ISO 8601, short offsets, a comma, hours alone and 24:00 too. */
  isoForms: 'extended' | 'any';
  /** Guess: an upload that starts in the future is 400 reason 1. */
  refusesFutureUploads: boolean;
  /** Whether detail and media answer 504 while the service is down; the vendor lists no such answer. */
  detailNeedsService: boolean;
  /** Whether times end in a real fraction of 100 ns, or in whole milliseconds. */
  timeFractions: '100ns' | 'ms';
  /** How a day or more is written: `PT25H` or `P1DT1H`. */
  longDurations: 'hours' | 'days';
  /** How the duration of a live recording is told. */
  liveDurations: 'exact' | 'whole-seconds' | 'frozen';
  /** Whether a jump of the server's clock dates live recordings anew. */
  redatesLive: boolean;
  /** Whether recordings older than `retentionDays` go by themselves. */
  sweepsRetention: boolean;

  /** Whose a recording is that somebody starts on another's line. */
  ownerOfStart: 'line' | 'caller';
  /** The id in the 201: that of the list, another that can be used as well, or one that nothing else knows. */
  startAnswers: 'live-id' | 'alias' | 'foreign-id';
  /** How that id is written. */
  startIdForm: 'dashed' | 'braces' | 'plain';
  recordingRules: readonly RecordingRule[];
  /** Every so many starts, a recording of a rule runs beside; 0 for never. */
  secondRecordingEvery: number;
  renewal: Renewal | null;
  /** Live Keep: whether a call that is buffered, but not kept, is listed among the active recordings. */
  listsBuffered: boolean;
  /** Live Keep: what a stop during the call does with what was kept. */
  liveKeepStop: 'keep' | 'discard';
  /** Servers behind the one address. */
  nodes: Nodes;
}

/** Several servers that answer in turns; all but the first know less. */
export interface Nodes {
  readonly count: number;
  /** `request`: in turns for each function; `connection`: a connection stays with its server. */
  readonly by: 'request' | 'connection';
  /** `active`: only the first lists live recordings; `commands`: only it stops and pauses them; `list`: see `lagMs`. */
  readonly disagreeOn: readonly ('active' | 'commands' | 'list')[];
  /** How long a recording must have ended before the others list it, in ms. */
  readonly lagMs: number;
}

/** A healthy, fully licensed service of that generation. */
export function createServiceState(generation: Generation = 2024): ServiceState {
  return {
    running: true,
    databaseUp: true,
    licenceValid: true,
    channels: 30,
    channelsInUseElsewhere: 0,
    pilotConfigured: true,
    pilotRouted: true,
    forkingConfigured: true,
    recordedDirections: 'all',
    recordedTraffic: 'all',
    blacklist: [],
    retentionDays: 1825,
    allowBasicAuthForSsoUsers: false,
    keepStereo: false,
    honourRange: false,
    remotePartyFilters: generation === 2025 ? ['remoteParty'] : ['remotePartyNumber'],
    pbxInfo: 'object',
    emptyFields: 'null',
    unknownDeviceName: 'text',
    jsonBinding: 'strict',
    guidForms: 'dashed',
    isoForms: 'extended',
    refusesFutureUploads: false,
    detailNeedsService: false,
    timeFractions: '100ns',
    longDurations: 'hours',
    liveDurations: 'exact',
    redatesLive: false,
    sweepsRetention: false,
    ownerOfStart: 'line',
    startAnswers: 'live-id',
    startIdForm: 'dashed',
    recordingRules: [],
    secondRecordingEvery: 0,
    renewal: null,
    listsBuffered: false,
    liveKeepStop: 'keep',
    nodes: { count: 1, by: 'request', disagreeOn: [], lagMs: 0 },
  };
}

/** How quickly, and whether, a recording's stages follow each other. */
export interface Timing {
  /** Between a start request and the recording being live (and the 201), in ms; a second request gets 429 reason 0. */
  startLatencyMs: number;
  /** For how long a live recording does not yet show among the active ones, in ms. */
  visibleAfterMs: number;
  /** For how long a stopped recording still shows among the active ones, in ms. */
  lingersMs: number;
  /** Between the end of a recording and its place among the completed ones, in ms. */
  processingMs: number;
  /** What becomes of an ended recording: it appears under the same id, under a new one, in two parts, or never. */
  saving: 'same-id' | 'new-id' | 'split' | 'never';
}

export function createTiming(): Timing {
  return { startLatencyMs: 0, visibleAfterMs: 0, lingersMs: 0, processingMs: 300, saving: 'same-id' };
}

/** Whether a remote number is on the blacklist. */
export function isBlacklisted(blacklist: readonly string[], phoneNumber: string): boolean {
  return blacklist.some((entry) =>
    entry.endsWith('*') ? phoneNumber.startsWith(entry.slice(0, -1)) : entry === phoneNumber,
  );
}
