import { app, session } from 'electron';

import { createNetTransport } from '../../../../src-main/electron/net-transport';
import { createProbe, serveParent } from '../../../integration/api-client/support/probe';

/** All processes of this Electron that a transfer goes through, bytes. */
function memory(): number {
  return app
    .getAppMetrics()
    .filter(({ type, name }) => type === 'Browser' || name === 'Network Service')
    .reduce((total, { memory: { workingSetSize } }) => total + workingSetSize * 1_024, 0);
}

async function serve(): Promise<void> {
  await app.whenReady();
  const queries = session.fromPartition('queries', { cache: false });
  const commands = session.fromPartition('commands', { cache: false });
  const proxy = process.env['RECLIGHT_TEST_PROXY'];
  for (const each of [queries, commands]) {
    await each.setProxy(
      proxy === undefined ? { mode: 'direct' } : { proxyRules: proxy, proxyBypassRules: '<-loopback>' },
    );
  }
  if (process.env['RECLIGHT_TEST_TRUST'] === '1') {
    for (const each of [queries, commands]) {
      each.setCertificateVerifyProc((_request, answer) => {
        answer(0);
      });
    }
  }
  serveParent(createProbe(createNetTransport(queries, commands), memory), () => {
    app.exit(0);
  });
}

app.on('window-all-closed', () => undefined);
void serve();
