/** So many digits tell a number from nearly all others: fewer are never compared beyond a country or trunk prefix. */
const tellingDigits = 7;

/** A number of so many digits may be an international one whose plus was left out. */
const internationalDigits = 11;

/** No country code has more digits (E.164). */
const maxCountryCodeDigits = 3;

/** What stands between digits for the eye. */
const separators = /[\s\p{Pd}\u2212\u30fc.()[\]/_\u00b7"'\u2018\u2019\u201c\u201d<>]/gu;

const scheme = /^\s*<?\s*(?:tel|callto|sips?)\s*[:.]+/i;

/** The value of a decimal digit of any script, which stand in a row of ten. */
function digitValue(digit: string): string {
  let value = 0;
  const code = digit.codePointAt(0) ?? 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

/**
 * A text without blanks and invisible characters around it: what comes along when one copies from a page.
 * @param text as typed or pasted
 */
export function trimmed(text: string): string {
  return text.replace(/^[\s\p{Cf}\p{Cc}]+|[\s\p{Cf}\p{Cc}]+$/gu, '');
}

/** A text without what cannot be seen, and with characters of full width in their usual one. */
function visibleText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, (character) => (/\s/.test(character) ? ' ' : ''))
    .trim();
}

/** What is dialled of a text, letters included; for comparing two that may be written differently. */
export function dialled(text: string): string {
  return visibleText(text).replace(separators, '').toLowerCase();
}

/** A number without its separators. */
interface Dialled {
  /** All of its digits. */
  readonly digits: string;
  /** Without `00`, if that began it. */
  readonly significant: string;
  /** Whether it begins with its country, as `+` or `00` says. */
  readonly international: boolean;
}

function parse(text: string): Dialled | null {
  const plain = visibleText(text)
    .replace(/[^\P{Nd}0-9]/gu, digitValue)
    .replace(separators, '');
  const match = /^(\+?)(\d+)$/.exec(plain);
  if (match === null) return null;
  const [, plus = '', digits = ''] = match;
  const abroad = plus === '' && /^00./.test(digits);
  return { digits, significant: abroad ? digits.slice(2) : digits, international: plus !== '' || abroad };
}

/** The number in a URI: without its scheme, its host and its parameters. */
function withoutUri(text: string): string {
  const plain = visibleText(text);
  return scheme.test(plain) ? plain.replace(scheme, '').replace(/[@;?].*$/s, '') : plain;
}

/** Everything in a stored text that may be a number: beside it there may be a name, a host or an extension. */
function numbersIn(text: string): readonly Dialled[] {
  const runs = withoutUri(text).match(/\+?[^\p{L}\p{M}+@;,:*#%&=|\\]*/gu) ?? [];
  return runs.flatMap((run) => parse(run) ?? []);
}

/** How a number with its country may be written: with and without the zero that is dialled only within the country. */
function shapes(international: string): readonly string[] {
  const found = [international];
  for (let at = 1; at <= maxCountryCodeDigits; at += 1) {
    if (international[at] === '0') found.push(international.slice(0, at) + international.slice(at + 1));
  }
  return found;
}

/** How a number with its country may be written within that; which of its digits are the country's is not known. */
function nationalForms(international: string): readonly string[] {
  return shapes(international).flatMap((shape) =>
    Array.from({ length: maxCountryCodeDigits }, (_, at) => shape.slice(at + 1))
      .filter(({ length }) => length >= tellingDigits)
      .flatMap((rest) => [rest, `0${rest}`]),
  );
}

const mayBeInternational = ({ international, significant }: Dialled): boolean =>
  international || (significant.length >= internationalDigits && !significant.startsWith('0'));

function isPartOf(stored: Dialled, typed: Dialled): boolean {
  const { digits, significant } = typed;
  // What was typed may be any part of the number, so `00` need not be a prefix.
  if (stored.digits.includes(digits) && (!typed.international || digits !== significant)) return true;
  if (typed.international && stored.significant.startsWith(significant)) return true;
  if (significant.length < tellingDigits) return false;
  if (mayBeInternational(typed) && mayBeInternational(stored)) {
    const known = shapes(stored.significant);
    if (shapes(significant).some((shape) => known.some((other) => other.startsWith(shape)))) return true;
    // Two countries are two numbers, whatever follows.
    if (typed.international && stored.international) return false;
  }
  // Before it may stand what is dialled for an outside line.
  if (stored.digits.includes(significant)) return true;
  if (
    mayBeInternational(typed) &&
    nationalForms(significant).some((form) => stored.significant.startsWith(form))
  ) {
    return true;
  }
  if (
    !typed.international &&
    mayBeInternational(stored) &&
    nationalForms(stored.significant).some((form) => form.startsWith(significant))
  ) {
    return true;
  }
  const bare = significant.replace(/^0/, '');
  return bare.length >= tellingDigits && stored.significant === bare;
}

/**
 * Whether a text is a telephone number or a part of one, and nothing else.
 * @param text as typed
 */
export function isNumber(text: string): boolean {
  return parse(withoutUri(text)) !== null;
}

/**
 * The digits that every spelling of a number has in a row, as far as it is written without separators: without `+`, `00`,
 * the country and the zero that is dialled only within it. Where they are found, {@link matchesNumber} tells the rest.
 * @param typed a number or a part of it
 * @returns null where it is no number
 */
export function commonDigits(typed: string): string | null {
  const number = parse(withoutUri(typed));
  if (number === null) return null;
  const { significant } = number;
  if (significant.length < tellingDigits) return significant;
  const spare = mayBeInternational(number) ? maxCountryCodeDigits : 0;
  return significant.slice(spare).replace(/^0+/, '') || significant;
}

/**
 * Whether a stored number is the one that was typed or contains it, however both are written: with any separators or
 * none, with `00` for `+`, with its country or without.
 * @param stored in the server's characters
 * @param typed a number, a part of one, or any other text
 */
export function matchesNumber(stored: string, typed: string): boolean {
  if (visibleText(stored).toLowerCase().includes(visibleText(typed).toLowerCase())) return true;
  const number = parse(withoutUri(typed));
  if (number === null) return dialled(stored).includes(dialled(typed));
  return numbersIn(stored).some((known) => isPartOf(known, number));
}

/**
 * Whether a stored number has separators between its digits: a server that compares characters does not find it.
 * @param stored in the server's characters
 */
export function hasSeparators(stored: string): boolean {
  return /\d[^\p{L}\d@]+\d/u.test(withoutUri(stored)) && numbersIn(stored).length > 0;
}
