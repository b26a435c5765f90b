import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import type { HttpNetwork } from './http-network';

/** Node's own network stack, for tests and tools. */
export function createNodeNetwork(): HttpNetwork {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });
  return {
    settings: { adapter: 'http', httpAgent, httpsAgent },
    dropIdleConnections: () => {
      for (const { freeSockets } of [httpAgent, httpsAgent]) {
        for (const socket of Object.values(freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
      }
      return Promise.resolve();
    },
    dispose: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
