import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { filesIn, partsIn, withFolder } from '../../fixtures/folders';
import { createKeeper } from './support/keeper';
import { hasOffice, openInOffice } from './support/office';

const run = promisify(execFile);

/** Numbers that a spreadsheet would like to change. */
const numbers = [
  '00390111',
  '+390244540001',
  '12345678901234567890',
  '390244540001',
  '=1+1',
  'sip:*97@x',
  '012;34',
  '1e5',
  '12/3',
  '101',
];

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
  simulator.recordings.clear();
  simulator.recordings.addAll(
    numbers.map((remotePartyNumber, at) => ({
      startMs: Date.UTC(2026, 2, 2, 13, 2, 5) - at * 60_000,
      durationMs: 30_045,
      direction: 1,
      ownerUsername: 'anna.rossi',
      remotePartyNumber,
    })),
  );
});

afterAll(async () => {
  await simulator.close();
});

async function exported(folder: string, fileName: string, locale: string): Promise<void> {
  const keeper = createKeeper({ server: simulator.url, locale, timeZone: 'Europe/Rome' });
  try {
    keeper.dialogs.file = { folder, fileName };
    await keeper.keep.exportList({});
    await keeper.ended();
    expect(keeper.job()).toMatchObject({ status: 'done', received: numbers.length, unreadable: 0 });
  } finally {
    keeper.dispose();
  }
}

const why = hasOffice ? '' : ' – skipped: LibreOffice is not installed';

describe('an exported list in a spreadsheet', () => {
  it.skipIf(!hasOffice).each([
    ['en-US', ',', 1033],
    ['it-IT', ';', 1040],
    ['de-DE', ';', 1031],
    ['pl-PL', ';', 1045],
    ['ja-JP', ',', 1041],
  ])(`is true in LibreOffice, as CSV and as workbook: %s (D7)${why}`, async (locale, separator, language) => {
    await withFolder(async (folder) => {
      for (const [fileName, csv] of [
        ['list.csv', { separator, language }],
        ['list.xlsx', null],
      ] as const) {
        await exported(folder, fileName, locale);
        const [header, ...rows] = await openInOffice(join(folder, fileName), folder, locale, csv);
        expect(header?.map(([, value]) => value)).toContain('Start (UTC)');
        expect(rows).toHaveLength(numbers.length);
        expect(rows[0]?.slice(1, 5)).toEqual([
          ['date', '2026-03-02T14:02:05'],
          ['date', '2026-03-02T13:02:05'],
          ['time', 'PT00H00M30S'],
          ['float', '30.045'],
        ]);
        const shown = rows.map((row) => row[6]);
        for (const [at, number] of numbers.entries()) {
          const [type, value = ''] = shown[at] ?? [];
          // What would be computed has an apostrophe in CSV, a short number is that number.
          const isShort = csv !== null && number === '101';
          expect([type, value.trim().replace(/^'/, '')]).toEqual([isShort ? 'float' : 'string', number]);
        }
      }
    });
  });

  it('is a workbook that other programs can take apart, and leaves no part file (D7)', async () => {
    await withFolder(async (folder) => {
      await exported(folder, 'list.XLSX', 'en-GB');
      expect(await filesIn(folder)).toEqual(['list.XLSX']);
      expect(await partsIn(folder)).toEqual([]);
      await run('unzip', ['-tq', join(folder, 'list.XLSX')]);
      const { stdout } = await run('unzip', ['-p', join(folder, 'list.XLSX'), 'xl/worksheets/sheet1.xml']);
      expect(stdout.match(/<row /g)).toHaveLength(numbers.length + 1);
      for (const number of numbers) expect(stdout).toMatch(`<is><t>${number}</t></is>`);
    });
  });
});
