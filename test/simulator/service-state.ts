/** Whether a call stays inside the company. */
export type TrafficType = 'internal' | 'external';

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
}

/** A healthy, fully licensed service. */
export function createServiceState(): ServiceState {
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
  };
}

/** How quickly, and whether, a recording's stages follow each other. */
export interface Timing {
  /** Between a start request and the recording being live (and the 201), in ms; a second request gets 429 reason 0. */
  startLatencyMs: number;
  /** For how long a live recording does not yet show among the active ones, in ms. */
  visibleAfterMs: number;
  /** Between the end of a recording and its place among the completed ones, in ms. */
  processingMs: number;
  /** What becomes of an ended recording: it appears under the same id, under a new one, or never. */
  saving: 'same-id' | 'new-id' | 'never';
}

export function createTiming(): Timing {
  return { startLatencyMs: 0, visibleAfterMs: 0, processingMs: 300, saving: 'same-id' };
}

/** Whether a remote number is on the blacklist. */
export function isBlacklisted(blacklist: readonly string[], phoneNumber: string): boolean {
  return blacklist.some((entry) =>
    entry.endsWith('*') ? phoneNumber.startsWith(entry.slice(0, -1)) : entry === phoneNumber,
  );
}
