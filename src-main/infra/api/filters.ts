import { assertNever } from '@shared/assert-never';
import type { Direction, RecordingFilters, TextFilter, TimeFilter } from '@shared/domain/recording';

/** Name and value of a query parameter, before percent-encoding. */
export type QueryParameter = readonly [name: string, value: string];

// A searched text that begins like this would be taken for an operator.
const looksLikeOperator = /^\s*(?:equals|contains|before|after|between):/i;

const directionNumbers: Readonly<Record<Direction, number>> = { unknown: 0, incoming: 1, outgoing: 2 };

/** The number by which the server knows a direction (API reference §3). */
export function directionNumber(direction: Direction): number {
  return directionNumbers[direction];
}

function escapeText(value: string): string {
  return value.replace(/[\\;]/g, (character) => `\\${character}`);
}

/**
 * A searched text in RHS colon syntax. `equals` is left out, as the document's examples do, unless the text itself
 * begins like an operator.
 */
export function textOperand(filter: TextFilter): string {
  const text = escapeText(filter.value);
  switch (filter.operator) {
    case 'contains':
      return `contains:${text}`;
    case 'equals':
      // An empty parameter would be no filter at all.
      return text === '' || looksLikeOperator.test(filter.value) ? `equals:${text}` : text;
    default:
      return assertNever(filter.operator);
  }
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A searched time in RHS colon syntax, in UTC, to the millisecond. */
export function timeOperand(filter: TimeFilter): string {
  switch (filter.operator) {
    case 'equals':
      return instant(filter.at);
    case 'before':
      return `before:${instant(filter.at)}`;
    case 'after':
      return `after:${instant(filter.at)}`;
    case 'between':
      return `between:${instant(filter.from)};${instant(filter.to)}`;
    default:
      return assertNever(filter);
  }
}

/**
 * The query parameters of a filtered recordings list (API reference §3, RHS colon syntax). The remote number is sent
 * under the name of §3 and under that of newer servers (`remoteParty`): ASP.NET ignores a parameter that it does not
 * know, so each generation applies the one that is its own.
 * @param filters times must be within what `Date` can hold
 */
export function filterParameters(filters: RecordingFilters): readonly QueryParameter[] {
  const parameters: QueryParameter[] = [];
  if (filters.startTime) parameters.push(['startTime', timeOperand(filters.startTime)]);
  if (filters.endTime) parameters.push(['endTime', timeOperand(filters.endTime)]);
  if (filters.localPartyNumber !== undefined) {
    parameters.push([
      'localPartyNumber',
      textOperand({ operator: 'equals', value: filters.localPartyNumber }),
    ]);
  }
  if (filters.remotePartyNumber) {
    const operand = textOperand(filters.remotePartyNumber);
    parameters.push(['remotePartyNumber', operand], ['remoteParty', operand]);
  }
  if (filters.ownerUsername !== undefined) {
    parameters.push(['ownerUsername', textOperand({ operator: 'equals', value: filters.ownerUsername })]);
  }
  if (filters.direction) parameters.push(['direction', String(directionNumber(filters.direction))]);
  return parameters;
}

/**
 * A query string with every reserved character percent-encoded: a plain `+` would reach the server as a space.
 * @returns with its question mark, or nothing where there are no parameters
 */
export function queryString(parameters: readonly QueryParameter[]): string {
  if (parameters.length === 0) return '';
  // A lone surrogate cannot be encoded; the server could not match it either.
  const encode = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
  return `?${parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`;
}

/** Max length of a query by the default of IIS; a longer one gets a page, 404.15. */
const maxQueryLength = 2_048;

/**
 * Whether a path with its query is short enough to be sent.
 * @param path percent-encoded
 */
export function fitsServer(path: string): boolean {
  const at = path.indexOf('?');
  return at === -1 || path.length - at - 1 <= maxQueryLength;
}
