import * as v from 'valibot';

import type { Result } from '../shared/errors';
import type { DocumentFile } from './ports';

/** What reading a document gave. */
export interface LoadedDocument<Value> {
  readonly value: Value;
  /** The name under which a damaged file was kept; null where nothing was wrong. */
  readonly setAsideAs: string | null;
}

/**
 * Reads and validates one of our JSON files. A damaged one is renamed, never overwritten.
 * @param file where it is
 * @param schema what it must be; unknown fields are ignored
 * @param fallback for a file that is missing or damaged; gets what could be parsed as JSON, to salvage from
 */
export async function loadDocument<Schema extends v.GenericSchema>(
  file: DocumentFile,
  schema: Schema,
  fallback: (parsed: unknown) => v.InferOutput<Schema>,
): Promise<LoadedDocument<v.InferOutput<Schema>>> {
  const text = await file.read();
  if (text === null) return { value: fallback(undefined), setAsideAs: null };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { value: fallback(undefined), setAsideAs: await file.setAside() };
  }
  const checked = v.safeParse(schema, parsed);
  if (checked.success) return { value: checked.output, setAsideAs: null };
  return { value: fallback(parsed), setAsideAs: await file.setAside() };
}

/** Writes a value of ours as JSON a person can read. */
export function saveDocument(file: DocumentFile, value: unknown): Promise<Result<null>> {
  return file.write(`${JSON.stringify(value, null, 2)}\n`);
}
