import { describe, expect, it } from 'vitest';

import {
  filterParameters,
  queryString,
  textOperand,
  timeOperand,
} from '../../../../src-main/infra/api/filters';

describe('textOperand', () => {
  it.each([
    ['225', '225', 'contains:225'],
    ['', 'equals:', 'contains:'],
    ['+39', '+39', 'contains:+39'],
    ['a;b\\c', 'a\\;b\\\\c', 'contains:a\\;b\\\\c'],
    ['contains:+39', 'equals:contains:+39', 'contains:contains:+39'],
    ['equals:1', 'equals:equals:1', 'contains:equals:1'],
    ['Contains:1', 'equals:Contains:1', 'contains:Contains:1'],
    ['before:x', 'equals:before:x', 'contains:before:x'],
    ['between:1;2', 'equals:between:1\\;2', 'contains:between:1\\;2'],
    [' contains:1', 'equals: contains:1', 'contains: contains:1'],
    ['sip:bob@example.com', 'sip:bob@example.com', 'contains:sip:bob@example.com'],
    ['contains', 'contains', 'contains:contains'],
  ])('%j', (value, equals, contains) => {
    expect(textOperand({ operator: 'equals', value })).toBe(equals);
    expect(textOperand({ operator: 'contains', value })).toBe(contains);
  });
});

describe('timeOperand', () => {
  const at = Date.UTC(2018, 10, 1, 0, 0, 0, 7);
  it.each([
    [{ operator: 'equals', at }, '2018-11-01T00:00:00.007Z'],
    [{ operator: 'before', at }, 'before:2018-11-01T00:00:00.007Z'],
    [{ operator: 'after', at }, 'after:2018-11-01T00:00:00.007Z'],
    [
      { operator: 'between', from: at, to: at + 86_400_000 },
      'between:2018-11-01T00:00:00.007Z;2018-11-02T00:00:00.007Z',
    ],
  ] as const)('%o', (filter, text) => {
    expect(timeOperand(filter)).toBe(text);
  });
});

describe('queryString', () => {
  it('encodes what a server would read as something else', () => {
    expect(
      queryString(filterParameters({ remotePartyNumber: { operator: 'contains', value: '+39 &=#%;' } })),
    ).toBe(
      '?remotePartyNumber=contains%3A%2B39%20%26%3D%23%25%5C%3B&remoteParty=contains%3A%2B39%20%26%3D%23%25%5C%3B',
    );
    expect(queryString([])).toBe('');
    expect(queryString([['a', '\ud800']])).toBe('?a=%EF%BF%BD');
  });

  it('names every filter as the reference does, the remote number by both of its names (L1)', () => {
    const names = filterParameters({
      startTime: { operator: 'after', at: 0 },
      endTime: { operator: 'before', at: 0 },
      localPartyNumber: '1',
      remotePartyNumber: { operator: 'equals', value: '2' },
      ownerUsername: 'anna',
      direction: 'unknown',
    });
    expect(names.map(([name, value]) => `${name}=${value}`)).toEqual([
      'startTime=after:1970-01-01T00:00:00.000Z',
      'endTime=before:1970-01-01T00:00:00.000Z',
      'localPartyNumber=1',
      'remotePartyNumber=2',
      'remoteParty=2',
      'ownerUsername=anna',
      'direction=0',
    ]);
  });
});
