import { randomUUID } from 'node:crypto';

import { serialize as serializeDuration } from 'tinyduration';

import { systemCode } from '../../core/lib/system-code';
import type { UploadFile, UploadMetadata } from '../../core/ports/api';
import { directionNumber } from './filters';

/** A file that is not what its caller said: nothing whole has been sent. */
export class UploadSourceError extends Error {
  /** Node's code of a failed read, or `SIZE_CHANGED`. */
  readonly sourceCode: string;

  constructor(sourceCode: string) {
    super(sourceCode);
    this.name = 'UploadSourceError';
    this.sourceCode = sourceCode;
  }
}

/** A `multipart/form-data` body that can be streamed, once. */
export interface MultipartBody {
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Whether the closing boundary was handed to the network: before that the server has nothing whole. */
  isHandedOver(): boolean;
  stream(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** A duration as the server writes it (`PT1M31.87S`). */
function isoDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1_000);
  return serializeDuration({
    hours: Math.floor(seconds / 3_600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: Number(((seconds % 60) + (durationMs % 1_000) / 1_000).toFixed(3)),
  });
}

function metadataJson(metadata: UploadMetadata): string {
  return JSON.stringify({
    startDateTime: new Date(metadata.startTime).toISOString(),
    duration: isoDuration(metadata.durationMs),
    direction: directionNumber(metadata.direction),
    localParty: metadata.localParty,
    ...(metadata.remotePhoneNumber === null
      ? {}
      : { remoteParty: { phoneNumber: metadata.remotePhoneNumber } }),
    ...(metadata.pbxCallId === null ? {} : { pbxCallId: metadata.pbxCallId }),
    ...(metadata.notes === null ? {} : { notes: metadata.notes }),
    preserved: metadata.preserved,
  });
}

/** `filename=` for old readers, `filename*=` (RFC 5987) for the rest; nothing that could end the header. */
function fileNameParameters(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\]/gu, '_');
  const encoded = encodeURIComponent(fileName.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=utf-8''${encoded}`;
}

/** Media types that every server takes for an attachment (API reference, *Newer servers*). */
const audioTypes: ReadonlySet<string> = new Set([
  'audio/wave',
  'audio/wav',
  'audio/x-wav',
  'audio/vnd.wav',
  'audio/vnd.wave',
  'audio/x-pn-wav',
  'audio/mpeg',
]);
const mp3Types: ReadonlySet<string> = new Set(['audio/mp3', 'audio/x-mp3', 'audio/mpeg3', 'audio/x-mpeg']);

/**
 * The media type of the attachment, which newer servers refuse where it is none of theirs. What the caller does not
 * know is told from the file's name.
 */
function attachmentType({ contentType, fileName }: UploadFile): string {
  const plain = contentType.split(';', 1).join('').trim().toLowerCase();
  if (audioTypes.has(plain)) return plain;
  return mp3Types.has(plain) || /\.mp3$/i.test(fileName) ? 'audio/mpeg' : 'audio/wav';
}

/**
 * The body of an upload (API reference §7).
 * @param onChunk called before each piece is handed over, with the file's bytes that went before it
 */
export function createMultipartBody(
  metadata: UploadMetadata,
  file: UploadFile,
  onChunk: (sentBytes: number) => void,
): MultipartBody {
  const boundary = `reclight-${randomUUID()}`;
  const encoder = new TextEncoder();
  const head = encoder.encode(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="jsondata"',
      'Content-Type: application/json',
      '',
      metadataJson(metadata),
      `--${boundary}`,
      `Content-Disposition: form-data; name="attachment"; ${fileNameParameters(file.fileName)}`,
      `Content-Type: ${attachmentType(file)}`,
      '',
      '',
    ].join('\r\n'),
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  let handedOver = false;

  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* file.chunks();
    } catch (error) {
      throw new UploadSourceError(systemCode(error) ?? 'READ_FAILED');
    }
  }

  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: head.byteLength + file.sizeBytes + tail.byteLength,
    isHandedOver: () => handedOver,
    async *stream() {
      handedOver = false;
      let sent = 0;
      onChunk(0);
      yield head;
      for await (const chunk of read()) {
        sent += chunk.byteLength;
        if (sent > file.sizeBytes) throw new UploadSourceError('SIZE_CHANGED');
        yield chunk;
        onChunk(sent);
      }
      if (sent !== file.sizeBytes) throw new UploadSourceError('SIZE_CHANGED');
      handedOver = true;
      yield tail;
    },
  };
}
