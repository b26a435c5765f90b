import type { Account, Accounts } from './accounts';
import type { Clock } from './clock';
import type { FaultAction } from './faults';
import type { Zone } from './iso-time';
import { describeRow } from './json-answers';
import { changeJson } from './json-path';
import { answer, type Outcome } from './outcome';
import type { Recording } from './recording';
import type { Recordings } from './recordings';
import { parseListQuery } from './rhs-filter';
import type { ServiceState } from './service-state';

/** How many filtered results are kept: a client scrolls through one or two at a time. */
const keptResults = 16;

/** *Recordings list* (API reference, section 3), and the ways a server may get it wrong. */
export class Listing {
  private readonly results = new Map<string, readonly Recording[]>();
  private resultsVersion = -1;
  private answers = 0;

  constructor(
    private readonly parts: {
      readonly recordings: Recordings;
      readonly accounts: Accounts;
      readonly zone: Zone;
      readonly clock: Clock;
      readonly service: ServiceState;
    },
  ) {}

  /**
   * Answers a query for what the account may see.
   * @param query the raw query string.
   * @param faults those that struck the request; only list faults matter here.
   * @param lags whether the server asked knows recent recordings late (`service.nodes.lagMs`).
   */
  answer(account: Account, query: string, faults: readonly FaultAction[], lags = false): Outcome {
    const { service, clock } = this.parts;
    const ignored = faults.flatMap((fault) => (fault.kind === 'ignoreFilter' ? [fault.name] : []));
    const { remotePartyFilters, isoForms } = service;
    const parsed = parseListQuery(query, { zone: this.parts.zone, remotePartyFilters, isoForms, ignored });
    if (!parsed.ok) return answer(400, { reason: parsed.reason, message: parsed.message });
    const badSort = faults.some((fault) => fault.kind === 'badSort');
    const known = this.find(account, query, ignored, badSort, parsed.matches);
    const knownUntil = clock.now() - service.nodes.lagMs;
    const fitting = lags
      ? known.filter(({ startMs, durationMs }) => startMs + durationMs <= knownUntil)
      : known;
    const { rows, totalCount, repeated } = this.cut(fitting, parsed.paging, faults);
    const described = rows.map((recording) => describeRow(recording, this.parts));
    return answer(200, { totalCount, recordings: spoilRows(described, repeated, faults) });
  }

  private find(
    account: Account,
    query: string,
    ignored: readonly string[],
    badSort: boolean,
    matches: (recording: Recording) => boolean,
  ): readonly Recording[] {
    const { recordings, accounts } = this.parts;
    if (this.resultsVersion !== recordings.version) {
      this.results.clear();
      this.resultsVersion = recordings.version;
    }
    const filters = query.replace(/(^|&)page(size)?=[^&]*/gi, '');
    const { username, rightsOver, groups } = account;
    const { remotePartyFilters, isoForms } = this.parts.service;
    const key = JSON.stringify([
      username,
      rightsOver,
      groups,
      filters,
      ignored,
      badSort,
      remotePartyFilters,
      isoForms,
    ]);
    const known = this.results.get(key);
    if (known) return known;
    const visible = new Map<string, boolean>();
    const maySee = (owner: string): boolean => {
      const remembered = visible.get(owner) ?? accounts.mayHandle(account, owner);
      visible.set(owner, remembered);
      return remembered;
    };
    const found = recordings
      .all()
      .filter((recording) => matches(recording) && maySee(recording.ownerUsername));
    // Ids are random: their order has nothing to do with time.
    const result = badSort ? found.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : found;
    const [oldest] = this.results.keys();
    if (this.results.size >= keptResults && oldest !== undefined) this.results.delete(oldest);
    this.results.set(key, result);
    return result;
  }

  private cut(
    fitting: readonly Recording[],
    paging: { readonly page: number; readonly pageSize: number } | null,
    faults: readonly FaultAction[],
  ): { rows: readonly Recording[]; totalCount: number; repeated: number } {
    let page = paging?.page ?? 0;
    let pageSize = paging?.pageSize ?? Infinity;
    let repeated = 0;
    let totalCount = fitting.length;
    for (const fault of faults) {
      if (fault.kind === 'ignorePageSize') pageSize = fault.size ?? 10;
      if (fault.kind === 'ignorePaging') pageSize = Infinity;
      if (fault.kind === 'repeatRows' || fault.kind === 'staleRows') repeated = fault.count ?? 1;
      if (fault.kind === 'changingTotalCount') {
        this.answers += 1;
        totalCount = Math.max(0, totalCount + (this.answers % 2 === 0 ? -1 : 1) * (fault.by ?? 3));
      }
    }
    if (pageSize === Infinity) page = 0;
    const start = page === 0 ? 0 : page * pageSize;
    const from = Math.max(0, start - repeated);
    const rows = fitting.slice(from, pageSize === Infinity ? undefined : start + pageSize);
    return { rows, totalCount, repeated: start - from };
  }
}

/** @param repeated how many rows at the beginning stood on the page before too. */
function spoilRows(
  rows: readonly unknown[],
  repeated: number,
  faults: readonly FaultAction[],
): readonly unknown[] {
  let spoilt = rows;
  for (const fault of faults) {
    if (fault.kind === 'staleRows') {
      const set = fault.set ?? { duration: 'PT0S', remotePartyNumber: '' };
      spoilt = spoilt.map((row, index) => (index < repeated ? changeJson(row, { set }) : row));
    }
    if (fault.kind === 'duplicateRows') {
      const count = fault.count ?? 1;
      spoilt = spoilt.flatMap((row, index) => (index < count ? [row, row] : [row]));
    }
  }
  return spoilt;
}
