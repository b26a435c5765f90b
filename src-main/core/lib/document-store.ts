import * as v from 'valibot';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { createEmitter } from './emitter';
import { parseJsonText } from './json-text';
import { systemCode } from './system-code';
import type { Clock, Disposable } from '../ports/clock';
import type { DocumentFile } from '../ports/files';
import type { Log } from '../ports/desktop';

/** What a file of ours holds, and how to treat one that is not as we left it. */
export interface DocumentKind<Value extends object> {
  /** The file's name in the user data folder. */
  readonly name: string;
  /** Grows only where an older RecLight could not read the file rightly; it is written into the file. */
  readonly version: number;
  /** What a sound file holds; fields it does not know are ignored. */
  readonly schema: v.GenericSchema<unknown, Value>;
  /** What a new user has. */
  readonly empty: () => Value;
  /**
   * Joins a file that could be read only late with what was changed meanwhile.
   * @param onDisk what the file holds
   * @param meanwhile what began as `empty` and was changed since
   */
  readonly merge: (onDisk: Value, meanwhile: Value) => Value;
  /** What is still sound of a damaged file; nothing where it is left out. @param parsed any JSON */
  readonly salvage?: (parsed: unknown) => Value;
}

/** Why a file could not be used as it should; each is told once, until it is over. */
export type DocumentTrouble =
  /** It exists and cannot be read now. It is left alone, and tried again. */
  | 'unreadable'
  /** It was no file of ours any more, and was kept under another name. */
  | 'damaged'
  /** A newer RecLight wrote it: it is read as far as possible, and never written. */
  | 'newer'
  /** The disk is full or may not be written. What the file held before is still there; writing is tried again. */
  | 'unwritable';

/** What a document needs of its surroundings. */
export interface DocumentContext {
  readonly clock: Clock;
  readonly log: Log;
  /**
   * @param name of the file
   * @param keptAs the name under which a damaged one was kept
   */
  readonly trouble: (trouble: DocumentTrouble, name: string, keptAs: string | null) => void;
  /** A trouble that was told is over. */
  readonly solved: (trouble: DocumentTrouble, name: string) => void;
}

/** One JSON file of ours. Nothing that it holds is ever overwritten unread. */
export interface OpenDocument<Value extends object> extends Disposable {
  /**
   * Reads the file, for about two seconds where it cannot be read at once. Never rejects. A change begins it where
   * nobody else has.
   */
  load(): Promise<void>;
  /** Whether the file was read, or is known to be missing. */
  isRead(): boolean;
  /** The value in force: what the file held, joined with what was changed since. */
  value(): Value;
  /**
   * Puts a value in force at once and writes it soon; of several in a row only the last is written.
   * @param isAnswered whether the caller tells its user of a failure, so that it is not told twice
   * @returns when it is on disk; `settings-unwritable` where it is not, and is tried again
   */
  change(next: Value, isAnswered?: boolean): Promise<Result<null>>;
  /**
   * Called when the file was read only after `load` had given up; `value` then holds both.
   * @param listener is told what the file alone held
   */
  onReadLate(listener: (onDisk: Value) => void): Disposable;
  /** Resolves when everything is written, or was tried once more. */
  settled(): Promise<void>;
}

/** Waits between the attempts of one reading or writing, ms: a virus scanner holds a file for moments. */
const patienceMs = [50, 100, 200, 400, 800] as const;
/** Wait until the next attempt after that, ms; doubled each time. */
const retryMs = { first: 2_000, longest: 60_000 } as const;
/** Failures to write that may be over in a moment; a disk that is full stays full. */
const transientCodes: readonly (string | undefined)[] = [
  'EACCES',
  'EPERM',
  'EBUSY',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
];

type Access = 'unread' | 'open' | 'read-only';

function parse(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return undefined;
  }
}

function versionOf(parsed: unknown): unknown {
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined;
}

/** Opens a document; nothing is read before `load`. */
export function openDocument<Value extends object>(
  kind: DocumentKind<Value>,
  file: DocumentFile,
  { clock, log, trouble, solved }: DocumentContext,
): OpenDocument<Value> {
  const readLate = createEmitter<[Value]>(log);
  let value = kind.empty();
  /** What the file held when it was read. */
  let found = value;
  let access: Access = 'unread';
  let loading: Promise<void> | null = null;
  let isLoaded = false;
  let isWriting = false;
  let isChanged = false;
  /** Whether a change is not yet on disk whose caller does not wait for it. */
  let isUnasked = false;
  let told: DocumentTrouble | null = null;
  let failures = 0;
  let retry: Disposable | null = null;
  let disposed = false;
  let last: Promise<Result<null>> = Promise.resolve(succeed(null));
  let reading: Promise<boolean> | null = null;
  /** The write that has not begun yet, and will hold the newest value. */
  let next: Promise<Result<null>> | null = null;

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(ms, resolve);
    });

  const tell = (what: DocumentTrouble): void => {
    if (told === what) return;
    if (told !== null) solved(told, kind.name);
    told = what;
    trouble(what, kind.name, null);
  };
  const over = (): void => {
    failures = 0;
    retry?.dispose();
    retry = null;
    if (told === null) return;
    solved(told, kind.name);
    told = null;
  };

  const planRetry = (): void => {
    retry?.dispose();
    retry = null;
    if (disposed) return;
    const delay = Math.min(retryMs.first * 2 ** failures, retryMs.longest);
    failures += 1;
    retry = clock.schedule(delay, () => {
      retry = null;
      void (access === 'unread' ? readLater() : write());
    });
  };

  const sound = (parsed: unknown): Value | null => {
    // A list would pass for an object without fields.
    if (Array.isArray(parsed)) return null;
    const checked = v.safeParse(kind.schema, parsed);
    return checked.success ? checked.output : null;
  };
  const salvage = (parsed: unknown): Value => sound(parsed) ?? kind.salvage?.(parsed) ?? kind.empty();

  const take = (onDisk: Value): void => {
    found = onDisk;
    value = isChanged ? kind.merge(onDisk, value) : onDisk;
  };

  /** @returns false where the file must be left alone for now */
  const read = (): Promise<boolean> =>
    access === 'unread'
      ? (reading ??= readNow().finally(() => {
          reading = null;
        }))
      : Promise.resolve(true);

  const readNow = async (): Promise<boolean> => {
    let text: string | null;
    try {
      text = await file.read();
    } catch (error) {
      log.write('warn', 'A file could not be read', { file: file.fileName, code: systemCode(error) });
      return false;
    }
    if (text === null) {
      access = 'open';
      return true;
    }
    const parsed = parse(text);
    const version = versionOf(parsed);
    if (typeof version === 'number' && version > kind.version) {
      take(salvage({ ...(parsed as object), version: kind.version }));
      access = 'read-only';
      log.write('warn', 'A file is of a newer version', { file: file.fileName });
      tell('newer');
      return true;
    }
    const whole = sound(parsed);
    if (whole === null) return setAside(parsed);
    take(whole);
    access = 'open';
    return true;
  };

  const setAside = async (parsed: unknown): Promise<boolean> => {
    const rest = salvage(parsed);
    let keptAs: string;
    try {
      keptAs = await file.setAside();
    } catch (error) {
      log.write('warn', 'A damaged file could not be set aside', {
        file: file.fileName,
        code: systemCode(error),
      });
      // What is sound is in force all the same.
      if (!isChanged) value = rest;
      return false;
    }
    log.write('warn', 'A damaged file was set aside', { file: file.fileName });
    take(rest);
    access = 'open';
    trouble('damaged', kind.name, keptAs);
    if (kind.salvage !== undefined && parsed !== undefined) {
      isUnasked = true;
      void write();
    }
    return true;
  };

  const readLater = async (): Promise<void> => {
    if (!(await read())) {
      planRetry();
      return;
    }
    if (told === 'unreadable') over();
    if (isChanged && access === 'open') void write();
    readLate.emit(found);
  };

  const writeNow = async (): Promise<Result<null>> => {
    const text = `${JSON.stringify({ version: kind.version, ...value }, null, 2)}\n`;
    isChanged = false;
    let result = await file.write(text);
    for (const ms of patienceMs) {
      if (result.ok || !transientCodes.includes(result.error.detail.message)) break;
      await wait(ms);
      result = await file.write(text);
    }
    if (result.ok) {
      if (!isChanged) isUnasked = false;
      over();
      return result;
    }
    isChanged = true;
    const { message } = result.error.detail;
    log.write('warn', 'A file could not be written', { file: file.fileName, code: message ?? null });
    if (isUnasked) tell('unwritable');
    planRetry();
    return result;
  };

  const begin = (): Promise<Result<null>> => {
    isWriting = true;
    last = writeNow().finally(() => {
      isWriting = false;
    });
    return last;
  };
  /** One after the other: two atomic writes at once would race for the last word. */
  const write = (): Promise<Result<null>> => {
    if (next !== null) return next;
    if (!isWriting) return begin();
    next = last.then(() => {
      next = null;
      return begin();
    });
    return next;
  };

  const idle = async (): Promise<void> => {
    while (isWriting || next !== null) await (next ?? last);
  };

  const loadNow = async (): Promise<void> => {
    for (const ms of patienceMs) {
      if (await read()) return;
      await wait(ms);
    }
    if (await read()) return;
    tell('unreadable');
    planRetry();
  };
  const load = (): Promise<void> =>
    (loading ??= loadNow().finally(() => {
      isLoaded = true;
    }));

  return {
    load,
    isRead: () => access !== 'unread',
    value: () => value,
    change: (changed, isAnswered = false) => {
      value = changed;
      isChanged = true;
      isUnasked ||= !isAnswered;
      const save = () =>
        access === 'open' ? write() : Promise.resolve(fail('settings-unwritable', 'settings'));
      return isLoaded ? save() : load().then(save);
    },
    onReadLate: (listener) => readLate.on(listener),
    settled: async () => {
      await idle();
      if (!isChanged || access === 'read-only') return;
      if (access === 'unread') await readLater();
      else await write();
      await idle();
    },
    dispose: () => {
      disposed = true;
      retry?.dispose();
      retry = null;
    },
  };
}

/**
 * The sound entries of a list in a damaged file.
 * @param parsed the file, any JSON
 * @param field the list's name
 * @param schema of one entry
 */
export function soundItems<Item>(
  parsed: unknown,
  field: string,
  schema: v.GenericSchema<unknown, Item>,
): Item[] {
  const list: unknown =
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, field) : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const checked = v.safeParse(schema, item);
    return checked.success ? [checked.output] : [];
  });
}
