import { describe, expect, it } from 'vitest';

import { parseRange } from '../../../../src-main/core/media/http-range';
import { fc } from '../../../fixtures/seed';

const whole = { kind: 'whole' } as const;
const unsatisfiable = { kind: 'unsatisfiable' } as const;
const part = (first: number, last: number) => ({ kind: 'part', first, last }) as const;

describe('parseRange', () => {
  it.each([
    // RFC 9110 §14.1.2, on a representation of 10,000 bytes
    ['bytes=0-499', 10_000, part(0, 499)],
    ['bytes=500-999', 10_000, part(500, 999)],
    ['bytes=-500', 10_000, part(9_500, 9_999)],
    ['bytes=9500-', 10_000, part(9_500, 9_999)],
    ['bytes=0-0', 10_000, part(0, 0)],
    ['bytes=-1', 10_000, part(9_999, 9_999)],
    ['bytes=0-', 10_000, part(0, 9_999)],
    ['bytes=9999-9999', 10_000, part(9_999, 9_999)],
    // A last position beyond the end, or a suffix longer than the whole, means as much as there is
    ['bytes=9500-20000', 10_000, part(9_500, 9_999)],
    ['bytes=0-99999999999999999999999999', 10_000, part(0, 9_999)],
    ['bytes=-20000', 10_000, part(0, 9_999)],
    ['bytes=-10000', 10_000, part(0, 9_999)],
    // Units are case-insensitive; digits may have leading zeros
    ['Bytes=1-2', 10_000, part(1, 2)],
    ['BYTES=0001-0002', 10_000, part(1, 2)],
    [' bytes=1-2 ', 10_000, part(1, 2)],
    // Beyond the end
    ['bytes=10000-', 10_000, unsatisfiable],
    ['bytes=10000-10001', 10_000, unsatisfiable],
    ['bytes=99999999999999999999999999-', 10_000, unsatisfiable],
    ['bytes=-0', 10_000, unsatisfiable],
    // An empty whole has no byte to give
    ['bytes=0-', 0, unsatisfiable],
    ['bytes=0-0', 0, unsatisfiable],
    ['bytes=-1', 0, unsatisfiable],
    [null, 0, whole],
    // Invalid, of another unit, or several: as if it were not there
    [null, 10_000, whole],
    ['', 10_000, whole],
    ['bytes', 10_000, whole],
    ['bytes=', 10_000, whole],
    ['bytes=-', 10_000, whole],
    ['bytes=--1', 10_000, whole],
    ['bytes=5-2', 10_000, whole],
    ['bytes=20000-10001', 10_000, whole],
    ['bytes=a-b', 10_000, whole],
    ['bytes=1-b', 10_000, whole],
    ['bytes=0x10-0x20', 10_000, whole],
    ['bytes=1.5-2', 10_000, whole],
    ['bytes=1e3-', 10_000, whole],
    ['bytes=+1-2', 10_000, whole],
    ['bytes=-1-2', 10_000, whole],
    ['bytes=1', 10_000, whole],
    ['bytes:1-2', 10_000, whole],
    ['items=0-5', 10_000, whole],
    ['seconds=1-2', 10_000, whole],
    ['bytes=0-0,-1', 10_000, whole],
    ['bytes=500-600,601-999', 10_000, whole],
    ['bytes=0-1\nbytes=2-3', 10_000, whole],
    ['٣-٤', 10_000, whole],
  ] as const)('%j of %d bytes', (header, sizeBytes, expected) => {
    expect(parseRange(header, sizeBytes)).toEqual(expected);
  });

  it('never asks for a byte that is not there', () => {
    const position = fc.oneof(fc.nat(300), fc.bigInt({ min: 0n, max: 10n ** 30n })).map(String);
    const header = fc
      .tuple(fc.constantFrom('', position), fc.constantFrom('', position))
      .chain(([from, to]) =>
        fc.tuple(
          typeof from === 'string' ? fc.constant('') : from,
          typeof to === 'string' ? fc.constant('') : to,
        ),
      )
      .map(([from, to]) => `bytes=${from}-${to}`);
    fc.assert(
      fc.property(fc.oneof(header, fc.string()), fc.nat(200), (text, sizeBytes) => {
        const range = parseRange(text, sizeBytes);
        if (range.kind !== 'part') return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(range.last).toBeLessThan(sizeBytes);
        expect(Number.isSafeInteger(range.first) && Number.isSafeInteger(range.last)).toBe(true);
      }),
    );
  });
});
