/**
 * Reads CSV exactly as RFC 4180 has it; a second opinion, with nothing of the writer in it.
 * @param text without a byte order mark
 * @param separator the RFC's own, or the one of a locale whose numbers have the comma
 * @throws Error for what the RFC does not allow: a bare line break, a stray quote, rows of different lengths
 */
export function parseCsv(text: string, separator: ',' | ';' = ','): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        if (at >= text.length) throw new Error('A quoted cell has no end');
        if (text[at] !== '"') cell += text[at++];
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 2;
        } else break;
      }
      at += 1;
    } else {
      while (at < text.length && text[at] !== separator && text[at] !== '\r') {
        if (text[at] === '"' || text[at] === '\n') throw new Error(`A bare ${JSON.stringify(text[at])}`);
        cell += text[at++];
      }
    }
    row.push(cell);
    if (text[at] === separator) {
      at += 1;
      // A separator at the very end begins one more, empty cell.
      if (at === text.length) throw new Error('The last row does not end');
      if (text.startsWith('\r\n', at)) {
        row.push('');
      } else continue;
    }
    if (!text.startsWith('\r\n', at)) throw new Error('A row does not end with CRLF');
    at += 2;
    rows.push(row);
    row = [];
  }
  if (rows.some(({ length }) => length !== rows[0]?.length)) throw new Error('Rows differ in length');
  return rows;
}
