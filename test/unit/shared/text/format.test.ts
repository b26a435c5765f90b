import { describe, expect, it } from 'vitest';

import { formatElapsed } from '@shared/text/format';
import { fc } from '../../../fixtures/seed';

describe('formatElapsed', () => {
  it.each([
    [0, '00:00'],
    [999, '00:00'],
    [1_000, '00:01'],
    [42_000, '00:42'],
    [59_999, '00:59'],
    [60_000, '01:00'],
    [725_000, '12:05'],
    [3_599_999, '59:59'],
    [3_600_000, '1:00:00'],
    [3_723_000, '1:02:03'],
    [36_000_000, '10:00:00'],
    [-1, '00:00'],
    [-60_000, '00:00'],
  ])('%d ms is %s', (elapsedMs, text) => {
    expect(formatElapsed(elapsedMs)).toBe(text);
  });

  it('loses no second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000_000 }), (elapsedMs) => {
        const parts = formatElapsed(elapsedMs).split(':').map(Number);
        const seconds = parts.reduce((sum, part) => sum * 60 + part, 0);
        expect(seconds).toBe(Math.floor(elapsedMs / 1_000));
      }),
    );
  });
});
