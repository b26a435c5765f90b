import { expect, test } from 'vitest';

import { createPageRequests } from '../../../../src-renderer/services/recordings-list/page-requests';

test('two pages at most are in flight', () => {
  const requests = createPageRequests();
  requests.start(0);
  expect(requests.isFull()).toBe(false);
  requests.start(7);
  expect(requests.isFull()).toBe(true);
  expect([requests.count(), requests.has(7), requests.has(1)]).toEqual([2, true, false]);
});

test('an answer ends its request, once', () => {
  const requests = createPageRequests();
  const request = requests.start(0);
  expect(request.end()).toBe(true);
  expect(request.end()).toBe(false);
  expect(request.signal.aborted).toBe(false);
  expect(requests.count()).toBe(0);
});

test('a request for a page that nobody needs is aborted, and its answer is not needed', () => {
  const requests = createPageRequests();
  const first = requests.start(0);
  const second = requests.start(1);
  expect(requests.keepOnly([1, 2])).toBe(true);
  expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false]);
  expect(first.end()).toBe(false);
  expect(requests.keepOnly([1, 2])).toBe(false);
  requests.giveUpAll();
  expect([second.signal.aborted, second.end(), requests.count()]).toEqual([true, false, 0]);
});
