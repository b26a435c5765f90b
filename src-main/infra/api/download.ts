import type { Transform } from 'node:stream';
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { Download } from '../../core/ports/api';
import { TransferError } from '../../core/media/transfer-error';
import { contextDetail, mapRefusal, mapUnexpected } from './error-mapping';
import type { Exchange, OpenAnswer, OutgoingCall } from './exchange';

/** Media types that no page and no JSON comes under; everything else is looked into first. */
const surelyAudio = /^(?:audio\/|video\/|application\/octet-stream\b)/i;

/** How a body was packed on its way although it was asked for as it is; null where it was not. */
function packingOf(answer: OpenAnswer): string | null {
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? '';
  return encoding === '' || encoding === 'identity' ? null : encoding;
}

function lengthOf(answer: OpenAnswer): number | null {
  const length = answer.headers['content-length'];
  if (length === undefined || !/^\d{1,15}$/.test(length)) return null;
  return packingOf(answer) === null ? Number(length) : null;
}

/** What names this very file of the server: a strong `ETag`, else when it was last changed (RFC 9110 §13.1.5). */
function validatorOf({ headers }: OpenAnswer): string | null {
  const tag = headers['etag']?.trim() ?? '';
  if (/^"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag)) return tag;
  const modified = headers['last-modified']?.trim() ?? '';
  return Number.isNaN(Date.parse(modified)) ? null : modified;
}

/** Whether a file begins like the audio that the server sends: MP3 with or without tags, or WAV. */
function beginsLikeAudio(first: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(first.subarray(0, 4));
  return /^(?:ID3|RIFF|\u00ff[\u00e0-\u00ff])/.test(start);
}

/**
 * What unpacks a body.
 * @param first its first piece: some network stacks have unpacked it already, and leave the header as it is
 * @returns null where there is nothing to unpack
 */
function unpackerOf(packing: string, first: Uint8Array): Transform | null {
  const [zero = 0, one = 0] = first;
  switch (packing) {
    case 'gzip':
    case 'x-gzip':
      return zero === 0x1f && one === 0x8b ? createGunzip() : null;
    case 'deflate':
      return (zero & 0x0f) === 8 && ((zero << 8) | one) % 31 === 0 ? createInflate() : null;
    case 'br':
      return beginsLikeAudio(first) ? null : createBrotliDecompress();
    default:
      return null;
  }
}

/** Unpacks a body as it arrives. It fails where the body ends too early: the packing tells its end. */
async function* unpack(body: AsyncIterable<Uint8Array>, unpacker: Transform): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(body, { objectMode: false, highWaterMark: 65_536 });
  // Its failure is the unpacker's, too, and told by the reading.
  pipeline(packed, unpacker, () => undefined);
  try {
    for await (const piece of unpacker as AsyncIterable<Uint8Array>) yield piece;
  } finally {
    packed.destroy();
    unpacker.destroy();
  }
}

/** Which part of the whole an answer is: `bytes 100-199/200`; null where it is not the rest that was asked for. */
function restOf(answer: OpenAnswer, firstByte: number): { readonly sizeBytes: number | null } | null {
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(
    answer.headers['content-range']?.trim() ?? '',
  );
  if (range === null || Number(range[1]) !== firstByte) return null;
  if (range[3] === '*') return { sizeBytes: null };
  return Number(range[2]) + 1 === Number(range[3]) ? { sizeBytes: Number(range[3]) } : null;
}

/** The first piece that is not empty, and a stream that still begins with it. */
async function peek(
  body: AsyncIterable<Uint8Array>,
): Promise<{ readonly first: Uint8Array | null; readonly body: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  let first: Uint8Array | null = null;
  while (first === null) {
    const next = await iterator.next();
    if (next.done === true) break;
    if (next.value.byteLength > 0) first = next.value;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (first === null) return;
      yield first;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { first, body: whole() };
}

function looksLikeAudio(first: Uint8Array | null): boolean {
  const start = new TextDecoder('latin1').decode(first?.subarray(0, 64)).trimStart();
  return !/^(?:<|\{|\[|\u00ef\u00bb\u00bf)/.test(start);
}

/**
 * Downloads a recording (API reference §5).
 * @param call with `exactBytes`; its guard is ended by the stream, or here where there is none
 * @param stallMs how long the network may take for one piece
 */
export async function openDownload(
  exchange: Exchange,
  call: OutgoingCall,
  stallMs: number,
  scrub: (text: string) => string,
): Promise<Result<Download>> {
  const { guard, context } = call;

  const refuse = async (answer: OpenAnswer): Promise<Result<Download>> => {
    const read = await exchange.read(call, answer);
    guard.finish();
    if (!read.ok) return read;
    const error =
      answer.status >= 200 && answer.status < 300
        ? mapUnexpected(context, read.value, answer.status === 200 ? 'body' : 'status')
        : mapRefusal(context, read.value, scrub);
    return { ok: false, error };
  };

  const opened = await exchange.open(call);
  if (!opened.ok) {
    guard.finish();
    return opened;
  }
  const answer = opened.value;
  const rest = answer.status === 206 && call.firstByte !== undefined ? restOf(answer, call.firstByte) : null;
  const packing = packingOf(answer);
  // A part of what is packed is no part of the audio.
  if ((answer.status !== 200 && rest === null) || (rest !== null && packing !== null)) return refuse(answer);
  const firstByte = rest === null ? 0 : (call.firstByte ?? 0);

  const contentType = answer.headers['content-type'] ?? null;
  let body = answer.body;
  let isUnpackedHere = false;
  try {
    if (packing !== null) {
      const peeked = await guard.race(peek(body));
      const unpacker = peeked.first === null ? null : unpackerOf(packing, peeked.first);
      body = unpacker === null ? peeked.body : unpack(peeked.body, unpacker);
      isUnpackedHere = unpacker !== null;
    }
    if (contentType === null || !surelyAudio.test(contentType)) {
      const peeked = await guard.race(peek(body));
      body = peeked.body;
      // The middle of a file may begin with any byte.
      if (rest === null && !looksLikeAudio(peeked.first)) return await refuse({ ...answer, body });
    }
  } catch (error) {
    const failed = exchange.failure(call, error);
    guard.finish();
    return { ok: false, error: failed };
  }

  const partBytes = lengthOf(answer);
  const sizeBytes = rest === null ? partBytes : rest.sizeBytes;
  // A part that promises two lengths is held to the one that its body was framed with.
  const dueBytes = partBytes ?? (sizeBytes === null ? null : sizeBytes - firstByte);

  const lost = (received: number): TransferError =>
    new TransferError({
      code: 'connection-lost',
      operation: 'download',
      detail: { ...contextDetail(context), message: `${received}/${dueBytes ?? '?'}` },
    });

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const iterator = body[Symbol.asyncIterator]();
    let received = 0;
    let whole = false;
    try {
      for (;;) {
        // Only the network is limited: a reader may take as long as it likes.
        guard.arm(stallMs);
        const next = await guard.race(iterator.next());
        guard.disarm();
        if (next.done === true) break;
        received += next.value.byteLength;
        if (dueBytes !== null && received > dueBytes) throw lost(received);
        yield next.value;
      }
      whole = true;
      if (dueBytes !== null && received !== dueBytes) throw lost(received);
    } catch (error) {
      throw error instanceof TransferError ? error : new TransferError(exchange.failure(call, error));
    } finally {
      guard.finish();
      // Not awaited: where the network hangs, this would too.
      if (!whole) void iterator.return?.().catch(() => undefined);
    }
  }

  guard.disarm();
  const endIsCertain =
    dueBytes !== null || isUnpackedHere || /\bchunked\b/i.test(answer.headers['transfer-encoding'] ?? '');
  const validator = validatorOf(answer);
  return succeed({ contentType, sizeBytes, firstByte, validator, endIsCertain, chunks: chunks() });
}
