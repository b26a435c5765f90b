import { IntlMessageFormat } from 'intl-messageformat';

/** ICU messages by key; a feature keeps its own catalogue next to its components. */
export type Catalogue = Readonly<Record<string, string>>;

/** What an ICU message may be given. */
export type MessageValues = Readonly<Record<string, string | number | Date | null | undefined>>;

/** Formats a message of one catalogue. */
export type Translate<Messages extends Catalogue> = (
  key: keyof Messages & string,
  values?: MessageValues,
) => string;

/**
 * Makes the function that formats a catalogue's messages; compiled messages are kept.
 * @param messages ICU messages
 * @param locale BCP 47, decides plural rules, numbers and dates
 */
export function createTranslate<Messages extends Catalogue>(
  messages: Messages,
  locale = 'en',
): Translate<Messages> {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const pattern = messages[key] ?? key;
    if (!pattern.includes('{')) return pattern;
    let message = compiled.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true });
      compiled.set(key, message);
    }
    return String(message.format(values === undefined ? {} : { ...values }));
  };
}
