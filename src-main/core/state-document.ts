import * as v from 'valibot';

import { parseJsonText } from './json-document';
import type { DocumentFile, Log } from './ports';

/** A small JSON file with a schema, written whole, one write at a time. */
export interface JsonDocument<Value> {
  /**
   * Reads the file. A damaged one is set aside.
   * @returns its value, or null where there is none to be had; and the name under which it was set aside
   */
  load(): Promise<{ readonly value: Value | null; readonly setAsideAs: string | null }>;
  /** Writes soon; of several values in a row the last one wins. */
  save(value: Value): void;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/**
 * Wraps a file that belongs to RecLight alone.
 * @param schema what a sound file holds
 */
export function createJsonDocument<Schema extends v.GenericSchema>(
  file: DocumentFile,
  schema: Schema,
  log: Log,
): JsonDocument<v.InferOutput<Schema>> {
  let next: string | null = null;
  let writing: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    while (next !== null) {
      const text = next;
      next = null;
      const result = await file.write(text);
      if (!result.ok) log.write('warn', 'A file could not be written', { file: file.fileName });
    }
    writing = null;
  };

  return {
    load: async () => {
      try {
        const text = await file.read();
        if (text === null) return { value: null, setAsideAs: null };
        const parsed = v.safeParse(schema, parseJson(text));
        if (parsed.success) return { value: parsed.output, setAsideAs: null };
      } catch {
        log.write('warn', 'A file could not be read', { file: file.fileName });
      }
      try {
        return { value: null, setAsideAs: await file.setAside() };
      } catch {
        log.write('warn', 'A damaged file could not be set aside', { file: file.fileName });
        return { value: null, setAsideAs: null };
      }
    },
    save: (value) => {
      next = `${JSON.stringify(value, null, 2)}\n`;
      writing ??= drain();
    },
    settled: async () => {
      while (writing !== null) await writing;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return undefined;
  }
}
