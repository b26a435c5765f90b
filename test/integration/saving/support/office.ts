import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, delimiter, extname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether there is a LibreOffice to read spreadsheets with. */
export const hasOffice = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((folder) => folder !== '' && existsSync(join(folder, 'soffice')));

/** A cell as LibreOffice has it: its type, and its value in its own notation. */
export type OfficeCell = readonly [type: string, value: string];

const plain = (xml: string): string =>
  xml
    .replace(/<text:tab\/>/g, '\t')
    .replace(/<text:s\/>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');

function cellsOf(row: string): readonly OfficeCell[] {
  return [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].map(
    ([, attributes = '', content = '']): OfficeCell => {
      const attribute = (name: string): string | undefined =>
        new RegExp(` office:${name}="([^"]*)"`).exec(attributes)?.[1];
      const value = attribute('date-value') ?? attribute('time-value') ?? attribute('value');
      const text = [...content.matchAll(/<text:p>(.*?)<\/text:p>/gs)]
        .map(([, of = '']) => plain(of))
        .join('\n');
      return [attribute('value-type') ?? 'empty', value ?? text];
    },
  );
}

/**
 * Opens a spreadsheet in a LibreOffice of its own, which speaks a locale.
 * @param folder for its profile and what it makes
 * @param csv how it is to read CSV, as its import dialog would be filled in; null: it is no CSV
 * @returns the rows of the first sheet
 */
export async function openInOffice(
  file: string,
  folder: string,
  locale: string,
  csv: { readonly separator: string; readonly language: number } | null,
): Promise<readonly (readonly OfficeCell[])[]> {
  const profile = join(folder, `profile-${locale}`);
  await mkdir(join(profile, 'user'), { recursive: true });
  await writeFile(
    join(profile, 'user', 'registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>${locale}</value></prop></item>
</oor:items>`,
  );
  const out = join(folder, `out-${locale}`);
  // Separator, quote, UTF-8, first line, columns, language, quoted cells as text, special numbers.
  const filter =
    csv === null ? [] : [`--infilter=CSV:${csv.separator.charCodeAt(0)},34,76,1,,${csv.language},false,true`];
  await run('soffice', [
    `-env:UserInstallation=file://${profile}`,
    '--headless',
    ...filter,
    '--convert-to',
    'fods',
    '--outdir',
    out,
    file,
  ]);
  const xml = await readFile(join(out, `${basename(file, extname(file))}.fods`), 'utf8');
  const rows = [...xml.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)];
  // The rest of the sheet is rows of empty cells.
  return rows.map(([, row = '']) => cellsOf(row)).filter((cells) => cells.some(([type]) => type !== 'empty'));
}
