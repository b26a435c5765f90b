import { describe, expect, it } from 'vitest';

import { defaultNameTemplate, isNameTemplate, namePlaceholders } from '@shared/domain/saves';
import {
  fileMoment,
  maxNameBytes,
  numberedName,
  recordingFileName,
  safeFileName,
} from '../../../../src-main/core/saving/file-name';
import { fc } from '../../../fixtures/seed';

const recording = {
  referenceNumber: '2026000000175',
  startTime: Date.UTC(2026, 2, 2, 13, 2, 5),
  direction: 'incoming',
  ownerUsername: 'anna.rossi',
  localPartyNumber: '101',
  remotePartyNumber: '+390244548866',
} as const;

const zone = 'Europe/Rome';
const bytes = (text: string) => new TextEncoder().encode(text).length;

/** What no name may be, on any system; written anew, without a look at how names are made. */
function complaints(name: string): readonly string[] {
  const stem = name.split('.')[0]?.trimEnd() ?? '';
  const checks: Readonly<Record<string, boolean>> = {
    empty: name === '',
    'too long': bytes(name) > 180,
    'a forbidden character': /[<>:"/\\|?*]/.test(name),
    'a control character': [...name].some((char) => char.charCodeAt(0) < 32 || char === '\x7f'),
    'a lone surrogate': !name.isWellFormed(),
    'a dot or blank at the end': /[. ]$/.test(name),
    'a dot or blank at the beginning': /^[. ]/.test(name),
    'a dot or blank before the extension': /[. ]\.mp3$/.test(name),
    'not composed': name.normalize('NFC') !== name,
    'a reserved name': /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem),
    'a line break': /[\r\n\u2028\u2029]/.test(name),
    'no extension': !name.endsWith('.mp3'),
  };
  return Object.entries(checks).flatMap(([what, is]) => (is ? [what] : []));
}

describe('the name of a recording', () => {
  it.each([
    [defaultNameTemplate, '2026-03-02 14.02.05 +390244548866 2026000000175.mp3'],
    ['{reference}', '2026000000175.mp3'],
    ['{owner} {direction} {local}-{remote}', 'anna.rossi incoming 101-+390244548866.mp3'],
    ['Anna/{start}', 'Anna_2026-03-02 14.02.05.mp3'],
    ['{start}...', '2026-03-02 14.02.05.mp3'],
    ['no placeholder', '2026-03-02 14.02.05 +390244548866 2026000000175.mp3'],
    ['{constructor}', '2026-03-02 14.02.05 +390244548866 2026000000175.mp3'],
  ])('%j gives %j', (template, name) => {
    expect(recordingFileName(template, recording, '.mp3', zone)).toBe(name);
  });

  it.each([
    [null, '2026000000175.mp3'],
    ['', '2026000000175.mp3'],
    ['   ', '2026000000175.mp3'],
    ['...', '2026000000175.mp3'],
    ['???', '2026000000175.mp3'],
    ['CON', '_CON.mp3'],
    ['con.txt', '_con.txt.mp3'],
    ['Lpt1 ', '_Lpt1.mp3'],
    ['COM¹', '_COM¹.mp3'],
    ['CONSOLE', 'CONSOLE.mp3'],
    ['../../etc/passwd', '_.._etc_passwd.mp3'],
    ['C:\\Windows\\x', 'C__Windows_x.mp3'],
    ['a\u0000b\u001fc', 'a_b_c.mp3'],
    ['a\u202egpj.exe', 'a_gpj.exe.mp3'],
    ['Zu\u0308rich', 'Z\u00fcrich.mp3'],
    ['\ud800x', '_x.mp3'],
    ['a \t\n b', 'a b.mp3'],
    ['+39 02 44548866', '+39 02 44548866.mp3'],
  ])('with the remote number %j is %j', (remotePartyNumber, name) => {
    const made = recordingFileName('{remote}', { ...recording, remotePartyNumber }, '.mp3', zone);
    expect(complaints(made)).toEqual([]);
    expect(made).toBe(name);
  });

  it('is safe for every system, whatever the server tells and the user types', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc.stringMatching(/^[ .<>:"/\\|?*\t]{0,40}$/),
      fc.constantFrom('CON', 'nul', 'aux.', 'COM1', 'lpt9 ', 'prn.x', '👩‍👩‍👧‍👦'.repeat(60), 'e\u0301'.repeat(200)),
    );
    const template = fc
      .array(fc.oneof(fc.constantFrom(...namePlaceholders.map((name) => `{${name}}`)), text), {
        maxLength: 6,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(template, text, text, text, text, (used, reference, remote, local, owner) => {
        const name = recordingFileName(
          used,
          {
            ...recording,
            referenceNumber: reference,
            remotePartyNumber: remote,
            localPartyNumber: local,
            ownerUsername: owner,
          },
          '.mp3',
          zone,
        );
        expect(complaints(name)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a name that is taken', () => {
  it.each([
    ['call.mp3', 1, 'call.mp3'],
    ['call.mp3', 2, 'call (2).mp3'],
    ['call (2).mp3', 3, 'call (2) (3).mp3'],
    ['anna.rossi', 2, 'anna (2).rossi'],
    ['a.very-long-ending', 2, 'a.very-long-ending (2)'],
    ['SHA256SUMS', 2, 'SHA256SUMS (2)'],
    ['.hidden', 2, '.hidden (2)'],
  ])('%j for the %i. time is %j', (name, number, numbered) => {
    expect(numberedName(name, number)).toBe(numbered);
  });

  it('never gets too long, and never meets another number of its own', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 2, max: 9_999 }),
        (stem, number) => {
          const name = safeFileName(stem, '.mp3') || 'x.mp3';
          const numbered = numberedName(name, number);
          expect(bytes(numbered)).toBeLessThanOrEqual(maxNameBytes);
          expect(numbered).not.toBe(numberedName(name, number + 1));
          expect(complaints(numbered)).toEqual([]);
        },
      ),
    );
  });
});

describe('a moment in a name', () => {
  it.each([
    [Date.UTC(2026, 2, 29, 0, 59, 59), 'Europe/Rome', '2026-03-29 01.59.59'],
    [Date.UTC(2026, 2, 29, 1, 0, 0), 'Europe/Rome', '2026-03-29 03.00.00'],
    [Date.UTC(2026, 0, 1, 0, 0, 0), 'America/New_York', '2025-12-31 19.00.00'],
    [Date.UTC(2026, 3, 4, 15, 0, 0), 'Australia/Lord_Howe', '2026-04-05 01.30.00'],
    [Date.UTC(2026, 5, 1, 22, 0, 0), 'Europe/Rome', '2026-06-02 00.00.00'],
  ])('%i in %s is %s', (moment, timeZone, text) => {
    expect(fileMoment(moment, timeZone)).toBe(text);
  });
});

describe('a template', () => {
  it.each(['{start}', defaultNameTemplate, 'x{remote}y', '{owner}{owner}'])('takes %j', (template) => {
    expect(isNameTemplate(template)).toBe(true);
  });

  it.each([
    '',
    'x',
    '{}',
    '{name}',
    '{start',
    'start}',
    '{{start}}',
    '{start} {}',
    '{ start }',
    '{constructor}',
  ])('refuses %j', (template) => {
    expect(isNameTemplate(template)).toBe(false);
  });
});
