import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import type { Account } from './accounts';
import { makeAwkward } from './behaviour/awkward';
import type { RecycleOptions } from './behaviour/recycling';
import * as schemas from './control-schemas';
import type { RenewOptions } from './live-recordings';
import type { Simulator } from './index';
import { formatDuration } from './iso-time';
import type { LiveRecording } from './live-recording';
import { plainSpeech } from './media/media-spec';
import type { Line } from './office';
import type { FaultInput } from './faults';
import type { RecordingInput } from './recording';
import * as states from './state-schemas';
import type { CallChange, CallInput, RecordingStart } from './telephony';

type Controlled = Omit<Simulator, 'controlUrl'>;
type Params = Readonly<Record<string, string | undefined>>;

class NotFound extends Error {}

/**
 * The control server: what tests in other processes do to the simulator, as JSON over HTTP on the loopback.
 * Its paths are listed in the README beside this file.
 */
export class ControlServer {
  private readonly app: FastifyInstance;

  constructor(private readonly simulator: Controlled) {
    this.app = Fastify({ forceCloseConnections: true, bodyLimit: 16 * 1_048_576 });
    this.app.removeAllContentTypeParsers();
    this.app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, body === '' ? {} : JSON.parse(String(body)));
      } catch (error) {
        done(
          new v.ValiError([
            {
              kind: 'schema',
              type: 'json',
              input: body,
              expected: 'JSON',
              received: 'text',
              message: String(error),
            },
          ]),
          undefined,
        );
      }
    });
    this.app.setErrorHandler((error, _request, reply) => {
      const status = error instanceof v.ValiError ? 400 : error instanceof NotFound ? 404 : 409;
      const message =
        error instanceof v.ValiError ? describeIssues(error) : error instanceof Error ? error.message : '';
      return reply.code(status).send({ error: message });
    });
    this.addState();
    this.addRequests();
    this.addFaults();
    this.addTelephony();
    this.addAccounts();
    this.addRecordings();
  }

  /** Listens on the loopback. Answers the address. */
  async listen(port: number): Promise<string> {
    await this.app.listen({ port, host: '127.0.0.1' });
    const address = this.app.server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private addState(): void {
    const { app, simulator } = this;
    const state = () => ({
      url: simulator.url,
      generation: simulator.generation,
      now: simulator.clock.now(),
      skewMs: simulator.clock.skewMs,
      driftPpm: simulator.clock.driftPpm,
      service: simulator.service,
      timing: simulator.timing,
      web: simulator.web,
      recordings: simulator.recordings.count,
      connections: simulator.connections(),
    });
    app.get('/state', state);
    app.patch('/service', (request) => {
      Object.assign(simulator.service, v.parse(states.servicePatch, request.body));
      return state();
    });
    app.patch('/timing', (request) => {
      Object.assign(simulator.timing, v.parse(states.timingPatch, request.body));
      return state();
    });
    app.patch('/clock', (request) => {
      Object.assign(simulator.clock, v.parse(states.clockPatch, request.body));
      return state();
    });
    app.patch('/web', (request) => {
      Object.assign(simulator.web, v.parse(states.webPatch, request.body));
      return state();
    });
    app.post('/awkward', () => {
      makeAwkward(simulator);
      return state();
    });
    app.post('/certificate', (request) => {
      simulator.setCertificate(v.parse(schemas.newCertificate, request.body));
      return {};
    });
    app.post('/office', (request) => {
      simulator.setDemoOffice(v.parse(schemas.officeOrder, request.body).living);
      return state();
    });
    app.get('/audit', () => simulator.audit.events);
    app.post('/audit/clear', () => {
      simulator.audit.clear();
      return {};
    });
  }

  private addRequests(): void {
    const { app, simulator } = this;
    app.get('/requests', () => simulator.requests.entries);
    app.post('/requests/clear', () => {
      simulator.requests.clear();
      return {};
    });
    app.post('/requests/wait', (request) => {
      const wanted = v.parse(schemas.requestWait, request.body);
      return simulator.requests.waitForRequest(
        (entry) =>
          (wanted.route === undefined || entry.route === wanted.route) &&
          (wanted.method === undefined || entry.method === wanted.method) &&
          (wanted.status === undefined || entry.status === wanted.status) &&
          (wanted.username === undefined || entry.username === wanted.username) &&
          (wanted.urlContains === undefined || entry.url.includes(wanted.urlContains)) &&
          entry.sequence > (wanted.after ?? 0),
        wanted.timeoutMs,
      );
    });
  }

  private addFaults(): void {
    const { app, simulator } = this;
    const list = () => simulator.faults.list().map(({ id, action, hits }) => ({ id, action, hits }));
    app.get('/faults', list);
    app.post('/faults', (request) => {
      // Schema and type say the same; the parser's optional fields may hold `undefined`, the type's may not.
      const { id } = simulator.faults.add(v.parse(schemas.newFault, request.body) as FaultInput);
      return { id };
    });
    app.delete('/faults', () => {
      simulator.faults.clear();
      return {};
    });
    app.delete('/faults/:id', (request) =>
      found(simulator.faults.remove(Number(parameter(request, 'id'))), 'fault'),
    );
    app.post('/down', async () => {
      await simulator.faults.goDown();
      return {};
    });
    app.post('/up', async () => {
      await simulator.faults.comeUp();
      return {};
    });
    app.post('/recycle', (request) => {
      simulator.faults.recycle(v.parse(schemas.recycleOrder, request.body) as RecycleOptions);
      return {};
    });
    app.post('/connections/reset', () => {
      simulator.resetConnections();
      return {};
    });
  }

  private addTelephony(): void {
    const { app, simulator } = this;
    const { telephony } = simulator;
    app.get('/devices', () => telephony.devices());
    app.post('/devices', (request) => {
      telephony.setDevice(v.parse(schemas.newDevice, request.body));
      return {};
    });
    app.patch('/devices/:name', (request) =>
      telephony.updateDevice(
        parameter(request, 'name'),
        v.parse(schemas.devicePatch, request.body) as Parameters<typeof telephony.updateDevice>[1],
      ),
    );
    app.get('/lines', () => telephony.lines());
    app.post('/lines', (request) => {
      telephony.setLine(v.parse(schemas.newLine, request.body) as Line);
      return {};
    });
    app.get('/calls', () => telephony.calls());
    app.post('/calls', (request) =>
      telephony.connectCall(v.parse(schemas.newCall, request.body) as CallInput),
    );
    app.patch('/calls/:id', (request) => {
      const id = parameter(request, 'id');
      found(
        telephony.calls().some((call) => call.id === id),
        'call',
      );
      return telephony.changeCall(id, v.parse(schemas.callPatch, request.body) as CallChange);
    });
    app.delete('/calls', () => {
      telephony.endAllCalls();
      return {};
    });
    app.delete('/calls/:id', (request) => {
      const { saving } = v.parse(schemas.callEnd, request.body ?? {});
      return found(telephony.endCall(parameter(request, 'id'), saving), 'call');
    });
    app.get('/live', () => telephony.live().map(describeLive));
    app.get('/live/buffered', () => telephony.buffered().map(describeLive));
    app.post('/live', (request) =>
      describeLive(telephony.startRecording(v.parse(schemas.newLive, request.body) as RecordingStart)),
    );
    app.post('/live/:id/renew', (request) => {
      const id = parameter(request, 'id');
      found(telephony.getLive(id) !== undefined, 'recording in progress');
      return { id: telephony.renew(id, v.parse(schemas.liveRenewal, request.body) as RenewOptions) };
    });
    app.post('/live/:id/forget', (request) => {
      const id = parameter(request, 'id');
      const live = telephony.getLive(id);
      telephony.forget(live?.id ?? '', v.parse(schemas.liveForgetting, request.body).times);
      return found(live !== undefined, 'recording in progress');
    });
    app.delete('/live/:id', (request) => {
      const { saving } = v.parse(schemas.callEnd, request.body ?? {});
      return found(telephony.finish(parameter(request, 'id'), saving), 'recording in progress');
    });
    const setPaused = (request: FastifyRequest, paused: boolean) => {
      const live = telephony.getLive(parameter(request, 'id'));
      if (!live) throw new NotFound('There is no such recording in progress.');
      if (paused) live.pause();
      else live.resume();
      telephony.notify();
      return describeLive(live);
    };
    app.post('/live/:id/pause', (request) => setPaused(request, true));
    app.post('/live/:id/resume', (request) => setPaused(request, false));
  }

  private addAccounts(): void {
    const { app, simulator } = this;
    const { accounts } = simulator;
    const describe = ({ password: _, ...account }: Account) => ({
      ...account,
      failures: accounts.failures(account.username),
      locked: accounts.isLocked(account.username),
    });
    app.get('/accounts', () => accounts.all().map(describe));
    app.post('/accounts', (request) =>
      describe(accounts.add(v.parse(schemas.newAccount, request.body) as Parameters<typeof accounts.add>[0])),
    );
    app.patch('/accounts/:username', (request) => {
      const username = parameter(request, 'username');
      found(accounts.get(username) !== undefined, 'account');
      return describe(
        accounts.update(
          username,
          v.parse(schemas.accountPatch, request.body) as Partial<Omit<Account, 'username'>>,
        ),
      );
    });
    app.post('/accounts/:username/unlock', (request) => {
      const username = parameter(request, 'username');
      found(accounts.get(username) !== undefined, 'account');
      accounts.unlock(username);
      return {};
    });
    app.delete('/accounts/:username', (request) =>
      found(accounts.remove(parameter(request, 'username')), 'account'),
    );
  }

  private addRecordings(): void {
    const { app, simulator } = this;
    const { recordings } = simulator;
    app.get('/recordings', (request) => {
      const { limit } = request.query as Params;
      return recordings.all().slice(0, Number(limit ?? 100));
    });
    app.post('/recordings', (request) => {
      const { media, ...input } = v.parse(schemas.newRecording, request.body);
      return recordings.add({ ...input, media: { ...plainSpeech, ...media } } as RecordingInput);
    });
    app.post('/recordings/seed', (request) => {
      simulator.seedRecordings(v.parse(schemas.seedOrder, request.body).count);
      return { count: recordings.count };
    });
    app.get('/recordings/:id', (request) => {
      const recording = recordings.get(parameter(request, 'id'));
      if (!recording) throw new NotFound('There is no such recording.');
      return recording;
    });
    app.patch('/recordings/:id', (request) => {
      const id = parameter(request, 'id');
      found(recordings.get(id) !== undefined, 'recording');
      return recordings.update(id, v.parse(schemas.recordingPatch, request.body) as RecordingInput);
    });
    app.delete('/recordings/:id', (request) =>
      found(recordings.remove(parameter(request, 'id')), 'recording'),
    );
    app.delete('/recordings', () => {
      recordings.clear();
      return {};
    });
    app.patch('/recordings/:id/media', (request) => {
      const id = parameter(request, 'id');
      found(recordings.get(id) !== undefined, 'recording');
      return recordings.setMedia(
        id,
        v.parse(schemas.mediaPatch, request.body) as Parameters<typeof recordings.setMedia>[1],
      );
    });
  }
}

function parameter(request: FastifyRequest, name: string): string {
  return (request.params as Params)[name] ?? '';
}

function found(isThere: boolean, what: string): Readonly<Record<string, never>> {
  if (!isThere) throw new NotFound(`There is no such ${what}.`);
  return {};
}

function describeLive(live: LiveRecording) {
  return {
    ...live.facts,
    startedMs: live.startedMs,
    durationMs: live.durationMs,
    duration: formatDuration(live.durationMs),
    isPaused: live.isPaused,
  };
}

function describeIssues(error: v.ValiError<v.GenericSchema>): string {
  return error.issues.map((issue) => `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`).join('; ');
}
