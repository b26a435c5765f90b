import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RequestListener } from 'node:http';
import type { Account } from './accounts';
import { readBasic } from './accounts';
import { allowedMethods, apiPath, type ApiRoute, apiRoutes, loginPath, routeNameOf } from './api-routes';
import { type Context, routesOf } from './context';
import type { FaultAction } from './faults';
import { Listener, type TlsFiles } from './listener';
import type { Outcome } from './outcome';
import { applicationLoginPage, iisErrorPage } from './pages';
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
import { applyAfter, applyBefore, cutUpload } from './wire-faults';

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

/** The web server of the API: Basic authentication, IIS's manners, and faults on demand. */
export class WebServer {
  private readonly tracked = new WeakMap<FastifyRequest, Tracked>();
  private readonly app: FastifyInstance;
  private handle: RequestListener | null = null;
  readonly listener: Listener;

  constructor(
    private readonly context: Context,
    host: string,
    tls: TlsFiles | null,
  ) {
    this.listener = new Listener((request, response) => this.handle?.(request, response), host, tls);
    this.app = Fastify({
      serverFactory: (handle) => {
        this.handle = handle;
        return this.listener.server;
      },
      exposeHeadRoutes: false,
      bodyLimit: 1_048_576,
      // Paths are compared without case, as IIS does.
      routerOptions: { caseSensitive: false, maxParamLength: 1_000 },
      frameworkErrors: (_error, _request, reply) => void sendPage(reply, 400),
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
    app.setErrorHandler((error: unknown, _request, reply) => void sendPage(reply, statusOf(error)));
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
    const url = request.raw.url ?? '/';
    const [path = '/', query = ''] = url.split(/\?(.*)/s);
    const method = request.method;
    const credentials = readBasic(request.headers.authorization);
    const entry = context.requests.begin({
      method,
      url,
      path,
      query,
      route: routeNameOf(method, path, context.prefix),
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

  private async send(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    reply.header('server', 'Microsoft-IIS/10.0').header('x-powered-by', 'ASP.NET');
    reply.header('date', new Date(this.context.clock.now()).toUTCString());
    const tracked = this.tracked.get(request);
    if (!tracked) return payload;
    const sent = await applyAfter(tracked.faults, reply, payload, this.context.timers);
    // Told before the client can know, so that a test which has its answer finds the status in the log.
    if (reply.raw.socket?.destroyed === false) tracked.entry.status = reply.statusCode;
    return sent;
  }

  private async serve(route: ApiRoute, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { context } = this;
    const tracked = this.tracked.get(request);
    const signIn = context.accounts.signIn(request.headers.authorization);
    if (!signIn.ok || !tracked) {
      reply.header('www-authenticate', `Basic realm="${request.hostname}"`);
      return sendPage(reply, 401);
    }
    const { id } = request.params as { readonly id?: string };
    const outcome = await handlers[route.name]({
      context,
      account: signIn.account,
      ...tracked,
      request,
      reply,
      id: id ?? null,
      query: new URLSearchParams(tracked.entry.query),
    });
    return outcome === null ? reply : sendOutcome(reply, outcome);
  }

  private async refuseRoute(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const [path = '/'] = (request.raw.url ?? '/').split('?');
    const allowed = allowedMethods(path, this.context.prefix, this.context.generation);
    if (allowed.length === 0) return sendPage(reply, 404);
    reply.header('allow', allowed.join(', '));
    return sendPage(reply, 405);
  }
}

function sendPage(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).type(html).send(iisErrorPage(status));
}

function sendOutcome(reply: FastifyReply, outcome: Outcome): FastifyReply {
  if (outcome.body !== null) {
    return reply
      .code(outcome.status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(outcome.body));
  }
  return outcome.status < 400 ? reply.code(outcome.status).send() : sendPage(reply, outcome.status);
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : 500;
}
