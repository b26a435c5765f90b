import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const bounds = v.tuple([count, count]);

/** Names of the API's functions, as faults and delays are told which they concern. */
export const routeName = v.picklist([
  'start',
  'stopById',
  'stopByLine',
  'stopMine',
  'active',
  'pause',
  'resume',
  'list',
  'detail',
  'media',
  'upload',
  'login',
  'other',
]);

const renewal = v.strictObject({
  afterMs: count,
  keepStart: v.boolean(),
  gapMs: count,
  leavesPart: v.boolean(),
});

/** `PATCH /service` */
export const servicePatch = v.partial(
  v.strictObject({
    running: v.boolean(),
    databaseUp: v.boolean(),
    licenceValid: v.boolean(),
    channels: count,
    channelsInUseElsewhere: count,
    pilotConfigured: v.boolean(),
    pilotRouted: v.boolean(),
    forkingConfigured: v.boolean(),
    recordedDirections: v.picklist(['all', 'incoming', 'outgoing']),
    recordedTraffic: v.picklist(['all', 'internal', 'external']),
    blacklist: v.array(v.string()),
    retentionDays: count,
    allowBasicAuthForSsoUsers: v.boolean(),
    keepStereo: v.boolean(),
    honourRange: v.boolean(),
    remotePartyFilters: v.array(v.picklist(['remotePartyNumber', 'remoteParty'])),
    pbxInfo: v.picklist(['object', 'text', 'absent']),
    emptyFields: v.picklist(['null', 'absent']),
    unknownDeviceName: v.picklist(['text', 'null', 'absent']),
    jsonBinding: v.picklist(['strict', 'converting']),
    guidForms: v.picklist(['dashed', 'any']),
    isoForms: v.picklist(['extended', 'any']),
    refusesFutureUploads: v.boolean(),
    detailNeedsService: v.boolean(),
    timeFractions: v.picklist(['100ns', 'ms']),
    longDurations: v.picklist(['hours', 'days']),
    liveDurations: v.picklist(['exact', 'whole-seconds', 'frozen']),
    redatesLive: v.boolean(),
    sweepsRetention: v.boolean(),
    ownerOfStart: v.picklist(['line', 'caller']),
    startAnswers: v.picklist(['live-id', 'alias', 'foreign-id']),
    startIdForm: v.picklist(['dashed', 'braces', 'plain']),
    recordingRules: v.array(v.strictObject({ remote: v.string(), afterMs: count })),
    secondRecordingEvery: count,
    renewal: v.nullable(renewal),
    listsBuffered: v.boolean(),
    liveKeepStop: v.picklist(['keep', 'discard']),
    nodes: v.strictObject({
      count: v.pipe(count, v.minValue(1)),
      by: v.picklist(['request', 'connection']),
      disagreeOn: v.array(v.picklist(['active', 'commands', 'list'])),
      lagMs: count,
    }),
  }),
);

/** What becomes of an ended recording. */
export const saving = v.picklist(['same-id', 'new-id', 'split', 'never']);

/** `PATCH /timing` */
export const timingPatch = v.partial(
  v.strictObject({
    startLatencyMs: count,
    visibleAfterMs: count,
    lingersMs: count,
    processingMs: count,
    saving,
  }),
);

/** `PATCH /web` */
export const webPatch = v.partial(
  v.strictObject({
    serverHeader: v.nullable(v.string()),
    poweredBy: v.nullable(v.string()),
    errorStyle: v.picklist(['html', 'json', 'empty']),
    challenges: v.array(v.string()),
    basicCharset: v.picklist(['utf-8', 'iso-8859-1']),
    refusesEvery: count,
    authenticatesFirst: v.boolean(),
    doubledAuthorization: v.picklist(['first', 'refuse']),
    trailingSlash: v.picklist(['refuse', 'ignore']),
    maxQueryLength: v.nullable(count),
    hostNames: v.array(v.string()),
    compress: v.nullable(v.picklist(['gzip', 'br', 'deflate'])),
    compressesMedia: v.boolean(),
    framing: v.picklist(['length', 'chunked', 'closing', 'http-1.0']),
    trailers: v.record(v.string(), v.string()),
    earlyHints: v.boolean(),
    bytesPerSecond: v.nullable(v.pipe(v.number(), v.minValue(1))),
    delays: v.partial(v.strictObject({ ...v.entriesFromList([...routeName.options, 'all'], bounds) })),
    keepAliveMs: count,
    requestsPerConnection: count,
    closesSilentlyAfterMs: v.nullable(count),
    maxConnections: v.nullable(count),
    expectContinue: v.picklist(['answer', 'refuse', 'ignore']),
    expectDelayMs: count,
  }),
);

/** `PATCH /clock` */
export const clockPatch = v.partial(v.strictObject({ skewMs: v.number(), driftPpm: v.number() }));
