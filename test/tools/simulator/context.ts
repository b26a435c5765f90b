import type { Accounts } from './accounts';
import type { ApiRoute, Generation } from './api-routes';
import type { AuditTrail } from './audit';
import type { NodeChoice } from './behaviour/node-choice';
import type { Recycling } from './behaviour/recycling';
import type { WebState } from './behaviour/web-state';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Zone } from './iso-time';
import type { Listing } from './listing';
import type { MediaLibrary } from './media/media-library';
import type { UploadedMedia } from './media/uploaded-media';
import type { Random } from './random';
import type { Recordings } from './recordings';
import type { RequestLog } from './request-log';
import type { ServiceState, Timing } from './service-state';
import type { Telephony } from './telephony';
import type { Timers } from './timers';

/** Everything the functions of the API work on. */
export interface Context {
  readonly generation: Generation;
  /** Empty, or a path with leading and without trailing slash. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly timers: Timers;
  readonly accounts: Accounts;
  readonly service: ServiceState;
  readonly timing: Timing;
  readonly telephony: Telephony;
  readonly recordings: Recordings;
  readonly listing: Listing;
  readonly media: MediaLibrary;
  readonly uploads: UploadedMedia;
  readonly audit: AuditTrail;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly web: WebState;
  readonly nodes: NodeChoice;
  readonly recycling: Recycling;
  /** Draws delays; apart from the generator of data, so that these stay the same. */
  readonly jitter: Random;
}

/** The routes this generation of the server has. */
export function routesOf(routes: readonly ApiRoute[], generation: Generation): readonly ApiRoute[] {
  return routes.filter((route) => route.since <= generation);
}
