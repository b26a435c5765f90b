import { parseArgs } from 'node:util';
import type { Generation } from './api-routes';

/** What the command line asks for; files are still only named. */
export interface CliOptions {
  readonly port: number;
  readonly controlPort: number;
  readonly host: string;
  readonly generation: Generation;
  readonly recordings: number;
  readonly prefix: string;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly livingOffice: boolean;
  readonly seed: number;
  /** Epoch ms at which the server's clock starts; undefined means the machine's own clock. */
  readonly now: number | undefined;
}

export const usage = `Usage: npm run simulator -- [--port N] [--generation 2024|2025] [--recordings N]
  [--control-port N] [--host 127.0.0.1] [--prefix /path] [--tls-cert FILE --tls-key FILE] [--living-office] [--seed N]
  [--now 2027-03-28T01:30+01:00]`;

/**
 * Reads the command line.
 * @throws Error with a sentence for the user when it makes no sense.
 */
export function readCliOptions(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      generation: { type: 'string', default: '2024' },
      recordings: { type: 'string', default: '200' },
      prefix: { type: 'string', default: '' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'living-office': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      now: { type: 'string' },
    },
  });
  const whole = (name: 'port' | 'control-port' | 'recordings' | 'seed', most: number): number => {
    const text = values[name];
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > most)
      throw new Error(`--${name} must be a whole number up to ${most}.`);
    return value;
  };
  const now = values.now === undefined ? undefined : Date.parse(values.now);
  if (Number.isNaN(now)) throw new Error('--now must be a date and time like 2027-03-28T01:30+01:00.');
  const generation = Number(values.generation);
  if (generation !== 2024 && generation !== 2025) throw new Error('--generation must be 2024 or 2025.');
  const certFile = values['tls-cert'];
  const keyFile = values['tls-key'];
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new Error('--tls-cert and --tls-key belong together.');
  }
  return {
    port: whole('port', 65_535),
    controlPort: whole('control-port', 65_535),
    host: values.host,
    generation,
    recordings: whole('recordings', 1_000_000),
    prefix: values.prefix,
    tls: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
    livingOffice: values['living-office'],
    seed: whole('seed', 0xffff_ffff),
    now,
  };
}
