import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll } from 'vitest';

import { describeLargeTransfers } from './support/large-transfers';
import type { ProbeClient } from './support/probe-client';
import { connectProbe } from './support/probe-client';

let probe: ProbeClient;

beforeAll(async () => {
  const script = fileURLToPath(new URL('./support/probe-process.ts', import.meta.url));
  probe = await connectProbe(fork(script, { execArgv: ['--import', 'tsx'] }));
});

afterAll(async () => {
  await probe.close();
});

// Node alone lets go of what it read only after some 32 MB of it, however much follows: that is there beforehand.
describeLargeTransfers("over Node's network stack", () => probe, 64 * 1_048_576);
