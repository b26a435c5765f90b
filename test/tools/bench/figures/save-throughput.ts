import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { WindowApi } from '@shared/ipc/contract';
import type { RecLight } from '../../../e2e/harness/reclight';
import { launch, signIn } from '../../../e2e/harness/reclight';
import { basic } from '../../simulator/testing/caller';
import type { BenchContext } from '../context';
import { toFigure } from '../figure';
import type { FigureGroup } from './group';

const fileBytes = 100_000_000;

/** What a gigabit line carries beside the headers of its packets: the fastest that a desk usually has. */
const gigabitBytesPerSecond = 118_000_000;

const anna = { username: 'anna.rossi', password: 'Anna-101-demo' };

/** How the server sends: as fast as the machine can, or as fast as a gigabit line. */
type Line = 'loopback' | 'gigabit';

const lines: readonly Line[] = ['loopback', 'gigabit'];

function largeRecording({ simulator }: BenchContext, line: Line): string {
  const { id } = simulator.recordings.add({
    ownerUsername: anna.username,
    localPartyNumber: '101',
    media: {
      voice: 'speech',
      exactBytes: fileBytes,
      ...(line === 'gigabit' ? { bytesPerSecond: gigabitBytesPerSecond } : {}),
    },
  });
  return id;
}

/** Until a file is there under its final name. */
async function appearance(folder: string, fileName: string): Promise<number> {
  const ending = new AbortController();
  const watcher = watch(folder, { signal: ending.signal });
  try {
    for (;;) {
      const [, name] = (await once(watcher, 'change')) as [string, string];
      if (name === fileName) return performance.now();
    }
  } finally {
    ending.abort();
  }
}

/** MB/s from the arrival of the request for media to its end. @param size what came of it, bytes */
function speedOf(context: BenchContext, id: string, size: number, endedAt: number): number {
  if (size !== fileBytes) throw new Error(`${size} bytes came in place of ${fileBytes}`);
  const [request] = context.simulator.requests.filter(
    ({ route, url }) => route === 'media' && url.includes(id),
  );
  if (request === undefined) throw new Error('No request for media came');
  return fileBytes / 1_000 / (endedAt - request.monotonic);
}

/** Whole: with the check of length and SHA-256, and on the disk before it has its name. */
async function ourRun(
  context: BenchContext,
  reclight: RecLight,
  folder: string,
  line: Line,
): Promise<number> {
  const id = largeRecording(context, line);
  const fileName = `${id}.mp3`;
  const path = join(folder, fileName);
  await reclight.app.evaluate(({ dialog }, filePath) => {
    Reflect.set(dialog, 'showSaveDialog', () => Promise.resolve({ canceled: false, filePath }));
  }, path);
  const appeared = appearance(folder, fileName);
  const answer = await reclight.window.evaluate(
    (wanted) =>
      (self as unknown as { readonly reclight: WindowApi }).reclight.saveRecordings({ ids: [wanted] }),
    id,
  );
  if (!answer.ok) throw new Error(`Saving failed: ${answer.error.code}`);
  const endedAt = await appeared;
  const measured = speedOf(context, id, (await stat(path)).size, endedAt);
  await rm(path);
  return measured;
}

async function floorRun(context: BenchContext, folder: string, line: Line): Promise<number> {
  const id = largeRecording(context, line);
  const path = join(folder, `${id}.mp3`);
  const address = `${context.simulator.apiUrl}/Recordings/${id}/Media`;
  const curl = spawn('curl', [
    '-sS',
    '--fail',
    '-u',
    `${anna.username}:${anna.password}`,
    '-o',
    path,
    address,
  ]);
  const [code] = (await once(curl, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`curl ended with ${code}`);
  const endedAt = performance.now();
  const measured = speedOf(context, id, (await stat(path)).size, endedAt);
  await rm(path);
  return measured;
}

/** Electron's own network stack, which receives over the loopback and throws away: no program on it can be faster. */
async function stackRun(context: BenchContext, { app }: RecLight): Promise<number> {
  const id = largeRecording(context, 'loopback');
  const received = await app.evaluate(
    ({ net, session }, { url, authorization }) =>
      new Promise<number>((resolve, reject) => {
        const request = net.request({
          url,
          // The windows' own session lets nothing go to a server.
          session: session.fromPartition('bench', { cache: false }),
          credentials: 'omit',
          cache: 'no-store',
        });
        request.setHeader('Authorization', authorization);
        request.on('error', reject);
        request.on('response', (response) => {
          let bytes = 0;
          response.on('data', (piece) => {
            bytes += piece.length;
          });
          response.on('end', () => {
            resolve(bytes);
          });
        });
        request.end();
      }),
    {
      url: `${context.simulator.apiUrl}/Recordings/${id}/Media`,
      authorization: basic(anna.username, anna.password),
    },
  );
  return speedOf(context, id, received, performance.now());
}

/**
 * How fast one large recording is saved, against curl, which checks nothing and leaves the disk to the system: over the
 * loopback, where both are as fast as the processor (and where Electron only receives as fast as it can), and from a
 * server behind a gigabit line, for which there is an aim.
 */
export const saveThroughput: FigureGroup = {
  names: ['save-throughput-loopback', 'save-throughput-stack', 'save-throughput-gigabit'],
  measure: async (prepare) => {
    const context = await prepare();
    const { runs } = context.options;
    const folder = await mkdtemp(join(tmpdir(), 'reclight-bench-save-'));
    const measured: Readonly<Record<Line, { readonly ours: number[]; readonly floor: number[] }>> = {
      loopback: { ours: [], floor: [] },
      gigabit: { ours: [], floor: [] },
    };
    const stack: number[] = [];
    const reclight = await launch({ profile: join(folder, 'profile') });
    try {
      await signIn(reclight.window, { server: context.simulator.url, ...anna, remember: false });
      // The first of each warms up what it needs.
      for (let run = -1; run < runs; run += 1) {
        for (const line of lines) {
          const floor = await floorRun(context, folder, line);
          const ours = await ourRun(context, reclight, folder, line);
          if (run < 0) continue;
          measured[line].floor.push(floor);
          measured[line].ours.push(ours);
        }
        const received = await stackRun(context, reclight);
        if (run < 0) continue;
        stack.push(received);
        context.say(`Saving ${run + 1} of ${runs}`);
      }
    } finally {
      await reclight.quit();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    const common = { unit: 'MB/s' } as const;
    return [
      toFigure({
        ...common,
        name: 'save-throughput-loopback',
        title: 'saving a 100 MB recording over the loopback, against curl',
        aim: null,
        ...measured.loopback,
      }),
      toFigure({
        ...common,
        name: 'save-throughput-stack',
        title: 'the same, against Electron’s network stack, which throws it away',
        aim: null,
        ours: measured.loopback.ours,
        floor: stack,
      }),
      toFigure({
        ...common,
        name: 'save-throughput-gigabit',
        title: 'saving a 100 MB recording that comes over a gigabit line, against curl',
        aim: { kind: 'at-least-ratio', least: 0.8 },
        ...measured.gigabit,
      }),
    ];
  },
};
