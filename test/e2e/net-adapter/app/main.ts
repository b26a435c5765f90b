import { app, session } from 'electron';

import { noteSelfSigned } from '../../../../src-main/electron/certificates';
import { createNetAdapter } from '../../../../src-main/electron/net-adapter';
import { createNetworkSessions } from '../../../../src-main/electron/network-sessions';
import { createSystemClock } from '../../../../src-main/infra/system-clock';
import { createProbe, serveParent } from '../../../integration/api-client/support/probe';
import { silentLog } from '../../../fixtures/memory-file';

/** All processes of this Electron that a transfer goes through, bytes. */
function memory(): number {
  return app
    .getAppMetrics()
    .filter(({ type, name }) => type === 'Browser' || name === 'Network Service')
    .reduce((total, { memory: { workingSetSize } }) => total + workingSetSize * 1_024, 0);
}

async function serve(): Promise<void> {
  await app.whenReady();
  const proxy = process.env['RECLIGHT_TEST_PROXY'];
  const settled: Promise<void>[] = [];
  const sessions = createNetworkSessions({
    children: app,
    log: silentLog,
    open: (partition) => {
      const opened = session.fromPartition(partition, { cache: false });
      settled.push(
        opened.setProxy(
          proxy === undefined ? { mode: 'direct' } : { proxyRules: proxy, proxyBypassRules: '<-loopback>' },
        ),
      );
      return opened;
    },
    noteSelfSigned:
      process.env['RECLIGHT_TEST_TRUST'] === '1'
        ? (opened) => {
            opened.setCertificateVerifyProc((_request, answer) => {
              answer(0);
            });
          }
        : noteSelfSigned,
    clock: createSystemClock(),
  });
  sessions.current();
  await Promise.all(settled);
  serveParent(createProbe(createNetAdapter(sessions), memory), () => {
    app.exit(0);
  });
}

app.on('window-all-closed', () => undefined);
void serve();
