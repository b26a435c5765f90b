import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Account } from './accounts';
import { readBasic, type SignInResult } from './accounts';
import {
  allowedMethods,
  apiPath,
  type ApiRoute,
  apiRoutes,
  loginPath,
  type RouteName,
  routeNameOf,
} from './api-routes';
import { formAnswer, writeHeaders } from './behaviour/answer-form';
import type { WebState } from './behaviour/web-state';
import { type Context, routesOf } from './context';
import type { FaultAction } from './faults';
import { Listener, type TlsOptions } from './listener';
import { bare, type Outcome } from './outcome';
import { applicationLoginPage, iisErrorPage, kernelUnavailable, webApiError } from './pages';
import type { MutableRequestEntry } from './request-log';
import {
  activeHandler,
  pauseHandler,
  startHandler,
  stopByIdHandler,
  stopByLineHandler,
  stopMineHandler,
} from './routes/live-recordings';
import { detailHandler, listHandler, mediaHandler } from './routes/recordings';
import { maximumAudioBytes, uploadHandler } from './routes/upload';
import type { Nodes } from './service-state';
import { applyAfter, applyBefore, cutUpload, writeExactly } from './wire-faults';

/** A request as a handler gets it, signed in. */
export interface ApiRequest {
  readonly context: Context;
  readonly account: Account;
  readonly entry: MutableRequestEntry;
  readonly faults: readonly FaultAction[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The `{id}` of the path, as sent. */
  readonly id: string | null;
  readonly query: URLSearchParams;
  /** Whether the server that answers knows less than the others about a subject. */
  readonly knowsLess: (subject: Nodes['disagreeOn'][number]) => boolean;
}

/** Answers a request, or null when it has sent its own answer. */
export type ApiHandler = (request: ApiRequest) => Promise<Outcome | null> | Outcome;

interface Tracked {
  readonly entry: MutableRequestEntry;
  readonly faults: readonly FaultAction[];
}

const handlers: Readonly<Record<ApiRoute['name'], ApiHandler>> = {
  start: startHandler,
  active: activeHandler,
  stopById: stopByIdHandler,
  stopByLine: stopByLineHandler,
  stopMine: stopMineHandler,
  pause: pauseHandler('pause'),
  resume: pauseHandler('resume'),
  list: listHandler,
  detail: detailHandler,
  media: mediaHandler,
  upload: uploadHandler,
};

const html = 'text/html; charset=utf-8';
const json = 'application/json; charset=utf-8';

/** Functions that need the server which records. */
const commands: ReadonlySet<ApiRoute['name']> = new Set([
  'stopById',
  'stopByLine',
  'stopMine',
  'pause',
  'resume',
]);

/** The web server of the API: Basic authentication, IIS's manners, and faults on demand. */
export class WebServer {
  private readonly tracked = new WeakMap<FastifyRequest, Tracked>();
  private readonly app: FastifyInstance;
  private handle: RequestListener | null = null;
  private signIns = 0;
  /** How many requests came over a connection. */
  private readonly served = new WeakMap<Socket, number>();
  readonly listener: Listener;

  constructor(
    private readonly context: Context,
    host: string,
    tls: TlsOptions | null,
  ) {
    const handle: RequestListener = (request, response) => this.handle?.(request, response);
    this.listener = new Listener(handle, host, tls, context.web);
    this.app = Fastify({
      serverFactory: (handle) => {
        this.handle = handle;
        return this.listener.server;
      },
      exposeHeadRoutes: false,
      bodyLimit: 1_048_576,
      rewriteUrl: ({ url = '/' }) =>
        context.web.trailingSlash === 'ignore' ? url.replace(/(?<=.)\/(?=$|\?)/, '') : url,
      // Paths are compared without case, as IIS does.
      routerOptions: { caseSensitive: false, maxParamLength: 1_000 },
      frameworkErrors: (_error, _request, reply) => void sendPage(reply, 400, context.web),
    });
  }

  /** Makes all routes ready; {@link listener} then opens the door. */
  async prepare(): Promise<void> {
    const { app, context } = this;
    app.removeAllContentTypeParsers();
    // Bodies are read as text whatever their label: what is wrong with them is for the handlers to say.
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    await app.register(multipart, {
      limits: { fileSize: maximumAudioBytes, fieldSize: 1_048_576, files: 8, fields: 32, parts: 40 },
      throwFileSizeLimit: false,
      isPartAFile: (name, _type, fileName) => name === 'attachment' || fileName !== undefined,
    });
    app.addHook('onRequest', (request, reply) => this.receive(request, reply));
    app.addHook('onSend', (request, reply, payload) => this.send(request, reply, payload));
    app.setNotFoundHandler((request, reply) => this.refuseRoute(request, reply));
    app.setErrorHandler(
      (error: unknown, _request, reply) => void sendPage(reply, statusOf(error), context.web),
    );
    app.get(loginPath, (_request, reply) => reply.type(html).send(applicationLoginPage));
    for (const route of routesOf(apiRoutes, context.generation)) {
      app.route({
        method: route.method,
        url: `${context.prefix}${apiPath}${route.path}`,
        handler: (request, reply) => this.serve(route, request, reply),
      });
    }
    await app.ready();
  }

  async close(): Promise<void> {
    await this.listener.stop('close');
    await this.app.close();
  }

  private async receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const { context } = this;
    const { web } = context;
    // What the client sent, and not what a trailing slash was taken off.
    const url = request.originalUrl;
    const [path = '/', query = ''] = url.split(/\?(.*)/s);
    const method = request.method;
    const credentials = readBasic(request.headers.authorization, web.basicCharset);
    const entry = context.requests.begin({
      method,
      url,
      path,
      query,
      route: routeNameOf(method, (request.raw.url ?? '/').split('?')[0] ?? '/', context.prefix),
      username: credentials?.username ?? null,
      hasAuthorization: request.headers.authorization !== undefined,
      host: request.headers.host ?? null,
    });
    reply.raw.once('close', () => {
      const aborted = !reply.raw.writableFinished;
      context.requests.finish(entry, {
        status: reply.raw.headersSent ? reply.raw.statusCode : null,
        aborted,
      });
    });
    this.tracked.set(request, { entry, faults: [] });
    if (context.recycling.isDown || this.listener.isBeyond(reply.raw.socket, web.maxConnections)) {
      writeExactly(kernelUnavailable, reply);
      entry.status = kernelUnavailable.status;
      return reply;
    }
    this.closeSilently(reply, web);
    if (this.isLastOfConnection(request.raw.socket)) reply.header('connection', 'close');
    await context.recycling.warm();
    await this.delay(entry.route);
    if (web.earlyHints) await new Promise<void>((done) => reply.raw.writeEarlyHints({ link: '</>' }, done));
    const refused = this.refuseForm(request, query);
    if (refused !== null) return sendPage(reply, refused, web);

    const faults = context.faults.strike(entry);
    entry.faults = faults.map((fault) => fault.kind);
    this.tracked.set(request, { entry, faults });
    for (const fault of faults) {
      if (fault.kind === 'cutUpload') void cutUpload(fault.atByte, request.raw.socket, context.timers);
    }
    if (faults.length === 0 || (await applyBefore(faults, reply, context.timers)) === 'go-on')
      return undefined;
    if (reply.raw.headersSent) entry.status = reply.raw.statusCode;
    return reply;
  }

  /** The status with which the web server itself refuses a request, or null. */
  private refuseForm(request: FastifyRequest, query: string): number | null {
    const { web } = this.context;
    if (web.hostNames.length > 0 && !web.hostNames.includes(request.hostname.replace(/:\d+$/, '')))
      return 400;
    return web.maxQueryLength !== null && query.length > web.maxQueryLength ? 404 : null;
  }

  private async delay(route: RouteName): Promise<void> {
    const { web, jitter, timers } = this.context;
    const bounds = web.delays[route] ?? web.delays.all;
    if (bounds) await timers.delay(jitter.integer(...bounds));
  }

  private isLastOfConnection(socket: Socket): boolean {
    const count = (this.served.get(socket) ?? 0) + 1;
    this.served.set(socket, count);
    const { requestsPerConnection } = this.context.web;
    return requestsPerConnection > 0 && count >= requestsPerConnection;
  }

  private closeSilently(reply: FastifyReply, { closesSilentlyAfterMs }: WebState): void {
    if (closesSilentlyAfterMs === null) return;
    const { socket } = reply.raw;
    reply.raw.once('finish', () => {
      this.context.timers.after(closesSilentlyAfterMs, () => socket?.end());
    });
  }

  private async send(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const { web, clock, timers } = this.context;
    writeHeaders(reply, web, clock.now());
    const tracked = this.tracked.get(request);
    if (!tracked) return formAnswer(reply, payload, web, false);
    const sent = await applyAfter(tracked.faults, reply, payload, timers);
    // Told before the client can know, so that a test which has its answer finds the status in the log.
    if (reply.raw.socket?.destroyed === false) tracked.entry.status = reply.statusCode;
    const isBroken = tracked.faults.some(({ kind }) => kind === 'cut' || kind === 'lostReply');
    return formAnswer(reply, sent, web, isBroken);
  }

  private async serve(route: ApiRoute, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { context } = this;
    const tracked = this.tracked.get(request);
    const signIn = this.signIn(request);
    if (!signIn.ok || !tracked) return this.challenge(request, reply);
    if (context.service.sweepsRetention) {
      context.recordings.removeBefore(context.clock.now() - context.service.retentionDays * 86_400_000);
    }
    const knowsLess = context.nodes.choose(route.name, request.raw.socket);
    if (commands.has(route.name) && knowsLess('commands')) return sendOutcome(reply, bare(409), context.web);
    const { id } = request.params as { readonly id?: string };
    const outcome = await handlers[route.name]({
      context,
      account: signIn.account,
      ...tracked,
      request,
      reply,
      id: id ?? null,
      query: new URLSearchParams(tracked.entry.query),
      knowsLess,
    });
    return outcome === null ? reply : sendOutcome(reply, outcome, context.web);
  }

  private signIn(request: FastifyRequest): SignInResult {
    const { accounts, web } = this.context;
    const { rawHeaders } = request.raw;
    const given = rawHeaders.filter((name, index) => index % 2 === 0 && /^authorization$/i.test(name));
    if (given.length > 1 && web.doubledAuthorization === 'refuse') return { ok: false, cause: 'unknown' };
    this.signIns += 1;
    if (web.refusesEvery > 0 && this.signIns % web.refusesEvery === 0) return { ok: false, cause: 'unknown' };
    return accounts.signIn(request.headers.authorization, web.basicCharset);
  }

  private challenge(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { web } = this.context;
    const lines = web.challenges.map((line) => line.replaceAll('{host}', request.hostname));
    if (lines.length > 0) reply.header('www-authenticate', lines);
    return sendPage(reply, 401, web);
  }

  private async refuseRoute(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { web, prefix, generation } = this.context;
    if (web.authenticatesFirst && !this.signIn(request).ok) return this.challenge(request, reply);
    const [path = '/'] = (request.raw.url ?? '/').split('?');
    const allowed = allowedMethods(path, prefix, generation);
    if (allowed.length === 0) return sendPage(reply, 404, web);
    reply.header('allow', allowed.join(', '));
    return sendPage(reply, 405, web);
  }
}

function sendPage(reply: FastifyReply, status: number, { errorStyle }: WebState): FastifyReply {
  reply.code(status);
  if (errorStyle === 'empty') return reply.send();
  if (errorStyle === 'json') return reply.type(json).send(webApiError(status));
  return reply.type(html).send(iisErrorPage(status));
}

function sendOutcome(reply: FastifyReply, outcome: Outcome, web: WebState): FastifyReply {
  if (outcome.body !== null) {
    return reply.code(outcome.status).type(json).send(JSON.stringify(outcome.body));
  }
  return outcome.status < 400 ? reply.code(outcome.status).send() : sendPage(reply, outcome.status, web);
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : 500;
}
