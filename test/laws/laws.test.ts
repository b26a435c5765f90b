import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** A file of each room; what is linted is the test's text, as if it stood there. */
const rooms = {
  shared: 'src-main/shared/assert-never.ts',
  core: 'src-main/core/state.ts',
  'core/recorder': 'src-main/core/recorder/contract.ts',
  infra: 'src-main/infra/system-clock.ts',
  'infra/api/client': 'src-main/infra/api/client.ts',
  'infra/keychain': 'src-main/infra/keychain.ts',
  electron: 'src-main/electron/tray.ts',
  'electron/ipc': 'src-main/electron/ipc.ts',
  preload: 'src-main/preload/index.ts',
  app: 'src-main/app.ts',
  index: 'src-main/index.ts',
  window: 'src-renderer/ui/Lamp.tsx',
  test: 'test/fixtures/virtual-clock.ts',
  config: 'electron.vite.config.ts',
} as const;

type Room = keyof typeof rooms;

/** The rules that hold the laws; what else lint finds in a text of one line is not the matter here. */
const lawRules = [
  'import-x/no-restricted-paths',
  'import-x/no-default-export',
  'no-restricted-imports',
  'no-restricted-syntax',
  'no-restricted-globals',
] as const;

type LawRule = (typeof lawRules)[number];

const slow = { timeout: 120_000 };

/** Without what needs the types or the whole import graph: those laws have their own tests below. */
const quick = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      'import-x/no-cycle': 'off',
    },
  },
});
const thorough = new ESLint({ cwd: root });

async function rulesBroken(eslint: ESLint, room: Room, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: join(root, rooms[room]) });
  const messages = result?.messages ?? [];
  const fatal = messages.find((message) => message.fatal);
  if (fatal !== undefined) throw new Error(`${rooms[room]}: ${fatal.message}`);
  return messages.map(({ ruleId }) => ruleId ?? 'none');
}

const lawsBroken = async (room: Room, code: string) =>
  (await rulesBroken(quick, room, code)).filter((rule) => lawRules.includes(rule as LawRule));

const paths = 'import-x/no-restricted-paths';
const imports = 'no-restricted-imports';
const syntax = 'no-restricted-syntax';
const globals = 'no-restricted-globals';

const broken: readonly (readonly [room: Room, code: string, rule: LawRule])[] = [
  // 1. shared and core are pure
  ['shared', `import { readFile } from 'node:fs';`, imports],
  ['shared', `import { readFile } from 'fs/promises';`, imports],
  ['shared', `import { app } from 'electron';`, imports],
  ['shared', `import { useState } from 'react';`, imports],
  ['shared', `import { createEmitter } from '../core/lib/emitter';`, paths],
  ['shared', `import type { Clock } from '../core/ports/clock';`, paths],
  ['shared', `import { createSystemClock } from '../infra/system-clock';`, paths],
  ['shared', `export { createEmitter } from '../core/lib/emitter';`, paths],
  ['shared', `export * from '../core/lib/emitter';`, paths],
  ['shared', `export const later = setTimeout;`, globals],
  ['core', `import { readFile } from 'node:fs';`, imports],
  ['core', `import { readFile } from 'node:fs/promises';`, imports],
  ['core', `import fs from 'fs';`, imports],
  ['core', `import * as path from 'path';`, imports],
  ['core', `import type { Stats } from 'node:fs';`, imports],
  ['core', `import { app } from 'electron';`, imports],
  ['core', `import type { App } from 'electron';`, imports],
  ['core', `import { app } from 'electron/main';`, imports],
  ['core', `import axios from 'axios';`, imports],
  ['core', `import get from 'axios/lib/axios';`, imports],
  ['core', `import keytar from 'keytar';`, imports],
  ['core', `import log from 'electron-log';`, imports],
  ['core', `import { useState } from 'react';`, imports],
  ['core', `import { createStore } from 'zustand/vanilla';`, imports],
  ['core', `import { writeFile } from 'node:fs/promises';`, imports],
  ['core', `export * from 'node:fs';`, imports],
  ['core', `import { createSystemClock } from '../infra/system-clock';`, paths],
  ['core', `import type { TrayIcon } from '../electron/tray';`, paths],
  ['core', `import { createApp } from '../app';`, paths],
  ['core', `import { Lamp } from '../../src-renderer/ui/Lamp';`, paths],
  ['core', `import { VirtualClock } from '../../test/fixtures/virtual-clock';`, paths],
  ['core', `export const load = () => import('../infra/system-clock');`, paths],
  ['core', `export const load = () => import('node:fs');`, syntax],
  ['core', `export const fs = require('node:fs');`, syntax],
  ['core', `setTimeout(() => {}, 1);`, globals],
  ['core', `setInterval(() => {}, 1);`, globals],
  ['core', `setImmediate(() => {});`, globals],
  ['core', `globalThis.setTimeout(() => {}, 1);`, globals],
  ['core', `export const now = () => Date.now();`, syntax],
  ['core', `export const now = () => new Date();`, syntax],
  ['core', `export const now = () => performance.now();`, globals],
  ['core', `export const chance = () => Math.random();`, syntax],
  ['core', `export const id = () => crypto.randomUUID();`, globals],
  ['core', `export const home = process.env['HOME'];`, globals],
  ['core', `export const pair = Buffer.from('a');`, globals],
  ['core', `void fetch('https://example.com');`, globals],
  ['core', `document.title = 'x';`, globals],
  ['core/recorder', `setTimeout(() => {}, 1);`, globals],
  ['core/recorder', `import { readFile } from 'node:fs';`, imports],
  ['core/recorder', `import { createSystemClock } from '../../infra/system-clock';`, paths],

  // 1. a window imports from shared only, has no Node, no network, and stores nothing
  ['window', `import { createEmitter } from '../../src-main/core/lib/emitter';`, paths],
  ['window', `import type { Clock } from '../../src-main/core/ports/desktop';`, paths],
  ['window', `import { createSystemClock } from '../../src-main/infra/system-clock';`, paths],
  ['window', `import { VirtualClock } from '../../test/fixtures/virtual-clock';`, paths],
  ['window', `import { ipcRenderer } from 'electron';`, imports],
  ['window', `import { shell } from 'electron/renderer';`, imports],
  ['window', `import axios from 'axios';`, imports],
  ['window', `import keytar from 'keytar';`, imports],
  ['window', `import { readFile } from 'node:fs';`, imports],
  ['window', `import { readFile } from 'fs';`, imports],
  ['window', `import { join } from 'path/posix';`, imports],
  ['window', `localStorage.setItem('a', 'b');`, globals],
  ['window', `window.localStorage.setItem('a', 'b');`, syntax],
  ['window', `sessionStorage.clear();`, globals],
  ['window', `export const base = indexedDB;`, globals],
  ['window', `document.cookie = 'a=b';`, syntax],
  ['window', `void fetch('https://example.com');`, globals],
  ['window', `void window.fetch('https://example.com');`, syntax],
  ['window', `export const request = new XMLHttpRequest();`, globals],
  ['window', `export const socket = new WebSocket('wss://example.com');`, globals],
  ['window', `export const events = new EventSource('/x');`, globals],
  ['window', `navigator.sendBeacon('https://example.com');`, syntax],

  // 1. electron, keytar and axios in their own places only
  ['infra', `import { app } from 'electron';`, imports],
  ['infra', `import axios from 'axios';`, imports],
  ['infra', `import type { AxiosError } from 'axios';`, imports],
  ['infra', `import keytar from 'keytar';`, imports],
  ['infra', `export const load = () => import('axios');`, syntax],
  ['infra', `export const load = () => import('axios/lib/axios');`, syntax],
  ['infra', `export const load = () => import('keytar');`, syntax],
  ['infra', `export const load = () => import('electron');`, syntax],
  ['infra', `export const keytar = require('keytar');`, syntax],
  ['infra', 'export const load = () => import(`axios`);', syntax],
  ['infra', `export const load = (name: string) => import(name);`, syntax],
  ['infra', `import { createTray } from '../electron/tray';`, paths],
  ['infra', `import { Lamp } from '../../src-renderer/ui/Lamp';`, paths],
  ['infra/api/client', `import keytar from 'keytar';`, imports],
  ['infra/api/client', `import { net } from 'electron';`, imports],
  ['infra/keychain', `import axios from 'axios';`, imports],
  ['infra/keychain', `export const load = () => import('axios');`, syntax],
  ['electron', `import axios from 'axios';`, imports],
  ['electron', `import keytar from 'keytar';`, imports],
  ['electron', `export const load = () => import('keytar');`, syntax],
  ['app', `import { app } from 'electron';`, imports],
  ['app', `export const load = () => import('axios');`, syntax],
  ['app', `import { VirtualClock } from '../test/fixtures/virtual-clock';`, paths],
  ['app', `import { Lamp } from '../src-renderer/ui/Lamp';`, paths],
  ['index', `import axios from 'axios';`, imports],
  ['preload', `import keytar from 'keytar';`, imports],
  ['preload', `import { createEmitter } from '../core/lib/emitter';`, paths],

  // 2. raw IPC in its two files only
  ['electron', `import { ipcMain } from 'electron';`, imports],
  ['electron', `import { ipcMain as bus } from 'electron';`, imports],
  ['electron', `import * as electron from 'electron';`, imports],
  ['electron', `import { ipcRenderer } from 'electron';`, imports],
  ['electron', `ipcMain.handle('x', () => 1);`, syntax],
  ['electron', `ipcMain.on('x', () => {});`, syntax],
  ['index', `import { ipcMain } from 'electron';`, imports],
  ['index', `ipcMain.handleOnce('x', () => 1);`, syntax],
  ['electron/ipc', `ipcRenderer.send('x');`, syntax],
  ['preload', `import { ipcMain } from 'electron';`, imports],
  ['preload', `ipcMain.handle('x', () => 1);`, syntax],
  ['window', `ipcRenderer.send('x');`, syntax],

  // Every text comes from a catalogue
  ['window', `export const A = () => <p>Hello there</p>;`, syntax],
  ['window', `export const A = () => <>Hello there</>;`, syntax],
  ['window', `export const A = () => <p>{'Hello there'}</p>;`, syntax],
  ['window', 'export const A = ({ n }: { n: string }) => <p>{`Hello ${n}`}</p>;', syntax],
  ['window', `export const A = ({ on }: { on: boolean }) => <p>{on ? 'Stop' : null}</p>;`, syntax],
  ['window', `export const A = ({ on }: { on: boolean }) => <p>{on && 'Stop'}</p>;`, syntax],
  ['window', `export const A = () => <button aria-label="Stop" />;`, syntax],
  ['window', `export const A = () => <button aria-label={'Stop'} />;`, syntax],
  ['window', 'export const A = ({ n }: { n: string }) => <p aria-label={`Stop ${n}`} />;', syntax],
  ['window', `export const A = ({ on }: { on: boolean }) => <p title={on ? 'Stop' : ''} />;`, syntax],
  ['window', `export const A = () => <input placeholder="Number" />;`, syntax],
  ['window', `export const A = () => <img alt="Lamp" />;`, syntax],
  ['window', `import { Field } from './Field';\nexport const A = () => <Field hint="Dial it" />;`, syntax],
  ['window', `import { Field } from './Field';\nexport const A = () => <Field error="Too long" />;`, syntax],
  ['window', `export const A = () => <p dangerouslySetInnerHTML={{ __html: '' }} />;`, syntax],

  // Libraries are used by their public interface
  ...(['core', 'electron', 'preload', 'window'] as const).map(
    (room) => [room, `export const mount = (list: { _mount(): void }) => list._mount();`, syntax] as const,
  ),
  ['window', `export const mount = ({ _mount: up }: { _mount(): void }) => up;`, syntax],

  // Named exports only
  ...(['shared', 'core', 'infra', 'electron', 'app', 'window', 'test'] as const).map(
    (room) => [room, `export default 1;`, 'import-x/no-default-export'] as const,
  ),
  ['core', `const a = 1;\nexport { a as default };`, 'import-x/no-default-export'],
];

const kept: readonly (readonly [room: Room, code: string])[] = [
  [
    'shared',
    `import * as v from 'valibot';\nimport { assertNever } from './assert-never';\nexport { v, assertNever };`,
  ],
  ['shared', `import { IntlMessageFormat } from 'intl-messageformat';\nexport { IntlMessageFormat };`],
  ['shared', `export const day = (at: number) => new Date(at);`],
  [
    'core',
    `import * as v from 'valibot';\nimport { succeed } from '@shared/domain/errors';\nexport { v, succeed };`,
  ],
  [
    'core',
    `import type { Clock } from './ports/clock';\nexport const now = (clock: Clock) => clock.monotonicNow();`,
  ],
  ['core', `queueMicrotask(() => {});`],
  ['core/recorder', `import { createEmitter } from '../lib/emitter';\nexport { createEmitter };`],
  ['infra', `import { readFile } from 'node:fs/promises';\nexport { readFile };`],
  ['infra', `import type { Clock } from '../core/ports/clock';\nexport type { Clock };`],
  ['infra', `export const load = () => import('./api/client');`],
  ['infra', `setTimeout(() => {}, Date.now());`],
  ['infra/api/client', `import axios from 'axios';\nexport { axios };`],
  ['infra/keychain', `export const load = () => import('keytar');`],
  ['infra/keychain', `import type * as keytar from 'keytar';\nexport type { keytar };`],
  ['electron', `import { app, BrowserWindow } from 'electron';\nexport { app, BrowserWindow };`],
  ['electron', `import type { IpcMainInvokeEvent } from 'electron';\nexport type { IpcMainInvokeEvent };`],
  ['electron', `import type { Clock } from '../core/ports/clock';\nexport type { Clock };`],
  ['electron/ipc', `import { ipcMain } from 'electron';\nipcMain.handle('x', () => 1);`],
  [
    'preload',
    `import { contextBridge, ipcRenderer } from 'electron';\nvoid ipcRenderer.invoke('x');\nexport { contextBridge };`,
  ],
  ['preload', `import { ipcContract } from '@shared/ipc/contract';\nexport { ipcContract };`],
  ['app', `import { createEmitter } from './core/lib/emitter';\nexport { createEmitter };`],
  [
    'index',
    `import { app } from 'electron';\nimport { createApp } from './app';\nexport { app, createApp };`,
  ],
  ['window', `import { formatElapsed } from '@shared/text/format';\nexport { formatElapsed };`],
  [
    'window',
    `export const told = (listen: (told: () => void) => void) => { listen((_event?: unknown) => 1); };`,
  ],
  ['window', `import { useState } from 'react';\nexport const useIt = () => useState(0);`],
  ['window', `export const A = ({ name }: { name: string }) => <p title={name}>{name}</p>;`],
  ['window', `export const A = () => <p className="lamp" role="status" id={'x-y'}>–</p>;`],
  ['window', `export const A = ({ on }: { on: boolean }) => <p className={on ? 'lit' : 'dark'} />;`],
  [
    'window',
    `export const A = ({ t }: { t: (key: string) => string }) => <p aria-label={t('stop')}>{t('stop')}</p>;`,
  ],
  ['window', `setTimeout(() => {}, 1);`],
  [
    'test',
    `import axios from 'axios';\nimport { ipcMain } from 'electron';\nipcMain.handle('x', () => axios);`,
  ],
  ['test', `import { createEmitter } from '../../src-main/core/lib/emitter';\nexport { createEmitter };`],
  ['config', `export default {};`],
];

describe('the laws', () => {
  it('are tried on files that there are', () => {
    for (const file of Object.values(rooms)) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it.each(broken)('%s may not: %s', slow, async (room, code, rule) => {
    expect(await lawsBroken(room, code)).toContain(rule);
  });

  it.each(kept)('%s may: %s', slow, async (room, code) => {
    expect(await lawsBroken(room, code)).toEqual([]);
  });
});

describe('the laws that need types', () => {
  const union = `type Lamp = 'on' | 'off';`;

  it.each([
    [
      'core',
      `${union}\nexport function f(lamp: Lamp): number {\n  switch (lamp) {\n    case 'on':\n      return 1;\n  }\n  return 2;\n}`,
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    [
      'core',
      `export function f(work: Promise<void>): void {\n  work;\n}`,
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'window',
      `export function f(work: () => Promise<void>): void {\n  [1].forEach(work);\n}`,
      '@typescript-eslint/no-misused-promises',
    ],
    ['core', `export const f = (x: any) => x;`, '@typescript-eslint/no-explicit-any'],
    [
      'core',
      `import { Clock } from './ports/clock';\nexport type C = Clock;`,
      '@typescript-eslint/consistent-type-imports',
    ],
    ['core', `console.log('x');`, 'no-console'],
    ['core', `// eslint-disable-next-line no-console\nexport const a = 1;`, 'none'],
  ] as const)('%s may not: %s', slow, async (room, code, rule) => {
    expect(await rulesBroken(thorough, room, code)).toContain(rule);
  });

  it('core may switch over everything, or end with assertNever', slow, async () => {
    const code = `import { assertNever } from '../shared/assert-never';
${union}
export function f(lamp: Lamp): number {
  switch (lamp) {
    case 'on':
      return 1;
    case 'off':
      return 2;
    default:
      return assertNever(lamp);
  }
}`;
    expect(await rulesBroken(thorough, 'core', code)).toEqual([]);
  });
});
