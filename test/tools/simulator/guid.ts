/**
 * Reads a GUID as the server does, in either case and with or without braces; null when the text is none.
 * @param forms `any` takes it without dashes too.
 */
export function parseGuid(text: string, forms: 'dashed' | 'any' = 'dashed'): string | null {
  const plain = /^\{(.*)\}$/.exec(text)?.[1] ?? text;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plain)) return plain.toLowerCase();
  if (forms === 'dashed' || !/^[0-9a-f]{32}$/i.test(plain)) return null;
  return plain.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Writes a GUID in one of the forms that .NET knows. */
export function formatGuid(guid: string, form: 'dashed' | 'braces' | 'plain'): string {
  if (form === 'plain') return guid.replaceAll('-', '');
  return form === 'braces' ? `{${guid}}` : guid;
}
