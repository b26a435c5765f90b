import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Direction, RecordingFilters, TextFilter, TimeFilter } from '@shared/domain/recording';
import type { ApiClient } from '../../../src-main/infra/api/client';
import type { Recording, Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { clientOf, valueOf } from './support/agent';
import { fc } from '../../fixtures/seed';

const base = Date.UTC(2026, 2, 29, 0, 30);
const minute = 60_000;
const directionNumbers = { unknown: 0, incoming: 1, outgoing: 2 } as const;

// Few, and full of what means something in a filter, so that searches hit.
const numbers = [
  '+390244548866',
  ' 390244548866',
  '390244548866',
  'contains:+39',
  'equals:101',
  'equals:contains:101',
  'before:2018-11-01T00:00:00Z',
  'between:1;2',
  '1;2',
  '1\\;2',
  '\\',
  'a\\b;c\\\\',
  ';',
  'sip:bob@example.com',
  '100%',
  'a&b=c#d?e',
  '"x" y',
  'Ümläut 電話',
  '😀',
  '101',
];

const text = fc.oneof(
  fc.constantFrom(...numbers),
  fc.constantFrom(...numbers).chain((number) => fc.nat(number.length).map((at) => number.slice(at))),
  fc.string({
    unit: fc.constantFrom(';', '\\', '+', ':', '3', 'contains:', 'equals:', ' ', '%', '&', 'ü'),
    maxLength: 5,
  }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const instant = fc.integer({ min: -3, max: 63 }).map((minutes) => base + minutes * minute);
const time: fc.Arbitrary<TimeFilter> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('equals' as const, 'before' as const, 'after' as const),
    at: instant,
  }),
  fc.record({ operator: fc.constant('between' as const), from: instant, to: instant }),
);
const remote: fc.Arbitrary<TextFilter> = fc.record({
  operator: fc.constantFrom('equals' as const, 'contains' as const),
  value: text,
});
const filters: fc.Arbitrary<RecordingFilters> = fc.record(
  {
    startTime: time,
    endTime: time,
    localPartyNumber: text,
    remotePartyNumber: remote,
    ownerUsername: fc.constantFrom(
      'anna.rossi',
      'ANNA.ROSSI',
      'OFFICE\\ben',
      'semi;colon',
      'contains:x',
      'no.one',
    ),
    direction: fc.constantFrom<Direction>('unknown', 'incoming', 'outgoing'),
  },
  { requiredKeys: [] },
);

function holds(filter: TimeFilter, at: number): boolean {
  switch (filter.operator) {
    case 'equals':
      return at === filter.at;
    case 'before':
      return at < filter.at;
    case 'after':
      return at > filter.at;
    case 'between':
      return at >= filter.from && at < filter.to;
  }
}

/** What the filters mean, said without any syntax. */
function matches(recording: Recording, wanted: RecordingFilters): boolean {
  const { startTime, endTime, localPartyNumber, remotePartyNumber, ownerUsername, direction } = wanted;
  if (startTime && !holds(startTime, recording.startMs)) return false;
  if (endTime && !holds(endTime, recording.startMs + recording.durationMs)) return false;
  if (localPartyNumber !== undefined && recording.localPartyNumber !== localPartyNumber) return false;
  if (remotePartyNumber) {
    const { operator, value } = remotePartyNumber;
    const found = recording.remotePartyNumber;
    if (operator === 'equals' ? found !== value : !found.includes(value)) return false;
  }
  if (ownerUsername !== undefined && recording.ownerUsername.toLowerCase() !== ownerUsername.toLowerCase())
    return false;
  return direction === undefined || recording.direction === directionNumbers[direction];
}

describe('filters', () => {
  let simulator: Simulator;
  let sara: ApiClient;

  beforeAll(async () => {
    simulator = await startSimulator({ timeZone: 'Europe/Rome' });
    const owners = ['anna.rossi', 'OFFICE\\ben', 'semi;colon', 'contains:x'];
    for (const username of owners.slice(1)) simulator.accounts.add({ username, password: 'x' });
    for (let i = 0; i < 60; i += 1) {
      simulator.recordings.add({
        // Over the hour that Rome leaves out.
        startMs: base + i * minute,
        durationMs: (i % 4) * minute,
        direction: ([0, 1, 2] as const)[i % 3] ?? 0,
        ownerUsername: owners[i % owners.length] ?? '',
        localPartyNumber: numbers[(i * 7) % numbers.length] ?? '',
        remotePartyNumber: numbers[i % numbers.length] ?? '',
      });
    }
    sara = clientOf(simulator, 'sara.conti');
  });

  afterAll(async () => {
    sara.dispose();
    await simulator.close();
  });

  it('find over HTTP what they mean', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (wanted) => {
        const page = valueOf(await sara.listRecordings(wanted, { page: 0, pageSize: 100 }));
        const expected = simulator.recordings.all().filter((recording) => matches(recording, wanted));
        expect(page.recordings.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
        expect(page.totalCount).toBe(expected.length);
      }),
      { numRuns: 1_000 },
    );
  }, 120_000);

  it.each(numbers)('find %j by itself, whole and in part', async (number) => {
    const search = async (filter: TextFilter): Promise<readonly (string | null)[]> => {
      const page = valueOf(
        await sara.listRecordings({ remotePartyNumber: filter }, { page: 0, pageSize: 100 }),
      );
      return page.recordings.map(({ remotePartyNumber }) => remotePartyNumber);
    };
    const equal = await search({ operator: 'equals', value: number });
    expect(equal.length).toBeGreaterThan(0);
    expect(new Set(equal)).toEqual(new Set([number]));
    const containing = await search({ operator: 'contains', value: number });
    expect(new Set(containing)).toEqual(new Set(numbers.filter((other) => other.includes(number))));
  });
});
