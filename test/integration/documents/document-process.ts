/*
 * RecLight's documents on a real disk, in a process that can be killed and be another user's. `write FOLDER` changes
 * all of them for ever and tells what is confirmed; `obey FOLDER` does what it is told on stdin.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Documents } from '../../../src-main/core/documents';
import { mapDocuments, openDocuments } from '../../../src-main/core/documents';
import { createDocumentFile } from '../../../src-main/infra/files/json-file';
import { createSystemClock } from '../../../src-main/infra/system-clock';

/** One line of JSON; written at once, so that a kill loses nothing that was said. */
function say(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

const [mode = '', folder = ''] = process.argv.slice(2);
const documents = openDocuments(
  mapDocuments(({ name }) => createDocumentFile(join(folder, name))),
  {
    clock: createSystemClock(),
    log: { write: () => undefined },
    trouble: (trouble, name, keptAs) => {
      say({ trouble, name, keptAs });
    },
    solved: (solved, name) => {
      say({ solved, name });
    },
  },
);

/** Enough that a write takes a while. */
const filler = Array.from({ length: 400 }, (_, at) => ({
  scope: null,
  id: at + 2,
  recordingId: '00000000-0000-4000-8000-000000000000',
  offsetMs: at,
  label: 'x'.repeat(60),
}));

/** A number in each document: how it is read, and how it is changed. */
const counters = ({ settings, latch, recorder, marks, saves }: Documents) => ({
  settings: {
    read: () => Number(settings.value().keep.folder ?? 0),
    change: (n: number) =>
      settings.change({ ...settings.value(), keep: { ...settings.value().keep, folder: `${n}` } }),
  },
  latch: {
    read: () => Number(latch.value().toForget[0]?.username ?? 0),
    change: (n: number) =>
      latch.change({ refused: null, toForget: [{ serverAddress: 'https://recorder', username: `${n}` }] }),
  },
  recorder: {
    read: () => Number(recorder.value().pause[0]?.fingerprint ?? 0),
    change: (n: number) =>
      recorder.change({
        ...recorder.value(),
        pause: [{ server: 'x', fingerprint: `${n}`, supported: true }],
      }),
  },
  marks: {
    read: () => marks.value().marks[0]?.offsetMs ?? 0,
    change: (n: number) =>
      marks.change({
        version: 1,
        marks: [{ scope: null, id: 1, recordingId: 'x', offsetMs: n, label: '' }, ...filler],
      }),
  },
  saves: {
    read: () => Number(saves.value().accounts[0]?.scope ?? 0),
    change: (n: number) => saves.change({ version: 1, accounts: [{ scope: `${n}`, saves: [] }] }),
  },
});

const all = Object.entries(counters(documents));
const values = (): Record<string, number> =>
  Object.fromEntries(all.map(([name, { read }]) => [name, read()]));

async function load(): Promise<void> {
  await Promise.all(Object.values(documents).map((document) => document.load()));
  say({ loaded: values() });
}

async function writeForEver(): Promise<void> {
  await load();
  await Promise.all(
    all.map(async ([name, { read, change }]) => {
      for (;;) {
        const next = read() + 1;
        const saved = await change(next);
        if (saved.ok) say({ confirmed: name, count: next });
      }
    }),
  );
}

async function obey(line: string): Promise<void> {
  const [command = '', ...rest] = line.split(' ');
  if (command === 'load') await load();
  if (command === 'values') say({ values: values() });
  if (command === 'settle') {
    await Promise.all(Object.values(documents).map((document) => document.settled()));
    say({ settled: true });
  }
  if (command === 'change') {
    const [name = '', count = ''] = rest;
    const result = await all.find(([other]) => other === name)?.[1].change(Number(count));
    say({ changed: name, ok: result?.ok === true });
  }
}

if (mode === 'write') {
  void writeForEver();
} else {
  createInterface({ input: process.stdin }).on('line', (line) => void obey(line));
  process.stdin.on('end', () => process.exit(0));
}
