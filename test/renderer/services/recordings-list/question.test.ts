import { expect, test } from 'vitest';

import { createServerQuestion } from '../../../../src-renderer/services/recordings-list/question';
import type { ListSearch } from '../../../../src-renderer/services/recordings-list/search';
import { summary } from '../../../fixtures/examples';

/** A search for a number, of which the server is asked for the digits. */
const searchFor = (number: string, digits: string): ListSearch => ({
  query: { remotePartyNumber: { operator: 'contains', value: digits } },
  length: null,
  number,
  ownerUsername: 'anna',
});
const plain: ListSearch = { query: {}, length: null, number: null, ownerUsername: 'anna' };
const spaced = searchFor('02 4454', '24454');
const asked = (question: ReturnType<typeof createServerQuestion>) =>
  question.current()?.query.remotePartyNumber?.value;

test('a search without a number is asked as it is', () => {
  const question = createServerQuestion();
  expect([question.current(), question.isFor(plain)]).toEqual([null, false]);
  expect(question.set(plain)).toBe(false);
  expect(question.current()).toBe(plain);
  expect([question.isOther(), question.isProbe(), question.isFor({ ...plain })]).toEqual([
    false,
    false,
    true,
  ]);
});

test('a number with separators is asked for as it was typed, then by its digits', () => {
  const question = createServerQuestion();
  expect(question.set(spaced)).toBe(false);
  expect([asked(question), question.isProbe()]).toEqual(['02 4454', true]);
  expect(question.endProbe()).toBe(false);
  expect([asked(question), question.isProbe(), question.isOther()]).toEqual(['24454', false, false]);
});

test('where the probe finds numbers with separators, the server is not asked for the number', () => {
  const question = createServerQuestion();
  question.set(spaced);
  question.learn([summary({ remotePartyNumber: '+39 02 4454' })]);
  expect(question.endProbe()).toBe(true);
  expect([asked(question), question.isOther()]).toEqual([undefined, true]);
});

test('once numbers with separators were seen, no number is asked for any more', () => {
  const question = createServerQuestion();
  question.learn([summary({ remotePartyNumber: '+39024454' }), summary({ remotePartyNumber: null })]);
  expect(question.set(searchFor('024454', '24454'))).toBe(false);
  question.learn([summary({ remotePartyNumber: '+39 02 4454' })]);
  expect(question.set(searchFor('024455', '24455'))).toBe(true);
  expect([asked(question), question.isProbe()]).toEqual([undefined, false]);
  expect(question.set(plain)).toBe(false);
});

test('a number that is not found can be left out, where there is one', () => {
  const question = createServerQuestion();
  expect(question.leaveOutNumber()).toBe(false);
  question.set(plain);
  expect(question.leaveOutNumber()).toBe(false);
  question.set(searchFor('024454', '24454'));
  expect([question.leaveOutNumber(), asked(question), question.isOther()]).toEqual([true, undefined, true]);
});
