import { parseArgs } from 'node:util';
import type { SecureVersion } from 'node:tls';
import * as v from 'valibot';
import type { Generation } from './api-routes';
import type { WebState } from './behaviour/web-state';
import type { ServiceState, Timing } from './service-state';
import { servicePatch, timingPatch, webPatch } from './state-schemas';

/** What the command line asks for; files are still only named. */
export interface CliOptions {
  readonly port: number;
  readonly controlPort: number;
  readonly host: string;
  readonly generation: Generation;
  readonly recordings: number;
  readonly prefix: string;
  readonly tls: CliTls | null;
  readonly demoOffice: boolean;
  readonly seed: number;
  /** Epoch ms at which the server's clock starts; undefined means the machine's own clock. */
  readonly now: number | undefined;
  readonly awkward: boolean;
  readonly service: Partial<ServiceState>;
  readonly timing: Partial<Timing>;
  readonly web: Partial<WebState>;
}

interface CliTls {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile?: string;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  readonly clientCertificate?: 'ask' | 'require';
}

export const usage = `Usage: npm run simulator -- [--port N] [--generation 2024|2025] [--recordings N]
  [--control-port N] [--host 127.0.0.1] [--prefix /path] [--tls-cert FILE --tls-key FILE] [--demo-office] [--seed N]
  [--now 2027-03-28T01:30+01:00]
  [--tls-min TLSv1.2] [--tls-max TLSv1.3] [--client-certificate ask|require] [--client-ca FILE]
  [--awkward] [--set service.NAME=VALUE] [--set timing.NAME=VALUE] [--set web.NAME=VALUE]`;

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
      'demo-office': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      now: { type: 'string' },
      'tls-min': { type: 'string' },
      'tls-max': { type: 'string' },
      'client-certificate': { type: 'string' },
      'client-ca': { type: 'string' },
      awkward: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
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
    tls:
      certFile === undefined || keyFile === undefined
        ? null
        : ({
            certFile,
            keyFile,
            ...oneOf('tls-min', 'minVersion', values['tls-min'], tlsVersions),
            ...oneOf('tls-max', 'maxVersion', values['tls-max'], tlsVersions),
            ...oneOf('client-certificate', 'clientCertificate', values['client-certificate'], [
              'ask',
              'require',
            ]),
            ...(values['client-ca'] === undefined ? {} : { caFile: values['client-ca'] }),
          } as CliTls),
    demoOffice: values['demo-office'],
    seed: whole('seed', 0xffff_ffff),
    now,
    awkward: values.awkward,
    ...readSettings(values.set),
  };
}

const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

function oneOf(
  option: string,
  field: string,
  value: string | undefined,
  allowed: readonly string[],
): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!allowed.includes(value)) throw new Error(`--${option} must be one of ${allowed.join(', ')}.`);
  return { [field]: value };
}

const groups = { service: servicePatch, timing: timingPatch, web: webPatch } as const;

/** Reads `web.compress=gzip`: a value that is no JSON is a text. */
function readSettings(given: readonly string[]): Pick<CliOptions, keyof typeof groups> {
  const read: Record<keyof typeof groups, Record<string, unknown>> = { service: {}, timing: {}, web: {} };
  for (const setting of given) {
    const [, group, name, text] = /^(service|timing|web)\.(\w+)=(.*)$/s.exec(setting) ?? [];
    if (group === undefined || name === undefined || text === undefined) {
      throw new Error(`--set takes service.NAME=VALUE, timing.NAME=VALUE or web.NAME=VALUE, not ${setting}.`);
    }
    const patch = { [name]: parseValue(text) };
    const parsed = v.safeParse(groups[group as keyof typeof groups], patch);
    if (!parsed.success) throw new Error(`--set ${setting}: ${parsed.issues[0].message}`);
    Object.assign(read[group as keyof typeof groups], patch);
  }
  return read;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
