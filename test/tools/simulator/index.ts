import { Accounts } from './accounts';
import { apiPath, type Generation } from './api-routes';
import { AuditTrail } from './audit';
import { makeAwkward } from './behaviour/awkward';
import { NodeChoice } from './behaviour/node-choice';
import { Recycling } from './behaviour/recycling';
import { createWebState, type WebState } from './behaviour/web-state';
import { type Clock, createClock } from './clock';
import type { Context } from './context';
import { ControlServer } from './control-server';
import { Faults } from './faults';
import { createZone } from './iso-time';
import { Listing } from './listing';
import type { TlsFiles, TlsOptions } from './listener';
import { DemoOffice, type DemoOfficeOptions } from './demo-office';
import { MediaLibrary } from './media/media-library';
import { UploadedMedia } from './media/uploaded-media';
import { createDefaultOffice, type Office } from './office';
import { createRandom } from './random';
import { Recordings } from './recordings';
import { RequestLog } from './request-log';
import { seedRecordings } from './seed';
import { createServiceState, createTiming, type ServiceState, type Timing } from './service-state';
import { Telephony } from './telephony';
import { Timers } from './timers';
import { WebServer } from './web-server';

export type { Generation } from './api-routes';
export { type ControlClient, createControlClient } from './control-client';
export type { FaultAction } from './faults';
export type { TlsFiles } from './listener';
export type { MediaSpec } from './media/media-spec';
export { createDefaultOffice, type Office } from './office';
export type { Recording } from './recording';
export { matchesFilters } from './rhs-filter';

/** How to start a simulator; everything has a default. */
export interface SimulatorOptions {
  /** Port of the API; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Port of the control server, on the loopback only; 0 (the default) takes a free one. */
  readonly controlPort?: number;
  /** Address to listen on, 127.0.0.1 by default. */
  readonly host?: string;
  /** Which of the vendor's generations to be; 2024 by default. */
  readonly generation?: Generation;
  /** How many past recordings to seed; none by default. */
  readonly recordings?: number;
  /** Epoch ms at which the server's clock starts, or a function that tells the time. */
  readonly now?: number | (() => number);
  /** The server's time zone, Europe/Rome by default. */
  readonly timeZone?: string;
  /** Users, phones, lines and contacts; see {@link createDefaultOffice}. */
  readonly office?: Office;
  /** A path under which the site publishes the API, e.g. `/voice`. */
  readonly pathPrefix?: string;
  /** Serves https, set up like this. */
  readonly tls?: TlsOptions;
  /** What differs of the service, its timing and the web server from the beginning. */
  readonly service?: Partial<ServiceState>;
  readonly timing?: Partial<Timing>;
  readonly web?: Partial<WebState>;
  /** Everything awkward at once ({@link makeAwkward}); what the three above say still holds. */
  readonly awkward?: boolean;
  /** Makes seeded data and ids; 1 by default. */
  readonly seed?: number;
  /** Lets calls come and go on the agents' lines. */
  readonly demoOffice?: boolean | DemoOfficeOptions;
}

/** A running simulator. Everything in it may be looked at and changed while clients use it. */
export interface Simulator {
  /** The server address a user would type: scheme, host, port and prefix. */
  readonly url: string;
  /** Where the functions of the API lie, without trailing slash. */
  readonly apiUrl: string;
  readonly controlUrl: string;
  readonly generation: Generation;
  readonly office: Office;
  readonly clock: Clock;
  readonly service: ServiceState;
  readonly timing: Timing;
  readonly web: WebState;
  readonly accounts: Accounts;
  readonly telephony: Telephony;
  readonly recordings: Recordings;
  readonly faults: Faults;
  readonly audit: AuditTrail;
  readonly requests: RequestLog;
  /** Connections to the API that are open now. */
  connections(): number;
  /** Resets all open connections, but goes on listening. */
  resetConnections(): void;
  /** Presents another certificate from now on (https only). */
  setCertificate(tls: TlsFiles): void;
  /** Adds so many past recordings. */
  seedRecordings(count: number): void;
  /** Starts or stops the calls that come and go by themselves. */
  setDemoOffice(on: boolean | DemoOfficeOptions): void;
  /** Ends everything: sockets, timers, encoders, temporary files. */
  close(): Promise<void>;
}

/**
 * Starts a simulator of the Call Recording server: the API on one port, the control server on another.
 * @throws the system's error when a port cannot be had.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const prefix = normalisePrefix(options.pathPrefix ?? '');
  const generation = options.generation ?? 2024;
  const office = options.office ?? createDefaultOffice();
  const random = createRandom(options.seed ?? 1);
  const clock = createClock(options.now);
  const zone = createZone(options.timeZone ?? 'Europe/Rome');
  const timers = new Timers();
  const service = createServiceState(generation);
  const timing = createTiming();
  const webState = createWebState();
  if (options.awkward === true) makeAwkward({ service, timing, web: webState });
  Object.assign(service, options.service);
  Object.assign(timing, options.timing);
  Object.assign(webState, options.web);
  const accounts = new Accounts(clock, () => service.allowBasicAuthForSsoUsers);
  for (const account of office.accounts) accounts.add(account);
  const recordings = new Recordings(clock, random);
  const seed = (count: number): void => seedRecordings({ recordings, clock, random, office }, count);
  seed(options.recordings ?? 0);
  const telephony = new Telephony({ ...office, clock, timers, accounts, service, timing, recordings });
  const uploads = new UploadedMedia();
  const recycling = new Recycling(clock, timers, () => telephony.loseRecordings());
  const faults = new Faults({
    recycle: (how) => recycling.start(how),
    goDown: () => web.listener.stop('reset'),
    comeUp: async () => void (await web.listener.listen()),
  });
  const context: Context = {
    generation,
    prefix,
    clock,
    zone,
    timers,
    accounts,
    service,
    timing,
    telephony,
    recordings,
    listing: new Listing({ recordings, accounts, zone, clock, service }),
    media: new MediaLibrary(uploads),
    uploads,
    audit: new AuditTrail(),
    faults,
    requests: new RequestLog(),
    web: webState,
    nodes: new NodeChoice(service),
    recycling,
    jitter: createRandom((options.seed ?? 1) + 1),
  };
  const web = new WebServer(context, host, options.tls ?? null);
  await web.prepare();

  let living: DemoOffice | null = null;
  const setDemoOffice = (on: boolean | DemoOfficeOptions): void => {
    living?.dispose();
    living = null;
    if (on === false) return;
    living = new DemoOffice({ office, telephony, random, timers }, on === true ? undefined : on);
    living.start();
  };

  const port = await web.listener.listen(options.port ?? 0);
  const url = `${web.listener.scheme}://${bracketed(host)}:${port}${prefix}`;
  const closeWeb = async (): Promise<void> => {
    setDemoOffice(false);
    await web.close();
    timers.dispose();
    await uploads.dispose();
  };
  const simulator: Omit<Simulator, 'controlUrl'> = {
    url,
    apiUrl: `${url}${apiPath}`,
    generation,
    office,
    clock,
    service,
    timing,
    web: webState,
    accounts,
    telephony,
    recordings,
    faults,
    audit: context.audit,
    requests: context.requests,
    connections: () => web.listener.connections,
    resetConnections: () => web.listener.dropConnections('reset'),
    setCertificate: (tls) => web.listener.setCertificate(tls),
    seedRecordings: seed,
    setDemoOffice,
    close: closeWeb,
  };
  const control = new ControlServer(simulator);
  try {
    const controlUrl = await control.listen(options.controlPort ?? 0);
    setDemoOffice(options.demoOffice ?? false);
    return Object.assign(simulator, {
      controlUrl,
      close: async () => {
        await control.close();
        await closeWeb();
      },
    });
  } catch (error) {
    await closeWeb();
    throw error;
  }
}

function normalisePrefix(prefix: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
