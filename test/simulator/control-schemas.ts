import * as v from 'valibot';

const directions = v.picklist([0, 1, 2]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const routeName = v.picklist([
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
  }),
);

const saving = v.picklist(['same-id', 'new-id', 'never']);

/** `PATCH /timing` */
export const timingPatch = v.partial(
  v.strictObject({ startLatencyMs: count, visibleAfterMs: count, processingMs: count, saving }),
);

/** `PATCH /clock` */
export const clockPatch = v.strictObject({ skewMs: v.number() });

const accountFields = {
  password: v.string(),
  firstName: v.string(),
  lastName: v.string(),
  extensions: v.array(v.string()),
  numericUserId: v.string(),
  group: v.string(),
  department: v.string(),
  level: v.picklist([0, 2, 10]),
  sso: v.boolean(),
  recordable: v.boolean(),
  rightsOver: v.union([v.literal('everyone'), v.array(v.string())]),
};

/** `PATCH /accounts/{username}` */
export const accountPatch = v.partial(v.strictObject(accountFields));

/** `POST /accounts` */
export const newAccount = v.partial(v.strictObject({ ...accountFields, username: v.string() }), [
  'firstName',
  'lastName',
  'extensions',
  'numericUserId',
  'group',
  'department',
  'level',
  'sso',
  'recordable',
  'rightsOver',
]);

const deviceFields = {
  lines: v.array(v.string()),
  monitorable: v.boolean(),
  recordingMode: v.picklist(['manual', 'automatic']),
};

/** `PATCH /devices/{name}` */
export const devicePatch = v.partial(v.strictObject(deviceFields));

/** `POST /devices` */
export const newDevice = v.strictObject({ ...deviceFields, name: v.string() });

/** `POST /lines` */
export const newLine = v.strictObject({ directoryNumber: v.string(), username: v.nullable(v.string()) });

/** `POST /calls` */
export const newCall = v.partial(
  v.strictObject({
    directoryNumber: v.nullable(v.string()),
    deviceName: v.string(),
    remote: v.partial(
      v.strictObject({ phoneNumber: v.string(), firstName: v.string(), lastName: v.string() }),
      ['firstName', 'lastName'],
    ),
    direction: directions,
    trafficType: v.picklist(['internal', 'external']),
  }),
);

/** `DELETE /calls/{id}` */
export const callEnd = v.partial(v.strictObject({ saving }));

/** `POST /live` */
export const newLive = v.partial(
  v.strictObject({ directoryNumber: v.string(), by: v.string(), mode: v.picklist([0, 1]) }),
  ['by', 'mode'],
);

/** `PATCH /recordings/{id}/media` */
export const mediaPatch = v.partial(
  v.strictObject({
    voice: v.picklist(['speech', 'stereo', 'vbr', 'vbr-bare', 'narrow', 'narrow-stereo']),
    exactBytes: count,
    damagedEvery: v.pipe(v.number(), v.integer(), v.minValue(1)),
    truncateAt: count,
    contentType: v.string(),
    bytesPerSecond: v.pipe(v.number(), v.minValue(1)),
    honourRange: v.boolean(),
    framing: v.picklist(['length', 'chunked', 'closing']),
  }),
);

/** `POST /recordings` */
export const newRecording = v.partial(
  v.strictObject({
    id: v.string(),
    referenceNumber: v.string(),
    startMs: v.number(),
    durationMs: v.number(),
    direction: directions,
    ownerUsername: v.string(),
    localPartyNumber: v.string(),
    remotePartyNumber: v.string(),
    pbxCallId: v.string(),
    note: v.nullable(v.strictObject({ ownerUsername: v.string(), text: v.string() })),
    preservedBy: v.nullable(v.string()),
    media: mediaPatch,
  }),
);

/** `POST /recordings/seed` */
export const seedOrder = v.strictObject({ count });

/** `POST /office` */
export const officeOrder = v.strictObject({ living: v.boolean() });

/** Any known kind of fault; the simulator's types tell the fields of each. */
const action = v.variant('kind', [
  v.strictObject({
    kind: v.literal('latency'),
    ms: v.number(),
    phase: v.optional(v.picklist(['before', 'after'])),
  }),
  v.strictObject({ kind: v.literal('stall') }),
  v.strictObject({ kind: v.literal('reset') }),
  v.strictObject({ kind: v.literal('lostReply'), how: v.optional(v.picklist(['reset', 'stall'])) }),
  v.strictObject({ kind: v.literal('cutUpload'), atByte: count }),
  v.strictObject({
    kind: v.literal('cut'),
    atByte: count,
    how: v.optional(v.picklist(['reset', 'close', 'stall'])),
  }),
  v.strictObject({
    kind: v.literal('respond'),
    status: count,
    body: v.optional(v.string()),
    contentType: v.optional(v.string()),
    headers: v.optional(v.record(v.string(), v.string())),
    effect: v.optional(v.boolean()),
  }),
  v.strictObject({
    kind: v.literal('page'),
    status: count,
    retryAfter: v.optional(v.string()),
    effect: v.optional(v.boolean()),
  }),
  v.strictObject({
    kind: v.literal('redirect'),
    to: v.optional(v.string()),
    status: v.optional(v.picklist([301, 302, 303, 307, 308])),
  }),
  v.strictObject({ kind: v.literal('proxyLogin') }),
  v.strictObject({
    kind: v.literal('reshape'),
    set: v.optional(v.record(v.string(), v.unknown())),
    remove: v.optional(v.array(v.string())),
  }),
  v.strictObject({
    kind: v.literal('mangle'),
    how: v.picklist(['malformed', 'empty', 'html', 'wrong-type']),
  }),
  v.strictObject({ kind: v.literal('ignorePageSize'), size: v.optional(count) }),
  v.strictObject({ kind: v.literal('repeatRows'), count: v.optional(count) }),
  v.strictObject({ kind: v.literal('changingTotalCount'), by: v.optional(count) }),
  v.strictObject({ kind: v.literal('badSort') }),
  v.strictObject({ kind: v.literal('ignoreFilter'), name: v.string() }),
]);

/** `POST /faults` */
export const newFault = v.strictObject({
  match: v.optional(
    v.strictObject({
      route: v.optional(v.union([routeName, v.array(routeName)])),
      method: v.optional(v.string()),
      username: v.optional(v.string()),
      urlContains: v.optional(v.string()),
    }),
  ),
  times: v.optional(count),
  skip: v.optional(count),
  action,
});

/** `POST /requests/wait` */
export const requestWait = v.partial(
  v.strictObject({
    route: routeName,
    method: v.string(),
    status: count,
    username: v.string(),
    urlContains: v.string(),
    /** Only requests after this sequence number. */
    after: count,
    timeoutMs: v.pipe(count, v.maxValue(600_000)),
  }),
);
