import { Readable } from 'node:stream';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { shapeWrites } from './socket-writes';
import type { WebState } from './web-state';

/** Tells the end of a body by closing the connection. */
export function endByClosing(reply: FastifyReply): void {
  reply.raw.useChunkedEncodingByDefault = false;
  reply.raw.shouldKeepAlive = false;
  reply.header('connection', 'close');
}

/** Writes the headers of every answer. */
export function writeHeaders(reply: FastifyReply, web: WebState, now: number): void {
  if (web.serverHeader !== null) reply.header('server', web.serverHeader);
  if (web.poweredBy !== null) reply.header('x-powered-by', web.poweredBy);
  reply.header('date', new Date(now).toUTCString());
  const isJson = String(reply.getHeader('content-type') ?? '').startsWith('application/json');
  if (isJson) reply.header('cache-control', 'no-cache').header('pragma', 'no-cache').header('expires', '-1');
}

/**
 * Gives an answer the form in which this web server sends it: compressed, chunked, with trailers, dripping.
 * @param payload text, bytes, a stream, or nothing.
 * @param keepsForm whether a fault has decided about the body already.
 * @returns what is sent in its place.
 */
export function formAnswer(
  reply: FastifyReply,
  payload: unknown,
  web: WebState,
  keepsForm: boolean,
): unknown {
  const { socket } = reply.raw;
  if (socket && web.bytesPerSecond !== null) {
    shapeWrites(socket, { bytesPerSecond: web.bytesPerSecond, headersToo: true });
  }
  if (keepsForm || payload === undefined || payload === null || payload === '') return payload;
  const compressed = compress(reply, payload, web);
  if (!(compressed instanceof Readable)) {
    return web.framing === 'length' && !hasTrailers(web) ? compressed : stream(reply, compressed, web);
  }
  if (web.framing === 'http-1.0') stream(reply, '', web);
  else addTrailers(reply, web);
  return compressed;
}

function compress(reply: FastifyReply, payload: unknown, web: WebState): unknown {
  if (payload instanceof Readable) {
    if (!web.compressesMedia) return payload;
    reply.removeHeader('content-length');
    reply.header('content-encoding', 'gzip');
    return payload.pipe(createGzip());
  }
  const { compress: coding } = web;
  const accepted = String(reply.request.headers['accept-encoding'] ?? '').toLowerCase();
  if (coding === null || !accepted.split(/[,;\s]+/).includes(coding)) return payload;
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(String(payload));
  reply.removeHeader('content-length').header('content-encoding', coding).header('vary', 'Accept-Encoding');
  if (coding === 'br') return brotliCompressSync(bytes);
  return coding === 'gzip' ? gzipSync(bytes) : deflateSync(bytes);
}

/** A body whose length is told by its end. */
function stream(reply: FastifyReply, payload: unknown, web: WebState): Readable {
  reply.removeHeader('content-length');
  if (web.framing === 'closing' || web.framing === 'http-1.0') endByClosing(reply);
  else addTrailers(reply, web);
  const { socket } = reply.raw;
  if (socket && web.framing === 'http-1.0') shapeWrites(socket, { version: '1.0' });
  return Readable.from([Buffer.isBuffer(payload) ? payload : Buffer.from(String(payload))], {
    objectMode: false,
  });
}

function hasTrailers(web: WebState): boolean {
  return Object.keys(web.trailers).length > 0;
}

function addTrailers(reply: FastifyReply, web: WebState): void {
  if (reply.hasHeader('content-length')) return;
  for (const [name, value] of Object.entries(web.trailers)) {
    reply.trailer(name, (_reply, _payload, done) => done(null, value));
  }
}
