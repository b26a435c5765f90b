import { endByClosing } from '../behaviour/answer-form';
import { parseGuid } from '../guid';
import { describeDetail } from '../json-answers';
import { unavailable } from '../live-rules';
import { parseRange, streamBytes } from '../media/serve-media';
import { answer, bare, type Outcome } from '../outcome';
import type { Recording } from '../recording';
import type { ApiHandler, ApiRequest } from '../web-server';

/** `GET Recordings` */
export const listHandler: ApiHandler = ({ context, account, entry, faults, knowsLess }) => {
  if (!context.accounts.may(account, 'list')) return bare(403);
  const ill = unavailable(context.service);
  return ill ?? context.listing.answer(account, entry.query, faults, knowsLess('list'));
};

/** `GET Recordings/{id}` */
export const detailHandler: ApiHandler = async (api) => {
  const recording = findRecording(api, 'list');
  if ('status' in recording) return recording;
  const { context } = api;
  const { source } = await context.media.open(recording);
  const sha256 = await context.media.sha256(recording);
  return answer(200, describeDetail(recording, context, { size: source.size, sha256 }));
};

/** `GET Recordings/{id}/Media`: leaves an audit event, then streams the MP3. */
export const mediaHandler: ApiHandler = async (api) => {
  const recording = findRecording(api, 'play');
  if ('status' in recording) return recording;
  const { context, account, request, reply } = api;
  context.audit.add({
    type: 'Download Recording',
    username: account.username,
    recordingId: recording.id,
    at: context.clock.now(),
  });
  const { contentType, source } = await context.media.open(recording);
  const honoursRange = recording.media.honourRange ?? context.service.honourRange;
  const range = honoursRange ? parseRange(request.headers.range, source.size) : null;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${source.size}`);
    return bare(416);
  }
  if (honoursRange) {
    reply.header('accept-ranges', 'bytes').header('etag', `"${recording.id}"`);
    reply.header('last-modified', new Date(recording.startMs + recording.durationMs).toUTCString());
  }
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${source.size}`);
  const { start, end } = range ?? { start: 0, end: source.size };
  const framing = recording.media.framing ?? context.web.framing;
  reply.header('content-type', contentType);
  if (framing === 'length') reply.header('content-length', end - start);
  if (framing === 'closing') endByClosing(reply);
  reply.header('content-disposition', `attachment; filename="${recording.referenceNumber}.mp3"`);
  await reply.send(streamBytes(source, start, end, recording.media.bytesPerSecond, context.timers));
  return null;
};

/** The recording a request means, or why it may not have it. */
function findRecording({ context, account, id }: ApiRequest, right: 'list' | 'play'): Recording | Outcome {
  const { service, accounts } = context;
  if (!accounts.may(account, right)) return bare(403);
  // Both read database and files: the vendor lists no 504 for a service that is down.
  if (!service.databaseUp) return bare(500);
  if (service.detailNeedsService && !service.running) return bare(504);
  const guid = parseGuid(id ?? '', service.guidForms);
  if (guid === null) return bare(400);
  const recording = context.recordings.get(guid);
  if (!recording) return bare(404);
  return accounts.mayHandle(account, recording.ownerUsername) ? recording : bare(403);
}
