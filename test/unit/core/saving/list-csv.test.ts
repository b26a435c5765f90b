import { describe, expect, it } from 'vitest';

import {
  csvDialect,
  csvHeader,
  csvRecord,
  csvRow,
  textCell,
  withoutFormula,
} from '../../../../src-main/core/saving/list-csv';
import { parseCsv } from '../../../fixtures/csv-parser';
import { fc } from '../../../fixtures/seed';

describe('a record', () => {
  it('is read back as it was written, whatever is in it', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '"', '""', ',', '\r\n', '\n', ' x ', 'a;b'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1 }), (rows) => {
        expect(parseCsv(rows.map((row) => csvRecord(row)).join(''))).toEqual(rows);
      }),
    );
  });

  it.each(['en-GB', 'it-IT'])('has as many cells as the header has, as %s reads them (D7)', (locale) => {
    const dialect = csvDialect(locale);
    const row = csvRow(
      {
        id: '75a90276-e47e-4e9e-b463-e3c743d5ff3a',
        referenceNumber: '2026000000175',
        startTime: Date.UTC(2026, 2, 2, 13, 2, 5),
        durationMs: 3_723_045,
        direction: 'outgoing',
        ownerUsername: null,
        localPartyNumber: '101',
        remotePartyNumber: '=HYPERLINK("http://evil.example","x")',
      },
      dialect,
      'Europe/Rome',
    );
    expect(parseCsv(csvHeader(dialect) + row, dialect.separator)[1]).toEqual([
      '\t2026000000175',
      '2026-03-02 14:02:05',
      '2026-03-02 13:02:05',
      '1:02:03',
      locale === 'it-IT' ? '3723,045' : '3723.045',
      'Outgoing',
      `'=HYPERLINK("http://evil.example","x")`,
      '101',
      '',
      '75a90276-e47e-4e9e-b463-e3c743d5ff3a',
    ]);
  });
});

describe('what a spreadsheet reads', () => {
  it.each([
    [0, '0:00:00'],
    [999, '0:00:00'],
    [30_000, '0:00:30'],
    [3_599_999, '0:59:59'],
    [90_000_000, '25:00:00'],
  ])('of %d ms is a length of %s (D7)', (durationMs, length) => {
    const recording = {
      id: 'x',
      referenceNumber: 'R',
      startTime: 0,
      durationMs,
      direction: 'incoming',
      ownerUsername: null,
      localPartyNumber: null,
      remotePartyNumber: null,
    } as const;
    expect(parseCsv(csvRow(recording, csvDialect('en-GB'), 'UTC'))[0]?.[3]).toBe(length);
  });

  it.each([
    ['en-US', ',', '.'],
    ['en-GB', ',', '.'],
    ['ja-JP', ',', '.'],
    ['de-CH', ',', '.'],
    ['it-IT', ';', ','],
    ['de-DE', ';', ','],
    ['fr-FR', ';', ','],
    ['pl-PL', ';', ','],
    ['pt-BR', ';', ','],
    ['ar-EG', ',', '.'],
  ])('in %s has %j between cells and %j in numbers (D7)', (locale, separator, decimal) => {
    expect(csvDialect(locale)).toEqual({ separator, decimal });
  });

  it.each([
    '00390111',
    '+390244540001',
    '+39 02 44548866',
    '12345678901234567890',
    '390244540001',
    '1e5',
    '12/3',
    '1-2',
    '3:30',
    'MAR1',
    '1 jan',
    'TRUE',
    '.5',
    '50%',
  ])('stays the text %j (D7)', (text) => {
    expect(textCell(text)).toBe(`\t${text}`);
  });

  it.each([
    '',
    '101',
    '980200',
    'anna.rossi',
    'anna101',
    'sip:*97@x',
    'R0001',
    'Anonymous',
    'SEP001122334455',
  ])('is the text %j without a mark (D7)', (text) => {
    expect(textCell(text)).toBe(text);
  });
});

describe('a cell that could be a formula', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1+1', "'+1+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(1,1)', "'@SUM(1,1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\tx', "'\tx"],
    [' =1', "' =1"],
    ['\n=1', "\n'=1"],
    ['＝1', "'＝1"],
    ['＋cmd', "'＋cmd"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['=cmd|’ /C calc’!A0', "'=cmd|’ /C calc’!A0"],
    ['-2+3+cmd|’ /C calc’!D2', "'-2+3+cmd|’ /C calc’!D2"],
    ['+39-02', "'+39-02"],
    ['+39(02)', "'+39(02)"],
    ['+', "'+"],
    ['+39 02,1', "'+39 02,1"],
    ['x;=1+1', "x;'=1+1"],
    ['x; =1+1', "x; '=1+1"],
    ['x\r\n=1', "x\r\n'=1"],
    ['-5', "'-5"],
  ])('%j becomes %j', (text, harmless) => {
    expect(withoutFormula(text)).toBe(harmless);
  });

  it.each([
    '',
    '101',
    '980200',
    '+390244548866',
    '+39 02 44548866',
    '+1 212 555 0100',
    'anna.rossi',
    'sip:a@b',
    'a-b',
    'a=b',
    "'x",
  ])('leaves %j as it is, for programs that import it', (text) => {
    expect(withoutFormula(text)).toBe(text);
  });

  it('never begins with what a spreadsheet computes, but for a telephone number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[=+\-@ \t\r\n0-9a;|(),]{1,12}$/), (text) => {
        const written = withoutFormula(text);
        const starts = [written, ...written.split(/[;\t\r\n]/).slice(1)];
        for (const start of starts) {
          if (!/^\+[0-9]+(?: ?[0-9])*$/.test(written)) expect(start).not.toMatch(/^\s*[=+\-@]/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
