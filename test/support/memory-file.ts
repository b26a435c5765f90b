import { succeed } from '../../src-main/shared/errors';
import type { DocumentFile, Log } from '../../src-main/core/ports';

/** A document file in memory, which a second service can open after a "restart". */
export class MemoryFile implements DocumentFile {
  text: string | null;
  /** What was written, in order; empty where {@link keepWrites} is off. */
  readonly writes: string[] = [];
  /** Off where a world lives so long that only the newest text is of use. */
  keepWrites = true;
  readonly setAsideTexts: string[] = [];
  /** Whether another program holds it, so that it cannot be read now. */
  isHeld = false;

  constructor(
    readonly fileName: string,
    text: string | null = null,
  ) {
    this.text = text;
  }

  read(): Promise<string | null> {
    if (this.isHeld) return Promise.reject(Object.assign(new Error('held'), { code: 'EBUSY' }));
    return Promise.resolve(this.text);
  }

  write(text: string) {
    this.text = text;
    if (this.keepWrites) this.writes.push(text);
    return Promise.resolve(succeed(null));
  }

  setAside(): Promise<string> {
    if (this.text !== null) this.setAsideTexts.push(this.text);
    this.text = null;
    return Promise.resolve(`${this.fileName}.damaged`);
  }
}

/** A log that is read by nobody. */
export const silentLog: Log = { write: () => {} };

/** A log whose lines a test looks at. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    write: (level, message, facts) => lines.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
  };
}
