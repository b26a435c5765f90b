import type { EnvironmentView } from '../../src-main/shared/snapshot';

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
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Slash: '/',
};

/** A key press as far as an accelerator needs it; a `KeyboardEvent` is one. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** The key without its modifiers, in Electron's words; null while only modifiers are held. */
function keyName({ key, code }: KeyPress): string | null {
  // Letters by what the user's layout prints on them; with Alt held a Mac types other signs, so the place decides.
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const letter = /^Key([A-Z])$/.exec(code)?.[1] ?? /^Digit([0-9])$/.exec(code)?.[1];
  if (letter !== undefined) return letter;
  if (/^F([1-9]|1[0-9]|2[0-4])$/.test(key)) return key;
  const keypad = /^Numpad([0-9])$/.exec(code)?.[1];
  if (keypad !== undefined) return `num${keypad}`;
  return namedKeys[code] ?? null;
}

/**
 * The accelerator that a key press means, or null while it is not one yet (only modifiers) or would take a key from
 * everybody (a letter without Ctrl, Alt or Command).
 * @param press the key event
 * @param platform whose keyboard
 */
export function acceleratorOf(press: KeyPress, platform: Platform): string | null {
  const name = keyName(press);
  if (name === null) return null;
  const isFunctionKey = /^F\d+$/.test(name);
  if (!press.ctrlKey && !press.altKey && !press.metaKey && !isFunctionKey) return null;
  const mac = platform === 'darwin';
  const parts = [
    (mac ? press.metaKey : press.ctrlKey) ? 'CommandOrControl' : null,
    mac && press.ctrlKey ? 'Control' : null,
    !mac && press.metaKey ? 'Super' : null,
    press.altKey ? 'Alt' : null,
    press.shiftKey ? 'Shift' : null,
    name,
  ];
  return parts.filter((part) => part !== null).join('+');
}
