import { spawn } from 'node:child_process';

import { monotonicNow } from '../desktop/protocol';

/** What the X server tells of top-level windows: when one appeared and when one went. */
export interface WindowWatch {
  /**
   * @param since ms of the system's monotonic clock
   * @returns when the first window after that was mapped, on the same clock
   */
  mapped(since: number): Promise<number>;
  /** The same for a window that disappeared. */
  unmapped(since: number): Promise<number>;
  dispose(): void;
}

const limitMs = 20_000;

/**
 * Listens to the X server. It tells by itself, so nothing is polled while an app starts: with no other program in the
 * private desktop the next window to appear is the app's.
 */
export function watchWindows(): WindowWatch {
  const xev = spawn('xev', ['-root', '-event', 'substructure'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const seen = { MapNotify: [] as number[], UnmapNotify: [] as number[] };
  const listeners = new Set<() => void>();
  let failure: Error | null = null;
  let tail = '';
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  xev.on('error', (error) => {
    failure = new Error(`xev (Debian: x11-utils) is needed: ${error.message}`);
    tell();
  });
  xev.stdout.setEncoding('utf8').on('data', (text: string) => {
    const at = monotonicNow();
    const lines = (tail + text).split('\n');
    tail = lines.pop() ?? '';
    for (const line of lines) {
      const name = /^(MapNotify|UnmapNotify) event/.exec(line)?.[1];
      if (name === 'MapNotify' || name === 'UnmapNotify') seen[name].push(at);
    }
    tell();
  });

  const first = (name: keyof typeof seen, since: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        listeners.delete(look);
        clearTimeout(timer);
      };
      const look = (): void => {
        const found = seen[name].find((at) => at >= since);
        if (failure === null && found === undefined) return;
        end();
        if (found === undefined) reject(failure ?? new Error(name));
        else resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`The X server told of no ${name} in ${limitMs} ms`));
      }, limitMs);
      listeners.add(look);
      look();
    });

  return {
    mapped: (since) => first('MapNotify', since),
    unmapped: (since) => first('UnmapNotify', since),
    dispose: () => {
      xev.kill();
    },
  };
}
