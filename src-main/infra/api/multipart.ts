import { randomUUID } from 'node:crypto';

import type { UploadFile, UploadMetadata } from '../../core/ports';
import { isoDuration } from './api-schemas';
import { directionNumber } from './rhs-filter';

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

/** A media type that cannot end the header. */
function safeContentType(contentType: string): string {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(contentType) ? contentType : 'application/octet-stream';
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'READ_FAILED';
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
      `Content-Type: ${safeContentType(file.contentType)}`,
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
      throw new UploadSourceError(codeOf(error));
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
