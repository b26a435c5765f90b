/*
 * The one owner of shortcuts: reads and writes Electron's words for them, and decides which may be global ones. A
 * global shortcut is taken from every program, so it needs a modifier or a function key.
 */

/** Whose keyboard. */
type Platform = 'win32' | 'darwin' | 'linux';

/** The modifiers in the order in which they are written. */
const modifierNames = ['CommandOrControl', 'Command', 'Control', 'Super', 'Alt', 'Shift'] as const;
type Modifier = (typeof modifierNames)[number];

/** A shortcut, taken apart. */
export interface Accelerator {
  /** Without repetition, in the order in which they are written. */
  readonly modifiers: readonly Modifier[];
  /** In Electron's words: `R`, `5`, `F9`, `num7`, `PageUp`, `;`. */
  readonly key: string;
}

/** Every way to write a modifier, in lower case. AltGr is none: Windows makes it Ctrl+Alt. */
const modifierWords: Readonly<Record<string, Modifier>> = {
  commandorcontrol: 'CommandOrControl',
  cmdorctrl: 'CommandOrControl',
  command: 'Command',
  cmd: 'Command',
  control: 'Control',
  ctrl: 'Control',
  super: 'Super',
  meta: 'Super',
  alt: 'Alt',
  option: 'Alt',
  shift: 'Shift',
};

// prettier-ignore
const namedKeys = [
  'Space', 'Tab', 'Backspace', 'Delete', 'Insert', 'Enter', 'Up', 'Down', 'Left', 'Right', 'Home', 'End', 'PageUp',
  'PageDown', 'PrintScreen', 'num0', 'num1', 'num2', 'num3', 'num4', 'num5', 'num6', 'num7', 'num8', 'num9', 'numadd',
  'numsub', 'nummult', 'numdiv', 'numdec',
] as const;

const punctuation = "-=[];'`\\,./";

const keyWords = new Map<string, string>([
  ...namedKeys.map((name) => [name.toLowerCase(), name] as const),
  ['return', 'Enter'],
  ['plus', '='],
]);

function keyOf(word: string): string | null {
  if (/^[a-z0-9]$/i.test(word)) return word.toUpperCase();
  if (/^f([1-9]|1[0-9]|2[0-4])$/i.test(word)) return word.toUpperCase();
  if (word.length === 1 && punctuation.includes(word)) return word;
  return keyWords.get(word.toLowerCase()) ?? null;
}

/** Takes a shortcut apart; null where it is none. */
export function parseAccelerator(text: string): Accelerator | null {
  const words = text.split('+').map((word) => word.trim());
  const key = keyOf(words.pop() ?? '');
  if (key === null) return null;
  const modifiers = words.map((word) => modifierWords[word.toLowerCase()]);
  if (modifiers.includes(undefined)) return null;
  return { modifiers: modifierNames.filter((name) => modifiers.includes(name)), key };
}

/** A shortcut in Electron's words, always written the same way. */
export function printAccelerator({ modifiers, key }: Accelerator): string {
  return [...modifierNames.filter((name) => modifiers.includes(name)), key].join('+');
}

/** Whether a key is one that types nothing, whatever the layout. */
function isFunctionKey(key: string): boolean {
  return /^F\d+$/.test(key);
}

/** Whether a shortcut leaves typing alone: it has a modifier besides Shift, or is a function key. */
export function mayBeGlobal({ modifiers, key }: Accelerator): boolean {
  return isFunctionKey(key) || modifiers.some((name) => name !== 'Shift');
}

/**
 * A shortcut as it is stored.
 * @param text in any of Electron's spellings
 * @returns null where it is none, or would take a key from everybody
 */
export function storedAccelerator(text: string): string | null {
  const parsed = parseAccelerator(text);
  return parsed !== null && mayBeGlobal(parsed) ? printAccelerator(parsed) : null;
}

/** The keys of a shortcut, each under one name. */
function keysOf(accelerator: string, names: Readonly<Record<string, string>>): string {
  const words = accelerator.split('+').map((word) => names[word] ?? word);
  return [...new Set(words)].sort().join('+').toLowerCase();
}

const elsewhere = { CommandOrControl: 'Control', Command: 'Control' };
const onMac = { CommandOrControl: 'Command', Super: 'Command' };

/**
 * Whether two stored shortcuts are the same keys, on this computer or on another that the settings may come to.
 * @param isMac whether this is a Mac, where Super is Command; elsewhere it is the same only as what only a Mac writes
 */
export function isSameAccelerator(a: string, b: string, isMac = false): boolean {
  if (keysOf(a, elsewhere) === keysOf(b, elsewhere)) return true;
  const isOfMac = isMac || [a, b].some((accelerator) => accelerator.split('+').includes('Command'));
  return isOfMac && keysOf(a, onMac) === keysOf(b, onMac);
}

/**
 * The first shortcut that is there twice, or null.
 * @param accelerators stored ones; null: none
 * @param isMac see {@link isSameAccelerator}
 */
export function repeatedAccelerator(accelerators: readonly (string | null)[], isMac = false): string | null {
  const given = accelerators.filter((accelerator) => accelerator !== null);
  const isRepeated = (accelerator: string, at: number) =>
    given.findIndex((other) => isSameAccelerator(other, accelerator, isMac)) < at;
  return given.find(isRepeated) ?? null;
}

/**
 * What a shortcut takes away from its user besides itself, or null.
 * - `types`: on Windows AltGr is Ctrl+Alt, with which many layouts type letters (Polish ś is AltGr+S)
 * - `console`: on Linux Ctrl+Alt with a function key leaves the desktop for a text console
 */
export function acceleratorHarm(accelerator: string, platform: Platform): 'types' | 'console' | null {
  const parsed = parseAccelerator(accelerator);
  if (parsed === null) return null;
  const { modifiers, key } = parsed;
  const hasControl = modifiers.includes('Control') || modifiers.includes('CommandOrControl');
  if (!hasControl || !modifiers.includes('Alt') || modifiers.includes('Super')) return null;
  if (platform === 'win32') return key.length === 1 ? 'types' : null;
  if (platform === 'linux')
    return /^F([1-9]|1[0-2])$/.test(key) && !modifiers.includes('Shift') ? 'console' : null;
  return null;
}
