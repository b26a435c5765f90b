import { readFileSync } from 'node:fs';
import { type CliOptions, readCliOptions, usage } from './cli-options';
import { startSimulator } from './index';
import type { TlsOptions } from './listener';

/** Runs the simulator until SIGTERM or SIGINT. Prints one line of JSON when ready, then one for people. */
async function main(): Promise<void> {
  const { tls, prefix, now, ...options } = readCliOptions(process.argv.slice(2));
  const simulator = await startSimulator({
    ...options,
    pathPrefix: prefix,
    ...(now === undefined ? {} : { now }),
    ...(tls ? { tls: readTls(tls) } : {}),
  });
  const { url, controlUrl, generation } = simulator;
  const recordings = simulator.recordings.count;
  process.stdout.write(`${JSON.stringify({ ready: true, url, controlUrl, generation, recordings })}\n`);
  process.stdout.write(
    `Simulator of generation ${generation} with ${recordings} recordings at ${url}, controlled at ${controlUrl}\n`,
  );
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
}

function readTls({ certFile, keyFile, caFile, ...options }: NonNullable<CliOptions['tls']>): TlsOptions {
  return {
    ...options,
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
  };
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exit(1);
}

main().catch(fail);
