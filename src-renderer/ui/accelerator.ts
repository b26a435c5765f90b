import { mayBeGlobal, printAccelerator } from '@shared/domain/accelerator';
import type { EnvironmentView } from '@shared/ipc/snapshot';

type Platform = EnvironmentView['platform'];

const macSymbols: Readonly<Record<string, string>> = {
  CommandOrControl: '⌘',
  CmdOrCtrl: '⌘',
  Command: '⌘',
  Cmd: '⌘',
  Super: '⌘',
  Control: '⌃',
  Ctrl: '⌃',
  Alt: '⌥',
  Option: '⌥',
  Shift: '⇧',
};

const otherNames: Readonly<Record<string, string>> = {
  CommandOrControl: 'Ctrl',
  CmdOrCtrl: 'Ctrl',
  Control: 'Ctrl',
  Command: 'Super',
  Cmd: 'Super',
  Option: 'Alt',
};

/**
 * An accelerator as the keys of this computer are labelled: `Ctrl Alt R`, on a Mac `⌘ ⌥ R`.
 * @param accelerator in Electron's words, `CommandOrControl+Alt+R`
 * @param platform whose keyboard
 */
export function acceleratorLabel(accelerator: string, platform: Platform): string {
  const names = platform === 'darwin' ? macSymbols : otherNames;
  return accelerator
    .split('+')
    .map((part) => names[part] ?? part)
    .join(' ');
}

/**
 * An accelerator in the words of `aria-keyshortcuts`: `Control+Alt+R`.
 * @param accelerator in Electron's words
 * @param platform whose keyboard
 */
export function acceleratorForAria(accelerator: string, platform: Platform): string {
  const command = platform === 'darwin' ? 'Meta' : 'Control';
  const names: Readonly<Record<string, string>> = {
    CommandOrControl: command,
    CmdOrCtrl: command,
    Command: 'Meta',
    Cmd: 'Meta',
    Super: 'Meta',
    Ctrl: 'Control',
    Option: 'Alt',
  };
  return accelerator
    .split('+')
    .map((part) => names[part] ?? part)
    .join('+');
}

const namedKeys: Readonly<Record<string, string>> = {
  Space: 'Space',
  Enter: 'Enter',
  Tab: 'Tab',
  Backspace: 'Backspace',
  Delete: 'Delete',
  Insert: 'Insert',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  PrintScreen: 'PrintScreen',
  NumpadAdd: 'numadd',
  NumpadSubtract: 'numsub',
  NumpadMultiply: 'nummult',
  NumpadDivide: 'numdiv',
  NumpadDecimal: 'numdec',
};

/** Keys of signs, with what the US layout prints on them: a system takes a shortcut's sign for the key of that place. */
const signKeys: Readonly<Record<string, string>> = {
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Backslash: '\\|',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
};

/** A key press as far as an accelerator needs it; a `KeyboardEvent` is one. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  /** Whether AltGr is held, which Windows tells as Ctrl and Alt. */
  readonly altGraph?: boolean;
}

/** What a key press means for a shortcut. */
export type PressedKeys =
  | { readonly accelerator: string }
  /** It would take a key from everybody. */
  | { readonly problem: 'needs-modifier' }
  /** AltGr types signs, and is no modifier of a shortcut. */
  | { readonly problem: 'alt-graph' }
  /** The system cannot give this key to a program. @see key as it is printed on the keyboard */
  | { readonly problem: 'unusable'; readonly key: string };

/** The key without its modifiers, in Electron's words; null where there are none for it. */
function keyName({ key, code, altKey }: KeyPress, platform: Platform): string | null {
  // Letters by what the user's layout prints on them; with Alt held a Mac types other signs, so the place decides.
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const letter = /^Key([A-Z])$/.exec(code)?.[1] ?? /^Digit([0-9])$/.exec(code)?.[1];
  if (letter !== undefined) return letter;
  if (/^F([1-9]|1[0-9]|2[0-4])$/.test(key)) return key;
  const keypad = /^Numpad([0-9])$/.exec(code)?.[1];
  if (keypad !== undefined) return `num${keypad}`;
  const signs = signKeys[code];
  if (signs === undefined) return namedKeys[code] ?? null;
  // On another layout the key has another sign: neither its label nor the system's idea of it would be this one's.
  const isPrinted = signs.includes(key) || (platform === 'darwin' && altKey);
  return isPrinted ? (signs[0] ?? null) : null;
}

/** What is printed on a key, as far as a browser tells. */
function labelOf({ key, code }: KeyPress): string {
  const isSign = [...key].length === 1 && key.trim() !== '';
  if (isSign && !code.startsWith('Numpad')) return key;
  return code.startsWith('Numpad') ? code.replace('Numpad', 'Num ') : key === 'Dead' ? code : key;
}

/**
 * The accelerator that a key press means, or why it is none.
 * @param press the key event of a key that is no modifier
 * @param platform whose keyboard
 */
export function acceleratorOf(press: KeyPress, platform: Platform): PressedKeys {
  if (press.altGraph === true) return { problem: 'alt-graph' };
  const key = keyName(press, platform);
  if (key === null) return { problem: 'unusable', key: labelOf(press) };
  const mac = platform === 'darwin';
  const modifiers = [
    (mac ? press.metaKey : press.ctrlKey) ? ('CommandOrControl' as const) : null,
    mac && press.ctrlKey ? ('Control' as const) : null,
    !mac && press.metaKey ? ('Super' as const) : null,
    press.altKey ? ('Alt' as const) : null,
    press.shiftKey ? ('Shift' as const) : null,
  ].filter((modifier) => modifier !== null);
  if (!mayBeGlobal({ modifiers, key })) return { problem: 'needs-modifier' };
  return { accelerator: printAccelerator({ modifiers, key }) };
}
