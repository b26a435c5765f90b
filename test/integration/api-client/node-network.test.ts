import { describeNetworkStack } from './support/conformance';
import { createProbe } from './support/probe';
import type { ProbeAccount, ProbeClient } from './support/probe-client';
import type { ProbeOrder } from './support/probe-protocol';

const probe = createProbe(undefined, () => process.memoryUsage.rss());

const client: ProbeClient = {
  run: async <T>(account: ProbeAccount, order: ProbeOrder) =>
    (await probe({ ...account, sequence: 0, order })) as T,
  close: () => Promise.resolve(),
};

describeNetworkStack("over Node's network stack", () => client);
