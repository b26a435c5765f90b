import { writeXlsxStream } from 'hucre/xlsx';

import type { SheetColumn, WorkbookMaker } from '../../core/ports/saving';

const dayMs = 86_400_000;
/** What spreadsheets count days from, as days before 1970. */
const epochDays = 25_569;

const formats: Readonly<Record<SheetColumn['format'], string | null>> = {
  text: '@',
  word: null,
  moment: 'yyyy-mm-dd hh:mm:ss',
  length: '[h]:mm:ss',
  seconds: '0.000',
};

function cellOf(format: SheetColumn['format'] | undefined, cell: string | number | null) {
  if (typeof cell !== 'number') return cell;
  switch (format) {
    case 'moment':
      return cell / dayMs + epochDays;
    case 'length':
      return cell / dayMs;
    default:
      return cell / 1_000;
  }
}

/** A workbook as a stream: rows are asked for one by one, as fast as it is read, and never held all at once. */
export const makeWorkbook: WorkbookMaker = (name, columns, rows) => {
  async function* cells() {
    for await (const row of rows) yield row.map((cell, at) => cellOf(columns[at]?.format, cell));
  }
  const stream = writeXlsxStream(cells(), {
    name,
    columns: columns.map(({ heading, format, width }) => {
      const numFmt = formats[format];
      return { header: heading, width, ...(numFmt === null ? {} : { numFmt }) };
    }),
    freezePane: { rows: 1 },
  });
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const reader = stream.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }
  return Promise.resolve(pieces());
};
