/**
 * Parses a file that a person or their editor may have written: Notepad and PowerShell put a byte order mark first.
 * @throws SyntaxError where the text is no JSON
 */
export function parseJsonText(text: string): unknown {
  return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
}
