import type { Download } from '../../core/ports';
import { TransferError } from '../../core/transfer-error';
import type { Result } from '../../shared/errors';
import { succeed } from '../../shared/errors';
import { contextDetail, mapRefusal, mapUnexpected } from './error-mapping';
import type { Exchange, OpenAnswer, OutgoingCall } from './exchange';

/** Media types that no page and no JSON comes under; everything else is looked into first. */
const surelyAudio = /^(?:audio\/|video\/|application\/octet-stream\b)/i;

function lengthOf(answer: OpenAnswer): number | null {
  const encoding = answer.headers['content-encoding'];
  const length = answer.headers['content-length'];
  if (length === undefined || !/^\d{1,15}$/.test(length)) return null;
  return encoding === undefined || encoding === 'identity' ? Number(length) : null;
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
  if (answer.status !== 200 && rest === null) return refuse(answer);
  const firstByte = rest === null ? 0 : (call.firstByte ?? 0);

  const contentType = answer.headers['content-type'] ?? null;
  let body = answer.body;
  if (contentType === null || !surelyAudio.test(contentType)) {
    try {
      const peeked = await guard.race(peek(answer.body));
      body = peeked.body;
      // The middle of a file may begin with any byte.
      if (rest === null && !looksLikeAudio(peeked.first)) return await refuse({ ...answer, body });
    } catch (error) {
      const failed = exchange.failure(call, error);
      guard.finish();
      return { ok: false, error: failed };
    }
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
  const endIsCertain = dueBytes !== null || /\bchunked\b/i.test(answer.headers['transfer-encoding'] ?? '');
  return succeed({ contentType, sizeBytes, firstByte, endIsCertain, chunks: chunks() });
}
