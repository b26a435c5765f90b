import { parse as parseDuration } from 'tinyduration';

import type { Direction } from '@shared/domain/recording';

// Fields of an answer, each read by itself: a server that writes one differently must not cost the others. Every
// reader takes any value and answers null for what it cannot read; none of them throws.

/** The fields of an answer's object, by name. */
export interface Fields {
  /** The value of a field, in the spelling of the reference or in any other case; undefined where it is missing. */
  get(name: string): unknown;
}

/**
 * The fields of an object.
 * @returns null where the value is no object
 */
export function readFields(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const exact = new Map<string, unknown>(Object.entries(value));
  let folded: Map<string, unknown> | null = null;
  return {
    get: (name) => {
      if (exact.has(name)) return exact.get(name);
      // ASP.NET writes `Id` for `id` where its JSON is not set to camel case.
      folded ??= new Map([...exact].map(([key, field]) => [key.toLowerCase(), field]));
      return folded.get(name.toLowerCase());
    },
  };
}

const guidPattern = /^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?$/i;

/**
 * A GUID in any of .NET's spellings: with or without dashes, in braces or brackets.
 * @returns with dashes, in lower case
 */
export function readId(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const parts = guidPattern.exec(value.trim());
  return parts === null ? null : parts.slice(1).join('-').toLowerCase();
}

/** Unseen characters that turn the direction of writing or join nothing: in a name or number they only deceive. */
const deceiving = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** Line breaks and tabs, which part words. */
const breaks = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;

/** What is left of a text that no window, notice or file can be deceived or broken by; see {@link readText}. */
function cleaned(text: string): string {
  return text
    .replace(deceiving, '')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/\p{Cs}/gu, '\ufffd');
}

/**
 * Text of one line, or a number that stands where text belongs; an empty text is none. Cleaned here, once for window,
 * notices and files: no control characters, nothing that turns the direction of writing, no half surrogates.
 */
export function readText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? cleaned(value.replace(breaks, ' ')) || null : null;
}

/** As {@link readText}, but of as many lines as there are: a note. */
export function readLines(value: unknown): string | null {
  if (typeof value !== 'string') return readText(value);
  return cleaned(value.replace(/\r\n?|[\v\f\u0085\p{Zl}\p{Zp}]/gu, '\n').replaceAll('\t', ' ')) || null;
}

/** A whole number that is not negative, also one that is written as text. */
export function readCount(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * ISO 8601 with an offset, epoch ms; without one the moment would be a guess.
 */
export function readInstant(value: unknown): number | null {
  if (typeof value !== 'string' || !instantPattern.test(value)) return null;
  // Engines promise to read three fraction digits only; the server sends up to seven.
  const at = Date.parse(value.replace(/(\.\d{3})\d+/, '$1').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isFinite(at) ? at : null;
}

const durationPattern =
  /^P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?$/;
/** .NET's `TimeSpan`: days only where there are any. */
const timeSpanPattern = /^(?:(\d{1,5})\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)$/;

const dayMs = 86_400_000;

function isoToMs(text: string): number {
  const {
    years = 0,
    months = 0,
    weeks = 0,
    days = 0,
    hours = 0,
    minutes = 0,
    seconds = 0,
  } = parseDuration(text);
  const wholeDays = years * 365 + months * 30 + weeks * 7 + days;
  return wholeDays * dayMs + hours * 3_600_000 + minutes * 60_000 + seconds * 1_000;
}

/**
 * A duration in ms: ISO 8601 as the reference has it, or `TimeSpan` (`00:01:31.87`). A bare number is none, since its
 * unit would be a guess, and neither is a negative one.
 */
export function readDuration(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const span = timeSpanPattern.exec(value);
  if (span === null && !durationPattern.test(value)) return null;
  const [days, hours, minutes, seconds] = (span ?? []).slice(1).map((part) => Number(part ?? 0));
  const ms =
    span === null
      ? isoToMs(value)
      : (days ?? 0) * dayMs + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1_000;
  const whole = Math.round(ms);
  return Number.isSafeInteger(whole) ? whole : null;
}

const directions: readonly Direction[] = ['unknown', 'incoming', 'outgoing'];

/** Who began a call; what is not 0, 1 or 2 is unknown. */
export function readDirection(value: unknown): Direction {
  return directions[readCount(value) ?? 0] ?? 'unknown';
}

/** Whether a field says yes; only what plainly does counts. */
export function readFlag(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true');
}
