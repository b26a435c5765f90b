import { createConnector } from '../../../src-main/infra/api/connector';
import { createKeytarStore } from '../../../src-main/infra/keychain';

const account = { serverAddress: 'https://recorder.example', username: 'anna' };

// Reports what a connector finds on the desktop that its environment names.
async function report(): Promise<void> {
  const connector = createConnector({
    secrets: createKeytarStore(20_000),
    createApi: () => Promise.reject(new Error('not asked for')),
    keychainProbeMs: 20_000,
  });
  process.send?.({
    available: await connector.keychainAvailable(),
    remembered: await connector.connect(account, 'Pl4nted').remember(),
    reconnected: await connector.reconnect(account),
    forgotten: await connector.forget(account),
  });
}

process.on('disconnect', () => process.exit(0));
void report();
