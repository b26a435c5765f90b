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

const plain = Object.entries(folders).map(([name, places]) => ({
  resolve,
  test: {
    name,
    include: places.map(tests),
    environment: 'node' as const,
    setupFiles,
    // They start no process and open no socket: one worker runs them in turn, and loads the modules anew for each.
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
