import { describe, expect, test } from 'vitest';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { CallOptions } from '../../../../src-main/core/ports/api';
import { isOutcomeUnclear, isTransient } from '../../../../src-main/core/recorder/outcome';
import { createRequests } from '../../../../src-main/core/recorder/requests';
import { VirtualClock } from '../../../fixtures/virtual-clock';

const timeoutMs = 15_000;
const graceMs = 2_000;

/** One request that is never answered by itself. */
function setUp() {
  const clock = new VirtualClock();
  const requests = createRequests(clock);
  const answers: Result<null>[] = [];
  let given: CallOptions = {};
  let answer: (result: Result<null>) => void = () => undefined;
  requests.send(
    'start',
    timeoutMs,
    (options) => {
      given = options;
      return new Promise<Result<null>>((resolve) => {
        answer = resolve;
      });
    },
    (result) => answers.push(result),
  );
  return {
    clock,
    requests,
    answers,
    sent: () => given.onSent?.(),
    signal: () => given.signal,
    answer: (result: Result<null>) => {
      answer(result);
    },
  };
}

describe('a request of the recorder', () => {
  test('that was never sent is given up as not sent, and nothing can have come of it (C8)', async () => {
    const { clock, answers, signal, requests } = setUp();
    await clock.advance(timeoutMs + graceMs - 1);
    expect(answers).toEqual([]);
    await clock.advance(1);
    expect(answers).toEqual([fail('not-sent', 'start', { outcomeUnknown: false })]);
    expect(signal()?.aborted).toBe(true);
    expect(requests.count()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  test('that is not sent decides nothing for good: waiting for a call goes on', () => {
    const error = { code: 'not-sent', operation: 'start', detail: { outcomeUnknown: false } } as const;
    expect(isOutcomeUnclear(error)).toBe(false);
    expect(isTransient(error)).toBe(true);
  });

  test('has its whole time limit from when it is sent, and an unknown outcome after it (C8)', async () => {
    const { clock, answers, sent, signal } = setUp();
    await clock.advance(timeoutMs);
    sent();
    await clock.advance(timeoutMs + graceMs - 1);
    expect(answers).toEqual([]);
    // Its second part, too, is sent: the limit is of the whole.
    sent();
    await clock.advance(1);
    expect(answers).toEqual([fail('timeout', 'start', { outcomeUnknown: true })]);
    expect(signal()?.aborted).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  test('that is sent after it was given up, or aborted, sets no timer any more', async () => {
    const { clock, answers, sent, answer, requests } = setUp();
    requests.abortAll();
    sent();
    answer(succeed(null));
    await clock.advance(60_000);
    expect(answers).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
