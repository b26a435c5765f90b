import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { shapeWrites } from './behaviour/socket-writes';
import type { FaultAction } from './faults';
import { applicationLoginPage, iisErrorPage, proxyLoginPage } from './pages';
import { loginPath } from './api-routes';
import { changeJson } from './json-path';
import type { Timers } from './timers';

const html = 'text/html; charset=utf-8';

/** Resets a connection, so that the client sees ECONNRESET. */
export function resetSocket(socket: Socket | null): void {
  // A TLS socket cannot send a reset itself: it is dropped without goodbye.
  if (socket && 'encrypted' in socket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Resolves when the client, or the simulator, has given up the connection and the log has been told. */
function whenClosed(response: ServerResponse): Promise<void> {
  // Not the socket's own state: that is "closed" as soon as it is destroyed, before anybody was told.
  if (response.closed) return Promise.resolve();
  return new Promise((resolve) => response.once('close', () => resolve()));
}

/**
 * Does what faults do before a request has any effect.
 * @returns 'answered' when the request is settled, and the API must not see it.
 */
export async function applyBefore(
  faults: readonly FaultAction[],
  reply: FastifyReply,
  timers: Timers,
): Promise<'answered' | 'go-on'> {
  for (const fault of faults) {
    if (fault.kind === 'latency' && fault.phase !== 'after') await timers.delay(fault.ms);
  }
  for (const fault of faults) {
    switch (fault.kind) {
      case 'drip':
        if (reply.raw.socket) shapeWrites(reply.raw.socket, fault);
        break;
      case 'stall':
        reply.hijack();
        await whenClosed(reply.raw);
        return 'answered';
      case 'reset':
        reply.hijack();
        resetSocket(reply.raw.socket);
        return 'answered';
      case 'respond':
        if (fault.effect === true) break;
        writeExactly(fault, reply);
        return 'answered';
      case 'page':
        if (fault.effect === true) break;
        replaceAnswer(fault, reply);
        await reply.send(iisErrorPage(fault.status));
        return 'answered';
      case 'redirect':
        await reply
          .code(fault.status ?? 302)
          .header(
            'location',
            fault.to ?? `${loginPath}?ReturnUrl=${encodeURIComponent(reply.request.raw.url ?? '/')}`,
          )
          .type(html)
          .send(applicationLoginPage);
        return 'answered';
      case 'proxyLogin':
        await reply.code(200).type(html).send(proxyLoginPage);
        return 'answered';
      default:
    }
  }
  return 'go-on';
}

/**
 * Does what faults do to an answer on its way out.
 * @param payload what would be sent: text, bytes, a stream, or nothing.
 * @returns what is sent in its place.
 */
export async function applyAfter(
  faults: readonly FaultAction[],
  reply: FastifyReply,
  payload: unknown,
  timers: Timers,
): Promise<unknown> {
  let sent = payload;
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        if (fault.phase === 'after') await timers.delay(fault.ms);
        break;
      case 'lostReply':
        if (fault.how !== 'stall') resetSocket(reply.raw.socket);
        await whenClosed(reply.raw);
        discard(sent);
        return '';
      case 'respond':
      case 'page':
        if (fault.effect === true) {
          discard(sent);
          replaceAnswer(fault, reply);
          sent = replacementBody(fault);
        }
        break;
      case 'headers':
        for (const [name, value] of Object.entries(fault.set ?? {})) reply.header(name, value);
        for (const name of fault.remove ?? []) reply.removeHeader(name);
        break;
      case 'reshape':
        if (typeof sent === 'string') sent = reshape(sent, fault);
        break;
      case 'mangle':
        discard(sent);
        sent = mangle(fault.how, typeof sent === 'string' ? sent : '', reply);
        break;
      case 'cut':
        sent = cut(sent, fault, reply, timers);
        break;
      default:
    }
  }
  return sent;
}

/** Resets an upload's connection once about so many bytes of its request have come. */
export async function cutUpload(atByte: number, socket: Socket, timers: Timers): Promise<void> {
  const before = socket.bytesRead;
  // The multipart parser reads the raw request, so the count is taken from the socket instead of the stream.
  while (!socket.destroyed && socket.bytesRead - before < atByte) {
    if (!(await timers.delay(2))) return;
  }
  resetSocket(socket);
}

/** Answers past fastify, which would give a body without content type one of its own. */
export function writeExactly(
  fault: Omit<Extract<FaultAction, { kind: 'respond' }>, 'kind'>,
  reply: FastifyReply,
): void {
  const body = Buffer.from(fault.body ?? '', 'utf8');
  reply.hijack();
  reply.raw.writeHead(fault.status, {
    ...(fault.contentType === undefined ? {} : { 'content-type': fault.contentType }),
    'content-length': body.length,
    ...fault.headers,
  });
  reply.raw.end(body);
}

type Replacement = Extract<FaultAction, { kind: 'respond' | 'page' }>;

function replaceAnswer(fault: Replacement, reply: FastifyReply): void {
  reply.code(fault.status).removeHeader('content-length');
  if (fault.kind === 'page') {
    reply.type(html);
    if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter);
    return;
  }
  if (fault.contentType === undefined) reply.removeHeader('content-type');
  else reply.header('content-type', fault.contentType);
  for (const [name, value] of Object.entries(fault.headers ?? {})) reply.header(name, value);
}

function replacementBody(fault: Replacement): string {
  return fault.kind === 'page' ? iisErrorPage(fault.status) : (fault.body ?? '');
}

function discard(payload: unknown): void {
  if (payload instanceof Readable) payload.destroy();
}

function mangle(
  how: 'malformed' | 'empty' | 'html' | 'wrong-type',
  text: string,
  reply: FastifyReply,
): string {
  reply.removeHeader('content-length');
  switch (how) {
    case 'malformed':
      return text.length > 1 ? text.slice(0, Math.ceil(text.length / 2)) : '{"id": ';
    case 'empty':
      return '';
    case 'html':
      reply.header('content-type', html);
      return iisErrorPage(reply.statusCode);
    case 'wrong-type':
      reply.header('content-type', 'text/plain; charset=utf-8');
      return text;
  }
}

/** An answer that is no JSON stays as it is. */
function reshape(text: string, fault: Extract<FaultAction, { kind: 'reshape' }>): string {
  try {
    return JSON.stringify(changeJson(JSON.parse(text), fault));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Sends the first bytes under the full length, then breaks. */
function cut(
  payload: unknown,
  fault: Extract<FaultAction, { kind: 'cut' }>,
  reply: FastifyReply,
  timers: Timers,
): Readable {
  const whole = payload instanceof Readable ? null : Buffer.from(typeof payload === 'string' ? payload : '');
  if (whole) reply.header('content-length', whole.length);
  const body = payload instanceof Readable ? payload : Readable.from(whole ? [whole] : []);
  const { raw } = reply;
  async function* broken(): AsyncGenerator<Buffer> {
    let left = fault.atByte;
    for await (const piece of body as AsyncIterable<Buffer>) {
      if (left > 0) yield piece.subarray(0, left);
      left -= piece.length;
      if (left <= 0) break;
    }
    // What was written must reach the client before the connection breaks.
    const isUnsent = (): boolean =>
      !raw.destroyed && stream.readableLength + raw.writableLength + (raw.socket?.writableLength ?? 0) > 0;
    do {
      if (!(await timers.delay(15))) break;
    } while (isUnsent());
    if (fault.how === 'close') raw.socket?.destroy();
    else if (fault.how !== 'stall') resetSocket(raw.socket);
    await whenClosed(raw);
  }
  const stream = Readable.from(broken(), { objectMode: false });
  return stream;
}
