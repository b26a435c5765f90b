/** Reads a GUID as the server does, in either case and with or without braces; null when the text is none. */
export function parseGuid(text: string): string | null {
  const plain = /^\{(.*)\}$/.exec(text)?.[1] ?? text;
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plain) ? plain.toLowerCase() : null;
}
