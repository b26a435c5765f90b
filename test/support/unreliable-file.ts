import type { DocumentFile } from '../../src-main/core/ports';
import { fail, succeed } from '../../src-main/shared/errors';
import type { Result } from '../../src-main/shared/errors';

/** A document file on a disk whose every trouble can be arranged. */
export class UnreliableFile implements DocumentFile {
  text: string | null;
  readonly fileName = 'settings.json';
  /** How often it was read or could not be. */
  reads = 0;
  /** The system's code of every failure to write. */
  writeCode = 'ENOSPC';
  readonly asides: string[] = [];
  isReadable = true;
  isWritable = true;
  canSetAside = true;
  /** Writes that are under way, until {@link finishWrites}. */
  #pending: (() => void)[] = [];
  isSlow = false;
  /** Most writes that were under way at once. */
  mostAtOnce = 0;

  constructor(text: string | null = null) {
    this.text = text;
  }

  read(): Promise<string | null> {
    this.reads += 1;
    if (this.isReadable) return Promise.resolve(this.text);
    return Promise.reject(Object.assign(new Error('no'), { code: 'EBUSY' }));
  }

  async write(text: string): Promise<Result<null>> {
    if (this.isSlow) {
      await new Promise<void>((resolve) => {
        this.#pending.push(resolve);
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#pending.length);
      });
    }
    if (!this.isWritable) return fail('settings-unwritable', 'settings', { message: this.writeCode });
    this.text = text;
    return succeed(null);
  }

  setAside(): Promise<string> {
    if (!this.canSetAside) return Promise.reject(new Error('EROFS'));
    if (this.text !== null) this.asides.push(this.text);
    this.text = null;
    return Promise.resolve(`settings.damaged-${this.asides.length}.json`);
  }

  /** Lets every slow write that is under way end. @returns how many there were */
  finishWrites(): number {
    const pending = this.#pending;
    this.#pending = [];
    for (const resolve of pending) resolve();
    return pending.length;
  }
}
