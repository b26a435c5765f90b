import * as v from 'valibot';

import type { Result } from '../shared/errors';
import type { DocumentFile } from './ports';

/** What reading a document gave. */
export interface LoadedDocument<Value> {
  readonly value: Value;
  /** The name under which a damaged file was kept; null where nothing was wrong. */
  readonly setAsideAs: string | null;
  /** False where a file could be neither read nor set aside: writing would lose what it holds. */
  readonly mayWrite: boolean;
}

/**
 * Parses a file that a person or their editor may have written: Notepad and PowerShell put a byte order mark first.
 * @throws SyntaxError where the text is no JSON
 */
export function parseJsonText(text: string): unknown {
  return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
}

/**
 * Reads and validates one of our JSON files. A damaged one is renamed, never overwritten. Never rejects: RecLight
 * starts without the file, and says so.
 * @param file where it is
 * @param schema what it must be; unknown fields are ignored
 * @param fallback for a file that is missing or damaged; gets what could be parsed as JSON, to salvage from
 */
export async function loadDocument<Schema extends v.GenericSchema>(
  file: DocumentFile,
  schema: Schema,
  fallback: (parsed: unknown) => v.InferOutput<Schema>,
): Promise<LoadedDocument<v.InferOutput<Schema>>> {
  let parsed: unknown;
  try {
    const text = await file.read();
    if (text === null) return { value: fallback(undefined), setAsideAs: null, mayWrite: true };
    parsed = parseJsonText(text);
    const checked = v.safeParse(schema, parsed);
    // A list would pass for an object without fields.
    if (checked.success && !Array.isArray(parsed)) {
      return { value: checked.output, setAsideAs: null, mayWrite: true };
    }
  } catch {
    // Unreadable, or no JSON: there is nothing to salvage from.
  }
  const value = fallback(parsed);
  try {
    return { value, setAsideAs: await file.setAside(), mayWrite: true };
  } catch {
    return { value, setAsideAs: null, mayWrite: false };
  }
}

/** Writes a value of ours as JSON a person can read. */
export function saveDocument(file: DocumentFile, value: unknown): Promise<Result<null>> {
  return file.write(`${JSON.stringify(value, null, 2)}\n`);
}
