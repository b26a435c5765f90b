import { expect, test } from 'vitest';

import {
  acceleratorForAria,
  acceleratorLabel,
  acceleratorOf,
  type KeyPress,
} from '../../../src-renderer/ui/accelerator';

const press = (changes: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...changes,
});

test.each([
  { accelerator: 'CommandOrControl+Alt+R', linux: 'Ctrl Alt R', darwin: '⌘ ⌥ R', aria: 'Control+Alt+R' },
  { accelerator: 'Control+Shift+F5', linux: 'Ctrl Shift F5', darwin: '⌃ ⇧ F5', aria: 'Control+Shift+F5' },
  { accelerator: 'F9', linux: 'F9', darwin: 'F9', aria: 'F9' },
])('$accelerator is labelled as the keyboard is', ({ accelerator, linux, darwin, aria }) => {
  expect(acceleratorLabel(accelerator, 'linux')).toBe(linux);
  expect(acceleratorLabel(accelerator, 'win32')).toBe(linux);
  expect(acceleratorLabel(accelerator, 'darwin')).toBe(darwin);
  expect(acceleratorForAria(accelerator, 'linux')).toBe(aria);
});

const given = (accelerator: string) => ({ accelerator });
const needsModifier = { problem: 'needs-modifier' };
const unusable = (key: string) => ({ problem: 'unusable', key });
const held = { ctrlKey: true, altKey: true };

test.each([
  { keys: { key: 'r', code: 'KeyR', ...held }, means: given('CommandOrControl+Alt+R') },
  // A layout that prints another letter there: what is printed counts.
  { keys: { key: 'z', code: 'KeyY', ctrlKey: true }, means: given('CommandOrControl+Z') },
  { keys: { key: 'к', code: 'KeyR', ctrlKey: true }, means: given('CommandOrControl+R') },
  {
    keys: { key: '!', code: 'Digit1', ctrlKey: true, shiftKey: true },
    means: given('CommandOrControl+Shift+1'),
  },
  { keys: { key: 'F9', code: 'F9' }, means: given('F9') },
  { keys: { key: '7', code: 'Numpad7', altKey: true }, means: given('Alt+num7') },
  { keys: { key: '+', code: 'NumpadAdd', ...held }, means: given('CommandOrControl+Alt+numadd') },
  {
    keys: { key: 'PrintScreen', code: 'PrintScreen', ...held },
    means: given('CommandOrControl+Alt+PrintScreen'),
  },
  { keys: { key: ' ', code: 'Space', ctrlKey: true }, means: given('CommandOrControl+Space') },
  { keys: { key: 'ArrowUp', code: 'ArrowUp', metaKey: true }, means: given('Super+Up') },
  {
    keys: { key: ':', code: 'Semicolon', ctrlKey: true, shiftKey: true },
    means: given('CommandOrControl+Shift+;'),
  },
  { keys: { key: 'r', code: 'KeyR' }, means: needsModifier },
  { keys: { key: 'R', code: 'KeyR', shiftKey: true }, means: needsModifier },
  { keys: { key: 's', code: 'KeyS', ...held, altGraph: true }, means: { problem: 'alt-graph' } },
])('$keys means $means (R-27)', ({ keys, means }) => {
  expect(acceleratorOf(press(keys), 'linux')).toEqual(means);
});

test.each([
  { keys: { key: 'ò', code: 'Semicolon' }, key: 'ò' },
  { keys: { key: 'ß', code: 'Minus' }, key: 'ß' },
  { keys: { key: 'ü', code: 'BracketLeft' }, key: 'ü' },
  { keys: { key: '<', code: 'IntlBackslash' }, key: '<' },
  { keys: { key: 'Enter', code: 'NumpadEnter' }, key: 'Num Enter' },
  { keys: { key: 'Dead', code: 'IntlRo' }, key: 'IntlRo' },
  { keys: { key: 'ScrollLock', code: 'ScrollLock' }, key: 'ScrollLock' },
])('$keys cannot be used, and is called by its own name (R-27)', ({ keys, key }) => {
  expect(acceleratorOf(press({ ...keys, ...held }), 'linux')).toEqual(unusable(key));
});

test('on a Mac, Command is the main key and Option’s signs do not matter', () => {
  const mac = (keys: Partial<KeyPress>) => acceleratorOf(press(keys), 'darwin');
  expect(mac({ key: '®', code: 'KeyR', metaKey: true, altKey: true })).toEqual(
    given('CommandOrControl+Alt+R'),
  );
  expect(mac({ key: '…', code: 'Semicolon', metaKey: true, altKey: true })).toEqual(
    given('CommandOrControl+Alt+;'),
  );
  expect(mac({ key: 'r', code: 'KeyR', ctrlKey: true })).toEqual(given('Control+R'));
});
