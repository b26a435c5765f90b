import type { AskedPage } from './responses';
import { readCount, readFields } from './fields';

/** What a body is, as far as it is known without its meaning. */
export type BodyKind = 'empty' | 'json' | 'html' | 'other';

/** A body that was read. */
export interface ReadBody {
  /** undefined where the body is no JSON. */
  readonly json: unknown;
  readonly kind: BodyKind;
  /** How a body begins that is no JSON; empty otherwise. */
  readonly text: string;
}

/** Takes a body piece by piece, and keeps no more of it than it needs. */
export interface BodyReader {
  /** @returns false where the body is refused: it is too large, and need not be read on */
  add(piece: Uint8Array): boolean;
  finish(contentType: string): ReadBody;
}

/** The largest answer about one recording, or about the calls of one line, bytes. */
export const maxJsonBytes = 1024 * 1024;
/** Of a refusal the status says most; the rest of a longer page is left unread, bytes. */
export const maxRefusalBytes = 64 * 1024;
/** The largest list, bytes, unpacked. A server that ignores paging sends all that it has. */
const maxListBytes = 64 * 1024 * 1024;
/** Rows of the largest list. */
const maxListRows = 100_000;
/** A list of up to so many rows is passed on whole where the server ignores the page size; of a longer one, the page. */
const maxUnpagedRows = 2_000;
/** The largest row that is read, bytes; real ones have some hundred. */
const maxRowBytes = 16 * 1024;
/** Rows beyond the page that was asked for, bytes; with more of them a list is cut to the page. */
const maxUnpagedBytes = 2 * 1024 * 1024;
/** Of a page, characters. */
const maxBeginning = 4_096;
/** What stands around the rows of a list, bytes. */
const maxFrameBytes = 256 * 1024;

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function describeBody(text: string, contentType: string): ReadBody {
  const trimmed = text.trim();
  if (trimmed === '') return { json: undefined, kind: 'empty', text: '' };
  const json = parseJson(trimmed);
  if (json !== undefined) return { json, kind: 'json', text: '' };
  const kind = trimmed.startsWith('<') || /html/i.test(contentType) ? 'html' : 'other';
  return { json, kind, text: trimmed.slice(0, maxBeginning) };
}

/**
 * Reads a short body whole.
 * @param maxBytes its limit
 * @param cuts whether what lies beyond the limit is left out, instead of the whole being refused
 */
export function createShortReader(maxBytes: number, cuts = false): BodyReader {
  const pieces: Uint8Array[] = [];
  let total = 0;
  return {
    add: (piece) => {
      const room = maxBytes - total;
      total += piece.byteLength;
      if (total <= maxBytes) pieces.push(piece);
      else if (cuts) pieces.push(piece.subarray(0, Math.max(0, room)));
      return total <= maxBytes || cuts;
    },
    finish: (contentType) => describeBody(new TextDecoder().decode(Buffer.concat(pieces)), contentType),
  };
}

/** Longer names are none that is looked for. */
const maxNameLength = 16;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** What an answer's list of rows became. */
interface Rows {
  /** Whether the body has a list of rows. */
  readonly found: boolean;
  readonly count: number;
  /** Rows by their number: those that may be shown, as far as they are not too large. */
  readonly texts: ReadonlyMap<number, string>;
  /** Whether every row is among `texts` that is not too large. */
  readonly whole: boolean;
}

/**
 * Tells the rows of a list from what stands around them, piece by piece.
 * @param asked the page that was asked for
 */
function createRowSplitter(asked: AskedPage): {
  add(piece: Uint8Array): boolean;
  finish(): { readonly frame: string; readonly rows: Rows };
} {
  const firstAsked = asked.page * asked.pageSize;
  const frame: Uint8Array[] = [];
  let frameBytes = 0;
  const texts = new Map<number, string>();
  let unpagedBytes = 0;
  let count = 0;
  let whole = true;
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** The string at depth 1 that was read last; the name of what follows a colon. */
  let name = '';
  let namesRows = false;
  let found = false;
  /** Whether the list of rows is being read. */
  let inRows = false;
  let row: Uint8Array[] = [];
  let rowBytes = 0;
  let inRow = false;

  const isOnPage = (index: number): boolean =>
    index < asked.pageSize || (index >= firstAsked && index < firstAsked + asked.pageSize);

  const addToFrame = (piece: Uint8Array): boolean => {
    frameBytes += piece.byteLength;
    // A copy: what the network gave may be part of something larger.
    if (piece.byteLength > 0 && frameBytes <= maxFrameBytes) frame.push(new Uint8Array(piece));
    return frameBytes <= maxFrameBytes;
  };

  const addToRow = (piece: Uint8Array): void => {
    rowBytes += piece.byteLength;
    const isWanted = isOnPage(count) || (count < maxUnpagedRows && unpagedBytes <= maxUnpagedBytes);
    if (rowBytes > maxRowBytes || !isWanted) row = [];
    else row.push(new Uint8Array(piece));
  };

  /** @returns false where there are too many rows */
  const endRow = (): boolean => {
    if (!inRow) return true;
    if (row.length > 0) {
      texts.set(count, new TextDecoder().decode(row.length === 1 ? row[0] : Buffer.concat(row)));
      if (!isOnPage(count)) unpagedBytes += rowBytes;
    } else if (rowBytes <= maxRowBytes) whole = false;
    row = [];
    rowBytes = 0;
    inRow = false;
    count += 1;
    return count <= maxListRows;
  };

  const add = (piece: Uint8Array): boolean => {
    /** Where that begins which belongs to the frame, or to the row. */
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
        else if (depth === 1 && name.length < maxNameLength) name += String.fromCharCode(byte);
        continue;
      }
      if (inRows && depth === 2) {
        if (byte === comma || byte === closeList) {
          if (inRow) addToRow(piece.subarray(from, at));
          if (!endRow()) return false;
          inRows = byte === comma;
          from = inRows ? at + 1 : at;
          if (!inRows) depth = 1;
          continue;
        }
        if (!inRow) {
          from = at;
          if (isSpace(byte)) continue;
          inRow = true;
        }
      }
      switch (byte) {
        case quote:
          inString = true;
          if (depth === 1) name = '';
          break;
        case colon:
          if (depth === 1) namesRows = name.toLowerCase() === 'recordings';
          break;
        case comma:
          if (depth === 1) namesRows = false;
          break;
        case openList:
        case openObject:
          depth += 1;
          if (byte === openList && depth === 2 && namesRows && !found) {
            if (!addToFrame(piece.subarray(from, at + 1))) return false;
            from = at + 1;
            inRows = true;
            found = true;
          }
          break;
        case closeList:
        case closeObject:
          depth -= 1;
          break;
        default:
      }
    }
    if (!inRows) return addToFrame(piece.subarray(from));
    if (inRow) addToRow(piece.subarray(from));
    return true;
  };

  return {
    add,
    finish: () => ({
      frame: new TextDecoder().decode(Buffer.concat(frame)),
      rows: { found, count, texts, whole },
    }),
  };
}

/** Parses rows `first` to `end`; what was too large to be kept is null, which is no row. undefined: one is no JSON. */
function parseRows({ texts }: Rows, first: number, end: number): readonly unknown[] | undefined {
  const parsed: unknown[] = [];
  for (let index = first; index < end; index += 1) {
    const text = texts.get(index);
    const value = text === undefined ? null : parseJson(text);
    if (value === undefined) return undefined;
    parsed.push(value);
  }
  return parsed;
}

/**
 * Puts rows back into what stood around them.
 * @param cutFrom the length of the list where it was cut to one page; null where it is whole
 * @returns undefined where the page that was asked for cannot be found in a list of another page size
 */
function joinRows(frame: unknown, recordings: readonly unknown[], cutFrom: number | null): unknown {
  const fields = readFields(frame);
  if (fields === null) return undefined;
  const told = readCount(fields.get('totalCount'));
  if (cutFrom !== null && told !== null && told > cutFrom) return undefined;
  return { totalCount: cutFrom ?? fields.get('totalCount'), recordings };
}

/**
 * Reads a page of the recordings list (API reference §3) as it arrives. Rows are told apart by their brackets and only
 * those are parsed that can be shown, so that a list of any size takes little memory and holds up neither tray nor
 * Record. A list that is longer than {@link maxUnpagedRows} is cut to the page that was asked for.
 * @param asked the page that was asked for
 */
export function createListReader(asked: AskedPage): BodyReader {
  const splitter = createRowSplitter(asked);
  let total = 0;
  return {
    add: (piece) => {
      total += piece.byteLength;
      return total <= maxListBytes && splitter.add(piece);
    },
    finish: (contentType) => {
      const { frame, rows } = splitter.finish();
      const body = describeBody(frame, contentType);
      if (body.kind !== 'json' || !rows.found) return body;
      const { count } = rows;
      const isWhole = count <= asked.pageSize || (count <= maxUnpagedRows && rows.whole);
      const first = isWhole ? 0 : asked.page * asked.pageSize;
      const end = isWhole ? count : Math.min(count, first + asked.pageSize);
      const recordings = parseRows(rows, first, end);
      const json = recordings && joinRows(body.json, recordings, isWhole ? null : count);
      return { json, kind: recordings === undefined ? 'other' : 'json', text: '' };
    },
  };
}
