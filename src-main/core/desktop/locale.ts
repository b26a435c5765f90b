/**
 * The first of several locales in which dates and numbers can be written.
 * @param candidates as the OS tells them: BCP 47 as a rule, but also empty, or `C`
 * @returns BCP 47; `en` where none will do
 */
export function usableLocale(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    try {
      const [supported] = Intl.DateTimeFormat.supportedLocalesOf(candidate);
      if (supported !== undefined) return supported;
    } catch {
      // No locale at all: the next one.
    }
  }
  return 'en';
}
