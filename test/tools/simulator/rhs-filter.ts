import { compareInstants, type Instant, parseInstant, type Zone } from './iso-time';
import type { Recording } from './recording';
import type { RemotePartyFilter, ServiceState } from './service-state';

/** The facts of a recording that the list can be filtered by. */
export type FilterableRecording = Pick<
  Recording,
  'startMs' | 'durationMs' | 'direction' | 'ownerUsername' | 'localPartyNumber' | 'remotePartyNumber'
> &
  Partial<Pick<Recording, 'startTicks'>>;

/** Names of the filters, as in the query. */
const filterNames = [
  'startTime',
  'endTime',
  'localPartyNumber',
  'remotePartyNumber',
  'remoteParty',
  'ownerUsername',
  'direction',
] as const;
type FilterName = (typeof filterNames)[number];

type Predicate = (recording: FilterableRecording) => boolean;

/** A list query as understood, or the documented reason why it is refused (0 filter, 1 paging). */
export type ListQuery =
  | {
      readonly ok: true;
      readonly matches: Predicate;
      /** Null where the client asked for no paging: everything is meant. */
      readonly paging: { readonly page: number; readonly pageSize: number } | null;
    }
  | { readonly ok: false; readonly reason: 0 | 1; readonly message: string };

export interface ListQueryOptions {
  /** Zone of times that carry no offset. */
  readonly zone: Zone;
  /** Names of the remote party's filter that are understood; the server ignores others like any unknown parameter. */
  readonly remotePartyFilters: readonly RemotePartyFilter[];
  /** Which forms of ISO 8601 are taken; `extended` where left out. */
  readonly isoForms?: ServiceState['isoForms'];
  /** Filters a faulty server ignores. */
  readonly ignored?: readonly string[];
}

const utc: Zone = { offsetAt: () => 0 };

class BadFilter extends Error {}

/**
 * Reads the query of *Recordings list* (API reference, section 3): RHS colon filters that must all hold, and
 * 0-based paging. Parameter names are compared without case and unknown ones ignored, as ASP.NET does; a filter
 * given twice, or empty of sense, is reason 0.
 * @param query the raw query string, without `?`; `+` means a space and `%2B` a plus.
 */
export function parseListQuery(query: string, options: ListQueryOptions): ListQuery {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  try {
    const predicates: Predicate[] = [];
    for (const name of filterNames) {
      const isRemoteParty = name === 'remoteParty' || name === 'remotePartyNumber';
      if (isRemoteParty && !options.remotePartyFilters.includes(name)) continue;
      const given = values.get(name.toLowerCase());
      if (given === undefined || (given.length === 1 && given[0] === '')) continue;
      if (given.length > 1) throw new BadFilter(`${name} is given more than once.`);
      const predicate = compile(name, given[0] ?? '', options);
      if (options.ignored?.includes(name) !== true) predicates.push(predicate);
    }
    const paging = parsePaging(values);
    if (typeof paging === 'string') return { ok: false, reason: 1, message: paging };
    return { ok: true, matches: (recording) => predicates.every((holds) => holds(recording)), paging };
  } catch (error) {
    if (error instanceof BadFilter) return { ok: false, reason: 0, message: error.message };
    throw error;
  }
}

/**
 * The reference filter for property tests: does the recording satisfy every filter of a query?
 * @param query as for {@link parseListQuery}; paging in it is ignored.
 * @throws RangeError when the server would refuse the query.
 */
export function matchesFilters(recording: FilterableRecording, query: string, zone: Zone = utc): boolean {
  const parsed = parseListQuery(query, { zone, remotePartyFilters: ['remotePartyNumber', 'remoteParty'] });
  if (!parsed.ok) throw new RangeError(parsed.message);
  return parsed.matches(recording);
}

function parsePaging(
  values: ReadonlyMap<string, readonly string[]>,
): { page: number; pageSize: number } | null | string {
  const page = values.get('page');
  const pageSize = values.get('pagesize');
  if (page === undefined && pageSize === undefined) return null;
  const index = wholeNumber(page ?? ['0']);
  if (index === null) return 'page must be a whole number, zero or more.';
  // Both are optional, and a page of no size is everything.
  if (pageSize === undefined) return null;
  const size = wholeNumber(pageSize);
  if (size === null || size === 0) return 'pageSize must be a whole number above zero.';
  return { page: index, pageSize: size };
}

function wholeNumber(given: readonly string[]): number | null {
  const [text] = given;
  if (given.length !== 1 || text === undefined || !/^\d{1,10}$/.test(text)) return null;
  const value = Number(text);
  return value <= 0x7fffffff ? value : null;
}

function compile(name: FilterName, value: string, options: ListQueryOptions): Predicate {
  switch (name) {
    case 'startTime':
      return compileTime(name, value, options, (recording) => recording.startMs);
    case 'endTime':
      return compileTime(name, value, options, (recording) => recording.startMs + recording.durationMs);
    case 'localPartyNumber': {
      const wanted = equalsOnly(name, value);
      return (recording) => recording.localPartyNumber === wanted;
    }
    case 'ownerUsername': {
      // Windows compares account names without case.
      const wanted = equalsOnly(name, value).toLowerCase();
      return (recording) => recording.ownerUsername.toLowerCase() === wanted;
    }
    case 'remotePartyNumber':
    case 'remoteParty': {
      const { operator, operand } = readString(name, value);
      return operator === 'contains'
        ? (recording) => recording.remotePartyNumber.includes(operand)
        : (recording) => recording.remotePartyNumber === operand;
    }
    case 'direction': {
      const wanted = equalsOnly(name, value);
      if (!/^[012]$/.test(wanted)) throw new BadFilter('direction must be 0, 1 or 2.');
      const direction = Number(wanted);
      return (recording) => recording.direction === direction;
    }
  }
}

function compileTime(
  name: string,
  value: string,
  { zone, isoForms }: ListQueryOptions,
  msOf: (recording: FilterableRecording) => number,
): Predicate {
  const match = /^(equals|before|after|between):(.*)$/s.exec(value);
  const operator = match?.[1] ?? 'equals';
  const operand = match?.[2] ?? value;
  const read = (text: string): Instant => {
    const instant = parseInstant(text, zone, isoForms);
    if (!instant) throw new BadFilter(`${name}: "${text}" is not an ISO 8601 date and time.`);
    return instant;
  };
  /** Negative where the recording's time is before the instant. */
  const compare = (recording: FilterableRecording, instant: Instant): number =>
    compareInstants({ ms: msOf(recording), ticks: recording.startTicks ?? 0 }, instant);
  if (operator === 'between') {
    const limits = operand.split(';');
    const [lower, upper] = limits;
    if (limits.length !== 2 || lower === undefined || upper === undefined) {
      throw new BadFilter(`${name}: between takes two limits separated by a semicolon.`);
    }
    const from = read(lower);
    const to = read(upper);
    // The lower limit is included and the upper one is not.
    return (recording) => compare(recording, from) >= 0 && compare(recording, to) < 0;
  }
  const instant = read(operand);
  switch (operator) {
    case 'before':
      return (recording) => compare(recording, instant) < 0;
    case 'after':
      return (recording) => compare(recording, instant) > 0;
    default:
      return (recording) => compare(recording, instant) === 0;
  }
}

function equalsOnly(name: string, value: string): string {
  const { operator, operand } = readString(name, value);
  if (operator === 'contains') throw new BadFilter(`${name} can only be compared with equals.`);
  return operand;
}

function readString(name: string, value: string): { operator: 'equals' | 'contains'; operand: string } {
  // Only these two are operators of strings: any other colon belongs to the value (sip:bob@example.com).
  const match = /^(equals|contains):(.*)$/s.exec(value);
  const operator = match?.[1] === 'contains' ? 'contains' : 'equals';
  return { operator, operand: unescape(name, match?.[2] ?? value) };
}

function unescape(name: string, text: string): string {
  let plain = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === ';') throw new BadFilter(`${name}: a semicolon must be escaped with a backslash.`);
    if (character !== '\\') {
      plain += character;
      continue;
    }
    index += 1;
    const escaped = text.charAt(index);
    if (escaped !== ';' && escaped !== '\\') throw new BadFilter(`${name}: a backslash must be escaped.`);
    plain += escaped;
  }
  return plain;
}
