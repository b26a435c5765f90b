import * as v from 'valibot';
import { routeName, saving } from './state-schemas';

const directions = v.picklist([0, 1, 2]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const accountFields = {
  password: v.string(),
  firstName: v.string(),
  lastName: v.string(),
  extensions: v.array(v.string()),
  numericUserId: v.string(),
  group: v.string(),
  department: v.string(),
  level: v.pipe(count, v.maxValue(10)),
  rights: v.nullable(v.array(v.picklist(['list', 'play', 'record', 'active', 'upload']))),
  aliases: v.array(v.string()),
  groups: v.array(v.string()),
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
  'rights',
  'aliases',
  'groups',
]);

const deviceFields = {
  lines: v.array(v.string()),
  monitorable: v.boolean(),
  recordingMode: v.picklist(['manual', 'automatic', 'live-keep']),
};

/** `PATCH /devices/{name}` */
export const devicePatch = v.partial(v.strictObject(deviceFields));

/** `POST /devices` */
export const newDevice = v.strictObject({ ...deviceFields, name: v.string() });

/** `POST /lines` */
export const newLine = v.partial(
  v.strictObject({
    directoryNumber: v.string(),
    username: v.nullable(v.string()),
    sharedWith: v.array(v.string()),
  }),
  ['sharedWith'],
);

const callPlace = {
  directoryNumber: v.nullable(v.string()),
  deviceName: v.string(),
  remote: v.partial(
    v.strictObject({ phoneNumber: v.string(), firstName: v.string(), lastName: v.string() }),
    ['firstName', 'lastName'],
  ),
};

/** `POST /calls` */
export const newCall = v.partial(
  v.strictObject({
    ...callPlace,
    direction: directions,
    trafficType: v.picklist(['internal', 'external']),
    username: v.string(),
  }),
);

/** `PATCH /calls/{id}` */
export const callPatch = v.partial(v.strictObject(callPlace));

/** `DELETE /calls/{id}` */
export const callEnd = v.partial(v.strictObject({ saving }));

/** `POST /live` */
export const newLive = v.partial(
  v.strictObject({
    directoryNumber: v.string(),
    by: v.string(),
    mode: v.picklist([0, 1]),
    owner: v.string(),
    parallel: v.boolean(),
    automatic: v.boolean(),
    agoMs: count,
  }),
  ['by', 'mode', 'owner', 'parallel', 'automatic', 'agoMs'],
);

/** `POST /live/{id}/renew` */
export const liveRenewal = v.partial(
  v.strictObject({ keepStart: v.boolean(), gapMs: count, leavesPart: v.boolean() }),
);

/** `POST /live/{id}/forget` */
export const liveForgetting = v.partial(v.strictObject({ times: count }));

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

const recordingFields = {
  referenceNumber: v.string(),
  startMs: v.number(),
  startTicks: v.pipe(count, v.maxValue(9_999)),
  durationMs: v.number(),
  direction: directions,
  ownerUsername: v.string(),
  localPartyNumber: v.string(),
  remotePartyNumber: v.string(),
  pbxCallId: v.string(),
  note: v.nullable(v.strictObject({ ownerUsername: v.string(), text: v.string() })),
  preservedBy: v.nullable(v.string()),
  wire: v.nullable(
    v.partial(
      v.strictObject({
        set: v.record(v.string(), v.unknown()),
        remove: v.array(v.string()),
        only: v.picklist(['list', 'detail']),
      }),
    ),
  ),
};

/** `POST /recordings` */
export const newRecording = v.partial(
  v.strictObject({ ...recordingFields, id: v.string(), media: mediaPatch }),
);

/** `PATCH /recordings/{id}` */
export const recordingPatch = v.partial(v.strictObject(recordingFields));

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
  v.strictObject({ kind: v.literal('ignorePaging') }),
  v.strictObject({ kind: v.literal('repeatRows'), count: v.optional(count) }),
  v.strictObject({ kind: v.literal('changingTotalCount'), by: v.optional(count) }),
  v.strictObject({ kind: v.literal('badSort') }),
  v.strictObject({ kind: v.literal('ignoreFilter'), name: v.string() }),
  v.strictObject({
    kind: v.literal('staleRows'),
    count: v.optional(count),
    set: v.optional(v.record(v.string(), v.unknown())),
  }),
  v.strictObject({ kind: v.literal('duplicateRows'), count: v.optional(count) }),
  v.strictObject({ kind: v.literal('emptyList') }),
  v.strictObject({
    kind: v.literal('headers'),
    set: v.optional(v.record(v.string(), v.union([v.string(), v.array(v.string())]))),
    remove: v.optional(v.array(v.string())),
  }),
  v.strictObject({
    kind: v.literal('drip'),
    bytesPerSecond: v.pipe(v.number(), v.minValue(1)),
    headersToo: v.optional(v.boolean()),
  }),
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
  every: v.optional(v.pipe(count, v.minValue(1))),
  action,
});

/** `POST /recycle` */
export const recycleOrder = v.partial(v.strictObject({ downMs: count, coldMs: count, loses: v.boolean() }));

/** `POST /certificate` */
export const newCertificate = v.strictObject({ cert: v.string(), key: v.string() });

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
