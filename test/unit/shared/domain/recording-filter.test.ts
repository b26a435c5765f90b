import { describe, expect, test } from 'vitest';

import { matchesFilter, type ListFilter } from '@shared/domain/recording-filter';
import { summary } from '../../../fixtures/examples';

const at = Date.UTC(2026, 2, 2, 13, 2);
const row = summary({
  startTime: at,
  durationMs: 60_000,
  direction: 'incoming',
  ownerUsername: 'anna.rossi',
  localPartyNumber: '101',
  remotePartyNumber: '+39 (02) 1234-5678',
});

describe('a recording belongs to a list', () => {
  test.each<[string, ListFilter]>([
    ['without a filter', {}],
    [
      'by its number, however that is written',
      { remotePartyNumber: { operator: 'equals', value: '+390212345678' } },
    ],
    ['by a part of it', { remotePartyNumber: { operator: 'contains', value: '12 34' } }],
    ['by a part as it is written', { remotePartyNumber: { operator: 'contains', value: '(02)' } }],
    ['by its line', { localPartyNumber: '101' }],
    ['by its owner', { ownerUsername: 'Anna.Rossi' }],
    ['by its owner in a domain', { ownerUsername: 'CORP\\anna.rossi' }],
    ['by its owner as an address', { ownerUsername: 'anna.rossi@corp.example' }],
    ['by its direction', { direction: 'incoming' }],
    ['from its instant on', { startTime: { operator: 'between', from: at, to: at + 1 } }],
    ['after an instant', { startTime: { operator: 'after', at: at - 1 } }],
    ['before an instant', { startTime: { operator: 'before', at: at + 1 } }],
    ['at its instant', { startTime: { operator: 'equals', at } }],
    ['by its end', { endTime: { operator: 'equals', at: at + 60_000 } }],
    ['by its length', { length: { from: 60_000, to: 60_001 } }],
    ['by all of them', { direction: 'incoming', localPartyNumber: '101', length: { to: 61_000 } }],
  ])('%s', (_name, filter) => {
    expect(matchesFilter(row, filter)).toBe(true);
  });
});

describe('a recording does not belong to a list', () => {
  test.each<[string, ListFilter]>([
    ['of another number', { remotePartyNumber: { operator: 'equals', value: '+3902123456' } }],
    ['of another part', { remotePartyNumber: { operator: 'contains', value: '999' } }],
    ['of another line', { localPartyNumber: '10' }],
    ['of another owner', { ownerUsername: 'anna' }],
    ['of another direction', { direction: 'unknown' }],
    ['of the day before', { startTime: { operator: 'between', from: at - 100, to: at - 50 } }],
    ['of the day after', { startTime: { operator: 'after', at: at + 50 } }],
    ['before it', { startTime: { operator: 'before', at: at - 50 } }],
    ['of shorter ones', { length: { to: 60_000 } }],
    ['of longer ones', { length: { from: 60_001 } }],
    ['where only one of several holds', { direction: 'incoming', localPartyNumber: '102' }],
  ])('%s', (_name, filter) => {
    expect(matchesFilter(row, filter)).toBe(false);
  });
});

test('what the server does not tell matches no number, and hides no owner', () => {
  const bare = summary({ remotePartyNumber: null, localPartyNumber: null, ownerUsername: null });
  expect(matchesFilter(bare, { remotePartyNumber: { operator: 'contains', value: '1' } })).toBe(false);
  expect(matchesFilter(bare, { localPartyNumber: '101' })).toBe(false);
  expect(matchesFilter(bare, { ownerUsername: 'anna.rossi' })).toBe(true);
});
