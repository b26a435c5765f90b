import { describe, expect, test } from 'vitest';

import { commonDigits, dialled, hasSeparators, isNumber, matchesNumber } from '@shared/domain/phone-number';
import { others, spellings } from '../../../fixtures/number-spellings';
import { fc } from '../../../fixtures/seed';

/** What cannot be seen in a title is written out. */
const shown = (text: string) =>
  JSON.stringify(text).replace(/[^ -~]/g, (c) => `u${c.charCodeAt(0).toString(16)}`);
const pairs = (table: typeof spellings) =>
  table.flatMap(({ stored, typed }) =>
    typed.map((spelling) => ({ stored, spelling, title: `${shown(spelling)} and ${shown(stored)}` })),
  );

describe('a number is found in any spelling (D4)', () => {
  test('the table has at least sixty pairs', () => {
    expect(pairs(spellings).length).toBeGreaterThanOrEqual(60);
  });

  test.each(pairs(spellings))('$title', ({ stored, spelling }) => {
    expect(matchesNumber(stored, spelling)).toBe(true);
    // What the server is asked for has to bring it, or nobody could look at it.
    const asked = commonDigits(spelling);
    if (asked !== null) expect(dialled(stored)).toContain(asked);
  });
});

describe('another number is not found (D4)', () => {
  test.each(pairs(others))('$title', ({ stored, spelling }) => {
    expect(matchesNumber(stored, spelling)).toBe(false);
  });
});

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 14 });
const separator = fc.constantFrom('', '', ' ', '-', '\u00a0', '\u2011', '.', '/', '(', ')', '\u200b');
const spelled = fc
  .tuple(
    fc.constantFrom('', '+', '00', '0', 'tel:', 'tel:+'),
    fc.array(fc.tuple(fc.constantFrom(...'0123456789'), separator), { minLength: 1, maxLength: 14 }),
  )
  .map(([prefix, parts]) => prefix + parts.flat().join(''));

/** A number as typed, and one that may be it: the same in another spelling, with other digits around or without some. */
const typedAndStored = fc
  .tuple(spelled, digits, digits, fc.constantFrom('typed', 'digits', 'bare', 'part'))
  .map(([typed, before, after, kind]) => {
    const all = dialled(typed).replace(/\D/g, '');
    const core = { typed, digits: all, bare: all.replace(/^0+/, ''), part: all.slice(3) }[kind];
    return { typed, near: [core, before + core, core + after, `+${before.slice(0, 3)}${core}`] };
  });

test('whatever is found is among what the server is asked for (D4)', () => {
  fc.assert(
    fc.property(typedAndStored, fc.oneof(spelled, digits), ({ typed, near }, other) => {
      const asked = commonDigits(typed);
      for (const stored of asked === null ? [] : [...near, other]) {
        if (matchesNumber(stored, typed)) expect(dialled(stored)).toContain(asked);
      }
    }),
    { numRuns: 1_500 },
  );
});

test('a number finds itself however its digits are set apart, and so does any part of it (D4)', () => {
  fc.assert(
    fc.property(
      digits,
      fc.array(separator, { minLength: 14, maxLength: 14 }),
      fc.nat(13),
      (number, between, at) => {
        const part = number.slice(at % number.length);
        const typed = [...part].map((digit, index) => digit + (between[index] ?? '')).join('');
        expect(matchesNumber(number, typed)).toBe(true);
        expect(matchesNumber(typed, part)).toBe(true);
      },
    ),
  );
});

test.each([
  ['+39 02', true],
  ['tel:112', true],
  ['Anonymous', false],
  ['1;2', false],
  ['+', false],
  ['', false],
])('whether "%s" is a number: %s (D4)', (text, is) => {
  expect(isNumber(text)).toBe(is);
});

test.each([
  ['0039 0111 555777', true],
  ['+39-02', true],
  ['(02)44540000', true],
  ['+390244540000', false],
  ['sip:101@10.0.0.1', false],
  ['Line 1 of 2', false],
  ['Anonymous', false],
])('whether "%s" has separators: %s (D4)', (text, has) => {
  expect(hasSeparators(text)).toBe(has);
});
