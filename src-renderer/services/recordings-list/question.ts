import { hasSeparators } from '@shared/domain/phone-number';
import type { RecordingSummary } from '@shared/domain/recording';
import { asTyped, withoutNumber, type ListSearch } from './search';

/**
 * What the server is asked for: the search itself, but for a number that it may store in another spelling. That it is
 * asked for by its digits, as it was typed, or not at all.
 */
export interface ServerQuestion {
  /** null before there is a search. */
  current(): ListSearch | null;
  /** Whether it is another one than the search. */
  isOther(): boolean;
  /** Whether it is asked only to learn how the server stores the number. */
  isProbe(): boolean;
  isFor(search: ListSearch): boolean;
  /** @returns whether the server is not asked for the number, so that its whole list has to be looked through */
  set(search: ListSearch): boolean;
  /** Learns from recordings that have arrived how numbers are stored. */
  learn(rows: readonly RecordingSummary[]): void;
  /** The answer to a probe is there. @returns as `set` does */
  endProbe(): boolean;
  /** Leaves the number out. @returns whether one was asked for that has spellings */
  leaveOutNumber(): boolean;
}

/** Makes it, without a search. */
export function createServerQuestion(): ServerQuestion {
  let search: ListSearch | null = null;
  let current: ListSearch | null = null;
  let isProbe = false;
  /** Whether numbers were seen that are stored with separators, which the server does not find by their digits. */
  let hasSpaced = false;
  return {
    current: () => current,
    isOther: () => current !== search,
    isProbe: () => isProbe,
    isFor: (other) => search !== null && JSON.stringify(search) === JSON.stringify(other),
    set(next) {
      const without = hasSpaced ? withoutNumber(next) : null;
      const typed = without === null ? asTyped(next) : null;
      search = next;
      isProbe = typed !== null;
      current = without ?? typed ?? next;
      return without !== null;
    },
    learn(rows) {
      hasSpaced ||= rows.some(({ remotePartyNumber }) => hasSeparators(remotePartyNumber ?? ''));
    },
    endProbe() {
      isProbe = false;
      const without = hasSpaced && search !== null ? withoutNumber(search) : null;
      current = without ?? search;
      return without !== null;
    },
    leaveOutNumber() {
      const without = current === null ? null : withoutNumber(current);
      if (without !== null) current = without;
      return without !== null;
    },
  };
}
