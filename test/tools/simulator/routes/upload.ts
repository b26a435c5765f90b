import type { Multipart } from '@fastify/multipart';
import { text as readText } from 'node:stream/consumers';
import { bare, type Outcome, answer } from '../outcome';
import type { ApiHandler, ApiRequest } from '../web-server';
import { plainSpeech } from '../media/media-spec';
import { readMetadata, type UploadMetadata } from './upload-metadata';

/** The vendor's limit, 256 MBytes. */
export const maximumAudioBytes = 256 * 1_048_576;

/** What the parts around the sound may take beyond it before the request is refused by its length alone. */
const allowanceBytes = 2 * 1_048_576;

interface Parts {
  /** The metadata's text, or its value where the parser has read the JSON already. */
  readonly metadata: { readonly value: unknown; readonly type: string } | null;
  /** Path of the spooled sound. */
  readonly path: string | null;
  /** Content type of the sound, in lower case and without parameters. */
  readonly soundType: string;
  readonly tooLarge: boolean;
}

/** Content types that newer servers want for WAV. */
const waveTypes = [
  'audio/wave',
  'audio/wav',
  'audio/x-wav',
  'audio/vnd.wav',
  'audio/vnd.wave',
  'audio/x-pn-wav',
] as const;

/**
 * `POST Recordings` (API reference, section 7). Level 10 is needed, and rights over the local party. The section
 * knows no 504, so a dead service is 500; on newer servers it is 504.
 */
export const uploadHandler: ApiHandler = async (api) => {
  const { context, account, request } = api;
  if (!context.accounts.may(account, 'upload')) return bare(403);
  if (!context.service.databaseUp) return bare(500);
  if (!context.service.running) return bare(context.generation === 2025 ? 504 : 500);
  if (!context.service.licenceValid) return bare(501);
  if (!request.isMultipart()) return refuseData(0, 'The body is not multipart/form-data.');
  if (Number(request.headers['content-length'] ?? 0) > maximumAudioBytes + allowanceBytes) return bare(413);

  const parts = await readParts(api);
  if (parts === null) return refuseData(0, 'The body cannot be parsed.');
  const outcome = parts.tooLarge ? bare(413) : await importRecording(api, parts);
  if (parts.path !== null && outcome.status !== 201) await context.uploads.discard(parts.path);
  return outcome;
};

async function importRecording(api: ApiRequest, parts: Parts): Promise<Outcome> {
  const { context, account } = api;
  if (parts.metadata === null) return refuseData(0, 'The part jsondata is missing.');
  if (context.generation === 2025 && !/^application\/json\b/i.test(parts.metadata.type)) {
    return refuseData(0, 'The part jsondata must be labelled application/json.');
  }
  const json = parseJson(parts.metadata.value);
  if (json === undefined) return refuseData(0, 'The part jsondata is not JSON.');
  const read = readMetadata(json, context.zone, context.service.isoForms);
  if (!read.ok) return refuseData(1, read.message);
  const { metadata } = read;
  const localUser = context.accounts.get(metadata.localUsername);
  if (!localUser) return refuseData(1, `localParty.username: there is no user ${metadata.localUsername}.`);
  if (!context.accounts.mayHandle(account, localUser.username)) return bare(403);
  if (metadata.startMs < context.clock.now() - context.service.retentionDays * 86_400_000) return bare(409);

  if (context.service.refusesFutureUploads && metadata.startMs > context.clock.now()) {
    return refuseData(1, 'startDateTime: lies in the future.');
  }

  if (parts.path === null) return refuseData(2, 'The part attachment is missing.');
  const check = await context.uploads.check(parts.path, context.generation);
  if (!check.ok) return refuseData(2, check.message);
  if (context.generation === 2025) {
    const isLabelled =
      check.format === 'mp3'
        ? parts.soundType === 'audio/mpeg'
        : waveTypes.some((type) => type === parts.soundType);
    if (!isLabelled) return refuseData(2, `The part attachment is labelled "${parts.soundType}".`);
  }
  const id = context.recordings.newId();
  context.uploads.keep(id, parts.path, check, context.service.keepStereo);
  context.recordings.add(toRecording(id, metadata, localUser.username, account.username));
  return answer(201, { id });
}

function toRecording(id: string, metadata: UploadMetadata, owner: string, caller: string) {
  return {
    id,
    startMs: metadata.startMs,
    startTicks: metadata.startTicks,
    durationMs: metadata.durationMs,
    direction: metadata.direction,
    ownerUsername: owner,
    localPartyNumber: metadata.localPhoneNumber,
    remotePartyNumber: metadata.remotePhoneNumber,
    pbxCallId: metadata.pbxCallId,
    // Notes and preservation are recorded under the calling user.
    note: metadata.notes === '' ? null : { ownerUsername: caller, text: metadata.notes },
    preservedBy: metadata.preserved ? caller : null,
    media: { ...plainSpeech, uploadId: id },
  };
}

async function readParts({ context, request }: ApiRequest): Promise<Parts | null> {
  let metadata: Parts['metadata'] = null;
  let path: string | null = null;
  let soundType = '';
  let tooLarge = false;
  try {
    for await (const part of request.parts()) {
      if (part.fieldname === 'jsondata') {
        metadata = { value: await valueOf(part), type: part.mimetype };
      } else if (part.fieldname === 'attachment' && part.type === 'file' && path === null) {
        soundType = part.mimetype.toLowerCase();
        path = await context.uploads.spool(part.file);
        tooLarge ||= part.file.truncated;
      } else if (part.type === 'file') {
        part.file.resume();
      }
    }
    return { metadata, path, soundType, tooLarge };
  } catch {
    if (path !== null) await context.uploads.discard(path);
    return null;
  }
}

async function valueOf(part: Multipart): Promise<unknown> {
  return part.type === 'file' ? readText(part.file) : part.value;
}

/** Undefined where it is no JSON. */
function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const json: unknown = JSON.parse(value);
    return json;
  } catch {
    return undefined;
  }
}

function refuseData(reason: 0 | 1 | 2, message: string): Outcome {
  return answer(400, { reason, message });
}
