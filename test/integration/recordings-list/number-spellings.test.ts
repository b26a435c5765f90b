import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ipcContract } from '@shared/ipc/contract';
import { createRecordingsService } from '../../../src-main/core/recordings/service';
import type { ApiClient } from '../../../src-main/infra/api/client';
import type { RecordingsList } from '../../../src-renderer/services/recordings-list/contract';
import { createRecordingsList } from '../../../src-renderer/services/recordings-list/list';
import { toSearch } from '../../../src-renderer/features/recordings/query';
import { noFilters } from '../../../src-renderer/services/ui';
import { startSimulator, type Simulator } from '../../tools/simulator';
import { silentLog } from '../../fixtures/memory-file';
import { others, spellings } from '../../fixtures/number-spellings';
import { clientOf } from '../api-client/support/agent';

let simulator: Simulator;
let anna: ApiClient;
let book: RecordingsList;

/** The server has these numbers, the newest first. */
function store(numbers: readonly string[]): void {
  simulator.recordings.clear();
  simulator.recordings.addAll(
    numbers.map((remotePartyNumber, index) => ({
      startMs: Date.UTC(2026, 2, 2) - index * 60_000,
      durationMs: 60_000,
      ownerUsername: 'anna.rossi',
      remotePartyNumber,
    })),
  );
}

/** The book of a window that begins with the whole list. */
async function openBook(): Promise<void> {
  const service = createRecordingsService({ monotonicNow: () => 0 }, silentLog);
  service.setSession({ api: anna, username: 'anna.rossi' });
  book = createRecordingsList(({ query }, page, size) =>
    service.list(v.parse(ipcContract.listRecordings.args, { ...query, page, pageSize: size })),
  );
  await numbersFor('');
}

beforeAll(async () => {
  simulator = await startSimulator();
  anna = clientOf(simulator);
  store([...new Set([...spellings, ...others].map(({ stored }) => stored))]);
  await openBook();
});

afterAll(async () => {
  book.dispose();
  anna.dispose();
  await simulator.close();
});

/** The numbers that are shown where a text was typed. */
async function numbersFor(typed: string): Promise<(string | null)[]> {
  book.setSearch(toSearch({ ...noFilters, remoteNumber: typed }, 'anna.rossi', { now: 0, locale: 'en-GB' }));
  while (book.view().error === null && (book.view().loading || book.view().rowCount === null)) {
    await new Promise<void>((resolve) => {
      const end = book.subscribe(() => {
        end();
        resolve();
      });
    });
    // Whatever follows from the last answer has then been asked for.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const view = book.view();
  expect(view.error).toBeNull();
  return Array.from({ length: view.rowCount ?? 0 }, (_, index) => {
    const row = view.rowAt(index);
    return row === null ? null : (row.remotePartyNumber ?? '');
  });
}

describe('a real server and a real client (D4)', () => {
  it.each(spellings)('$stored is found in every spelling', async ({ stored: number, typed }) => {
    // What turns the direction of writing is left out where answers are read.
    const shown = number.replace(/[\u202a-\u202e]/g, '');
    for (const spelling of typed) expect(await numbersFor(spelling), spelling).toContain(shown);
  });

  it.each(others)('$stored is not found by another number', async ({ stored: number, typed }) => {
    for (const spelling of typed) expect(await numbersFor(spelling), spelling).not.toContain(number);
  });

  it('a server that stores no separators is asked once for a number', async () => {
    store(['+390244540000', '+390111555777']);
    book.dispose();
    await openBook();
    const before = simulator.requests.filter('list').length;
    expect(await numbersFor('00390244540000')).toEqual(['+390244540000']);
    expect(simulator.requests.filter('list').length).toBe(before + 1);
  });
});
