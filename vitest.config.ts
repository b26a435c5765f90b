import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

/** The folders of each project; see test/tools/runtime/README.md for which of them need a desktop. */
const folders = {
  unit: ['test/unit'],
  simulation: ['test/simulation'],
  contract: ['test/contract', 'test/laws'],
  simulator: ['test/tools/simulator'],
};

const tests = (folder: string) => `${folder}/**/*.test.{ts,tsx}`;

/** Ends what hangs; machines are shared, so no test is to be told from another by how long it takes. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000 } as const;

/** Begins each test file at the date that `npm test -- --date` names. */
const setupFiles = ['test/fixtures/set-date.ts'];

/** Knows `@shared/*` as the compiler does. */
const resolve = { tsconfigPaths: true } as const;

/** Unit tests that put a fake in the place of a module: what another file has loaded already would keep the real one. */
const mocked = readdirSync(join(import.meta.dirname, 'test/unit'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .map((file) => join('test/unit', file).replaceAll('\\', '/'))
  .filter((file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes('vi.mock('));

const plain = Object.entries(folders).map(([name, places]) => ({
  resolve,
  test: {
    name,
    include: places.map(tests),
    exclude: name === 'unit' ? mocked : [],
    environment: 'node' as const,
    setupFiles,
    // A unit test starts no process and opens no socket, so one worker runs many files with the modules loaded once.
    isolate: name !== 'unit',
    ...patience,
  },
}));

export default defineConfig({
  test: {
    passWithNoTests: true,
    retry: 0,
    projects: [
      ...plain,
      { resolve, test: { name: 'mocked', include: mocked, environment: 'node', setupFiles, ...patience } },
      {
        resolve,
        test: {
          name: 'renderer',
          include: [tests('test/renderer')],
          environment: 'happy-dom',
          setupFiles,
          ...patience,
        },
      },
      {
        resolve,
        test: {
          name: 'integration',
          include: ['test/integration', 'test/tools/runtime', 'test/tools/desktop'].map(tests),
          environment: 'node',
          setupFiles,
          ...patience,
        },
      },
      {
        resolve,
        test: {
          name: 'e2e',
          include: [tests('test/e2e')],
          environment: 'node',
          setupFiles,
          // One desktop has one keyboard, one tray and one focused window.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A condition that never comes true fails late; one that does is not waited for any longer.
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
