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

test.each([
  { keys: { key: 'r', code: 'KeyR', ctrlKey: true, altKey: true }, accelerator: 'CommandOrControl+Alt+R' },
  // A layout that prints another letter there: what is printed counts.
  { keys: { key: 'z', code: 'KeyY', ctrlKey: true }, accelerator: 'CommandOrControl+Z' },
  {
    keys: { key: '!', code: 'Digit1', ctrlKey: true, shiftKey: true },
    accelerator: 'CommandOrControl+Shift+1',
  },
  { keys: { key: 'F9', code: 'F9' }, accelerator: 'F9' },
  { keys: { key: '7', code: 'Numpad7', altKey: true }, accelerator: 'Alt+num7' },
  { keys: { key: ' ', code: 'Space', ctrlKey: true }, accelerator: 'CommandOrControl+Space' },
  { keys: { key: 'ArrowUp', code: 'ArrowUp', metaKey: true }, accelerator: 'Super+Up' },
  { keys: { key: 'r', code: 'KeyR' }, accelerator: null },
  { keys: { key: 'R', code: 'KeyR', shiftKey: true }, accelerator: null },
  { keys: { key: 'Control', code: 'ControlLeft', ctrlKey: true }, accelerator: null },
  { keys: { key: 'Dead', code: 'IntlRo', ctrlKey: true }, accelerator: null },
])('$keys means $accelerator', ({ keys, accelerator }) => {
  expect(acceleratorOf(press(keys), 'linux')).toBe(accelerator);
});

test('on a Mac, Command is the main key and Option’s signs do not matter', () => {
  expect(acceleratorOf(press({ key: '®', code: 'KeyR', metaKey: true, altKey: true }), 'darwin')).toBe(
    'CommandOrControl+Alt+R',
  );
  expect(acceleratorOf(press({ key: 'r', code: 'KeyR', ctrlKey: true }), 'darwin')).toBe('Control+R');
});
