import { describe, expect, test } from 'vitest';

import {
  acceleratorHarm,
  isSameAccelerator,
  parseAccelerator,
  repeatedAccelerator,
  storedAccelerator,
} from '@shared/domain/accelerator';
import { defaultHotkeys, formerHotkeys } from '@shared/ipc/settings';
import { fc } from '../../../fixtures/seed';

/** Letters and digits that type something with AltGr, with or without Shift, on layouts of Windows. */
const typedWithAltGr: Readonly<Record<string, string>> = {
  'Polish (programmers)': 'ACELNOSUXZ',
  Czech: 'BCDEFGKLMNQSVWXYZ',
  Slovak: 'BCDEFGKLNQSVWXYZ',
  Hungarian: 'ABCDEFGIJKLMNQSUVWXYZ1234567890',
  Croatian: 'BEFGKLMNQSVW1234567890',
  Slovenian: 'BEFGKLMNQSVW1234567890',
  'Serbian (Latin)': 'BEFGKLMNQSVW1234567890',
  German: 'EMQ2378901',
  Swiss: 'E12367890',
  Danish: 'EM234578',
  Norwegian: 'EM234578',
  Swedish: 'EM2345780',
  Finnish: 'EM2345780',
  Icelandic: 'EMQ78',
  Dutch: 'CRSEM1234567',
  Belgian: 'EA1236890',
  French: 'E234567890',
  Spanish: 'E1236',
  Portuguese: 'E234578',
  Italian: 'E5',
  'Turkish Q': 'AEIQST1234567890',
  Latvian: 'ACEGIKLNORSUZ',
  Lithuanian: 'E1234567890',
  Estonian: 'EKSZM2345780',
  Romanian: 'ACDEGLMNPRSTZ',
  'US-International': 'ACDEILMNOPQRSTUYZ1234567890',
  'UK (extended)': 'AEIOUW',
  'Irish (Gaelic)': 'AEIOU',
  'Canadian French': 'CEMOP2345679',
  Maltese: 'AEIOU',
};

test('what a new user has is typed with AltGr on no layout (D11)', () => {
  const chosen = Object.values(defaultHotkeys).filter((accelerator) => accelerator !== null);
  expect(chosen).toHaveLength(4);
  for (const accelerator of chosen) {
    for (const keys of Object.values(typedWithAltGr))
      expect(keys).not.toContain(parseAccelerator(accelerator)?.key);
    for (const platform of ['win32', 'linux', 'darwin'] as const) {
      expect(acceleratorHarm(accelerator, platform)).toBeNull();
    }
    expect(storedAccelerator(accelerator)).toBe(accelerator);
  }
  expect(repeatedAccelerator(chosen)).toBeNull();
});

test.each(Object.entries(typedWithAltGr))(
  'what AltGr types on the layout %s is warned of (D11)',
  (_layout, keys) => {
    for (const key of keys) {
      expect(acceleratorHarm(`CommandOrControl+Alt+${key}`, 'win32')).toBe('types');
      expect(acceleratorHarm(`Control+Shift+Alt+${key}`, 'win32')).toBe('types');
      expect(acceleratorHarm(`Control+Shift+${key}`, 'win32')).toBeNull();
      expect(acceleratorHarm(`CommandOrControl+Alt+${key}`, 'darwin')).toBeNull();
    }
  },
);

test('every former shortcut was a letter of some layout (D11)', () => {
  const letters = Object.values(typedWithAltGr).join('');
  for (const accelerator of Object.values(formerHotkeys)) {
    expect(letters).toContain(parseAccelerator(accelerator)?.key);
    expect(acceleratorHarm(accelerator, 'win32')).toBe('types');
  }
});

test.each([
  ['Ctrl+Alt+F1', 'linux', 'console'],
  ['CommandOrControl+Alt+F12', 'linux', 'console'],
  ['Ctrl+Alt+F13', 'linux', null],
  ['Ctrl+Shift+F1', 'linux', null],
  ['Alt+F1', 'linux', null],
  ['Ctrl+Alt+F1', 'win32', null],
  ['Ctrl+Alt+Up', 'win32', null],
  ['Ctrl+Alt+;', 'win32', 'types'],
  ['Alt+S', 'win32', null],
  ['Super+Ctrl+Alt+S', 'win32', null],
  ['nonsense', 'win32', null],
] as const)('%s on %s does the harm: %s (D11)', (accelerator, platform, harm) => {
  expect(acceleratorHarm(accelerator, platform)).toBe(harm);
});

describe('a stored shortcut', () => {
  test.each([
    ['CommandOrControl+Shift+F9', 'CommandOrControl+Shift+F9'],
    ['shift+ctrl+r', 'Control+Shift+R'],
    ['CmdOrCtrl+Option+r', 'CommandOrControl+Alt+R'],
    [' Ctrl + Alt + PageUp ', 'Control+Alt+PageUp'],
    ['Alt+Alt+x', 'Alt+X'],
    ['F9', 'F9'],
    ['shift+f24', 'Shift+F24'],
    ['Meta+NUM7', 'Super+num7'],
    ['Ctrl+Plus', 'Control+='],
    ['Ctrl+Return', 'Control+Enter'],
  ])('is written one way: %j', (text, stored) => {
    expect(storedAccelerator(text)).toBe(stored);
  });

  test.each([
    '', '+', 'A', 'Shift+A', '5', 'Space', 'Enter', 'Shift+;', 'F25', 'F0', 'Ctrl', 'Ctrl+', 'Ctrl+Alt', 'AltGr+S',
    'Ctrl+é', 'Ctrl+AB', 'Hyper+A', 'MediaPlayPause', 'Ctrl+A+B', '__proto__+A', 'Ctrl+__proto__',
  ])('is no shortcut, or takes a key from everybody: %j', (text) => {
    expect(storedAccelerator(text)).toBeNull();
  }); // prettier-ignore

  test('stays what it is when it is read again', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const stored = storedAccelerator(text);
        if (stored !== null) expect(storedAccelerator(stored)).toBe(stored);
      }),
    );
  });
});

test('two shortcuts are the same where their keys are, on this computer or another', () => {
  expect(isSameAccelerator('CommandOrControl+F9', 'Control+F9')).toBe(true);
  expect(isSameAccelerator('CommandOrControl+F9', 'Command+F9')).toBe(true);
  expect(isSameAccelerator('Control+F9', 'Control+Shift+F9')).toBe(false);
  expect(repeatedAccelerator(['F9', null, null, 'F10'])).toBeNull();
  expect(repeatedAccelerator(['Control+F9', null, 'F10', 'CommandOrControl+F9'])).toBe('CommandOrControl+F9');
});

test('Super is Command on a Mac, and another key elsewhere', () => {
  expect(isSameAccelerator('Super+F9', 'Command+F9')).toBe(true);
  expect(isSameAccelerator('Super+Shift+F9', 'Command+Shift+F9')).toBe(true);
  expect(isSameAccelerator('Super+F9', 'CommandOrControl+F9')).toBe(false);
  expect(isSameAccelerator('Super+F9', 'CommandOrControl+F9', true)).toBe(true);
  expect(isSameAccelerator('Command+Super+F9', 'Command+F9', true)).toBe(true);
  expect(isSameAccelerator('Super+F9', 'Control+F9', true)).toBe(false);
  expect(repeatedAccelerator(['Super+F9', 'CommandOrControl+F9'])).toBeNull();
  expect(repeatedAccelerator(['Super+F9', 'CommandOrControl+F9'], true)).toBe('CommandOrControl+F9');
});
