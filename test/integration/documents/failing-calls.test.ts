import { existsSync } from 'node:fs';
import * as disk from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Clock } from '../../../src-main/core/ports/clock';
import { marksDocument } from '../../../src-main/core/marks/store';
import type { FileCalls } from '../../../src-main/infra/files/json-file';
import { createDocumentFile } from '../../../src-main/infra/files/json-file';
import { openTestDocument } from '../../fixtures/open-document';

/** Every wait is over at once: the disk is real, and how long RecLight waits is not asked here. */
const hastyClock: Clock = {
  wallNow: () => 0,
  monotonicNow: () => 0,
  schedule: (_delayMs, callback) => {
    const timer = setImmediate(callback);
    return { dispose: () => clearImmediate(timer) };
  },
};

/** A real disk of which some calls, counted from the first one, fail. */
class FailingDisk {
  made = 0;

  constructor(
    readonly code: string,
    readonly from: number,
    readonly count: number,
  ) {}

  readonly calls: FileCalls = {
    readFile: this.#failing(disk.readFile),
    realpath: this.#failing(disk.realpath),
    mkdir: this.#failing(disk.mkdir),
    rename: this.#failing(disk.rename),
    unlink: this.#failing(disk.unlink),
    readdir: this.#failing(disk.readdir),
    open: this.#failing(async (...args: Parameters<typeof disk.open>) =>
      this.#handle(await disk.open(...args)),
    ),
  };

  #fails(): boolean {
    this.made += 1;
    return this.made >= this.from && this.made < this.from + this.count;
  }

  #error(): Error {
    return Object.assign(new Error(this.code), { code: this.code });
  }

  #failing<Call extends (...args: never[]) => Promise<unknown>>(call: Call): Call {
    return ((...args: Parameters<Call>) =>
      this.#fails() ? Promise.reject(this.#error()) : call(...args)) as Call;
  }

  #handle(handle: FileHandle): FileHandle {
    return new Proxy(handle, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (this.#fails()) {
            // Half of it may have been written, and a handle that fails to close is closed all the same.
            if (name === 'writeFile') await target.writeFile(String(args[0]).slice(0, 20));
            if (name === 'close') await target.close();
            throw this.#error();
          }
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  }
}

/** Where a sync takes no time. */
const memoryDisk = '/dev/shm';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await disk.mkdtemp(join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), 'reclight-calls-'));
  path = join(folder, 'marks.json');
});

afterEach(async () => {
  await disk.rm(folder, { recursive: true, force: true });
});

const markAt = (offsetMs: number) => ({ scope: null, id: offsetMs, recordingId: 'x', offsetMs, label: '' });
const textOf = (...offsets: number[]) => JSON.stringify({ version: 1, marks: offsets.map(markAt) });

async function offsetsOnDisk(): Promise<readonly number[]> {
  const text = await disk.readFile(path, 'utf8').catch(() => null);
  // What is damaged is left as it is until it can be set aside.
  if (text === null || text.endsWith(']')) return [];
  return (JSON.parse(text) as { marks: { offsetMs: number }[] }).marks.map(({ offsetMs }) => offsetMs);
}

/** Two runs of RecLight, each with changes, on a disk of which some calls fail. */
async function live(failing: FailingDisk): Promise<void> {
  for (const added of [
    [10, 11],
    [12, 13],
  ]) {
    const document = openTestDocument(marksDocument, createDocumentFile(path, failing.calls), hastyClock);
    await document.load();
    for (const offset of added) {
      const marks = [...document.value().marks, markAt(offset)];
      const saved = await document.change({ version: 1, marks });
      // What is confirmed is on the disk, whatever failed.
      if (saved.ok) expect(await offsetsOnDisk()).toContain(offset);
    }
    // The user quits only once the disk has recovered: what is lost then was told to be unsaved.
    for (let more = 0; more < 50 && failing.made < failing.from + failing.count; more += 1) {
      await document.settled();
      if ((await offsetsOnDisk()).includes(added[1]!)) break;
    }
    await document.settled();
    document.dispose();
  }
}

const codes = ['EACCES', 'EBUSY', 'EIO', 'ENOSPC', 'EROFS'];
const starts = [
  { start: 'a sound file', text: textOf(7), kept: [7] },
  { start: 'no file', text: null, kept: [] },
  { start: 'a damaged file', text: `${textOf(7)}]`, kept: [] },
  { start: 'a file with one damaged entry', text: textOf(7, -1), kept: [7] },
];

describe.each(starts)('from $start', ({ text, kept }) => {
  it.each(codes)('nothing is lost whichever call fails with %s, once or for a while', async (code) => {
    for (const { count, step } of [
      { count: 1, step: 1 },
      { count: 40, step: 6 },
    ]) {
      let made = Infinity;
      for (let from = 1; from <= made; from += step) {
        for (const name of await disk.readdir(folder)) await disk.unlink(join(folder, name));
        if (text !== null) await disk.writeFile(path, text);
        const failing = new FailingDisk(code, from, count);
        await live(failing);
        made = failing.made - count;
        const context = `call ${from} of ${failing.made}, ${count} in all`;
        expect(await offsetsOnDisk(), context).toEqual([...kept, 10, 11, 12, 13]);
        const asides = (await disk.readdir(folder)).filter((name) => name.includes('damaged'));
        const texts = await Promise.all(asides.map((name) => disk.readFile(join(folder, name), 'utf8')));
        const isDamaged = text !== null && kept.length !== (text.match(/offsetMs/g)?.length ?? 0);
        expect(
          texts.filter((aside) => aside !== ''),
          context,
        ).toEqual(isDamaged ? [text] : []);
      }
    }
  });
});
