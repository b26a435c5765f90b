import { join } from 'node:path';

import electronLog from 'electron-log/node';

import type { Disposable } from '../core/ports/clock';
import type { Log, LogLevel } from '../core/ports/desktop';
import { redacted } from './api/scrub';

/** Where and how much is logged. */
export interface LogOptions {
  /** Absolute; made when needed. */
  readonly folder: string;
  /** After which the file is put aside as `reclight.old.log`, which it replaces. */
  readonly maxBytes?: number;
  /** The least important level that is kept. */
  readonly level?: LogLevel;
  /** Whether to print as well: for development. */
  readonly console?: boolean;
}

/** The name of the newest log file in the folder. */
export const logFileName = 'reclight.log';

// Facts must hold no secret in the first place; these catch a mistake of ours.
const secrets: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(authorization["']?\s*[:=]\s*["']?)(?:[A-Za-z]+\s+)?[^\s"',}]+/gi, `$1${redacted}`],
  [/\b(Basic|Bearer|Digest|Negotiate|NTLM)\s+[A-Za-z0-9+/=_~.-]{4,}/gi, `$1 ${redacted}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"']*@/gi, `$1${redacted}@`],
  // As text, as JSON, and as JSON within JSON.
  [
    /((?:password|passwd|pwd|secret)[\\"']*\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"|\\"(?:(?!\\").)*\\"|[^\s,;}"]+)/gi,
    `$1${redacted}`,
  ],
];

/** A text without what looks like credentials. */
export function redact(text: string): string {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/** Opens the log; a line is a time, a level, a constant message and, as JSON, its facts. */
export function createLog(options: LogOptions): Log & Disposable {
  const { folder, maxBytes = 1_048_576, level = 'info', console: printed = false } = options;
  const logger = electronLog.create({ logId: `reclight:${folder}` });
  const { file, console: terminal, remote, ipc } = logger.transports;
  file.resolvePathFn = () => join(folder, logFileName);
  file.setAppName('RecLight');
  file.maxSize = maxBytes;
  file.level = level;
  file.format = '{iso} [{level}] {text}';
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  terminal.level = printed ? level : false;
  remote.level = false;
  if (ipc) ipc.level = false;
  logger.hooks.push((message) => ({
    ...message,
    data: message.data.map((part: unknown) => (typeof part === 'string' ? redact(part) : redacted)),
  }));
  let open = true;

  return {
    write: (at, message, facts) => {
      if (!open) return;
      // JSON keeps a line a line, whatever a fact holds.
      logger[at](facts === undefined ? message : `${message} ${JSON.stringify(facts)}`);
    },
    dispose: () => {
      open = false;
    },
  };
}
