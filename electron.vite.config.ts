import { resolve } from 'node:path';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

import { ipcContract } from './src-main/shared/ipc/contract';

const root = import.meta.dirname;

/** Knows `@shared/*` as the compiler does. */
const resolvePaths = { tsconfigPaths: true } as const;

/**
 * The main process is one CommonJS bundle: it loads faster than ES modules there, and a sandboxed preload can be
 * nothing else. Everything but `keytar` (native) is bundled, so that the package holds no node_modules to speak of.
 */
export default defineConfig({
  main: {
    resolve: resolvePaths,
    build: {
      outDir: 'out/main',
      externalizeDeps: { include: ['keytar'] },
      // Electron reads and parses the whole of it before it goes on to open a window.
      minify: true,
      rollupOptions: {
        input: { index: resolve(root, 'src-main/index.ts') },
        // dbus-next goes on without them, and they are not installed.
        external: ['usocket', 'x11'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    resolve: resolvePaths,
    define: { channelNames: JSON.stringify(Object.keys(ipcContract)) },
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve(root, 'src-main/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    resolve: resolvePaths,
    root: resolve(root, 'src-renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      // One style sheet, which is there from the first frame on: a part that is loaded late needs its script alone.
      cssCodeSplit: false,
      modulePreload: {
        polyfill: false,
        // What a late part needs besides itself is loaded already.
        resolveDependencies: (_file, needed, { hostType }) => (hostType === 'html' ? needed : []),
      },
      // Less than half of the bytes to read, parse and hold in memory before the first paint.
      minify: true,
      rollupOptions: {
        input: { index: resolve(root, 'src-renderer/index.html') },
        output: {
          // What the first page shares with what is loaded later is one file, not one for each that shares it.
          codeSplitting: {
            groups: [
              {
                name: 'base',
                test: /node_modules[\\/](react|react-dom|scheduler|zustand|@formatjs|intl-messageformat)[\\/]|src-renderer[\\/]ui[\\/]|src-renderer[\\/]services[\\/][a-z-]+\.tsx?$|src-renderer[\\/].*[\\/]messages\.ts$|shared[\\/](text[\\/](messages|error-messages|format)|assert-never)\.ts$/,
              },
            ],
          },
        },
      },
    },
  },
});
