import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { drivePlayer, patient } from '../harness/player';
import { startAgain } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;
let notepad: ChildProcess;
/** What has been typed into the other window. */
let typed: string;

const { player, currentTime, leave } = drivePlayer(() => harness);

beforeAll(async () => {
  harness = await startHarness();
  await harness.reclight.window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
});

afterAll(async () => {
  await harness.close();
});

/** Another program's window, with the keyboard focus. */
beforeEach(async () => {
  typed = '';
  notepad = spawn('xev', ['-name', 'Notepad', '-event', 'keyboard', '-event', 'focus'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let presses = false;
  createInterface(notepad.stdout!).on('line', (line) => {
    if (line.startsWith('KeyPress')) presses = true;
    const [, key] = /keysym 0x\w+, (\w)\)/.exec(line) ?? [];
    if (presses && key !== undefined) typed += key;
    if (key !== undefined) presses = false;
  });
  await harness.desktop.xdotool([
    'search',
    '--sync',
    '--onlyvisible',
    '--name',
    '^Notepad$',
    'windowactivate',
    '--sync',
  ]);
});

afterEach(async () => {
  notepad.kill();
  if (notepad.exitCode === null && notepad.signalCode === null) await once(notepad, 'exit');
  await leave();
});

const inWindow = (what: 'hide' | 'minimize') =>
  harness.reclight.app.evaluate(
    ({ BrowserWindow }, name) => BrowserWindow.getAllWindows()[0]?.[name](),
    what,
  );
const windowState = () =>
  harness.reclight.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    return { visible: window?.isVisible() === true && !window.isMinimized(), focused: window?.isFocused() };
  });

const sentence = 'thecustomerwantsitinwriting';

/** Types on the real keyboard while RecLight begins to play. */
async function typeMeanwhile(start: () => Promise<void>): Promise<void> {
  const typing = harness.desktop.xdotool(['type', '--delay', '60', sentence]);
  try {
    await start();
    await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
    expect(await windowState()).toEqual({ visible: true, focused: false });
  } finally {
    await typing;
  }
  await harness.desktop.pressKeys('x', 'y');
  await expect.poll(() => typed).toBe(`${sentence}xy`);
}

const fromTray = async () => {
  const { item } = await harness.desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  const menu = await harness.desktop.waitForTrayMenu(item, ({ children }) =>
    children.some(({ label, children: recent }) => label === 'Recent recordings' && recent.length === 5),
  );
  const recent = menu.children.find(({ label }) => label === 'Recent recordings');
  await harness.desktop.clickTrayMenu(item, ['Recent recordings', recent?.children[0]?.label ?? '']);
};

test.each([
  ['--play-latest', 'hide', () => startAgain(harness.reclight, '--play-latest')],
  ['--play-latest', 'minimize', () => startAgain(harness.reclight, '--play-latest')],
  ['a recent recording of the tray', 'hide', fromTray],
  ['a recent recording of the tray', null, fromTray],
] as const)('%s plays (window: %s), and the keyboard stays where it was', async (_name, before, start) => {
  if (before !== null) {
    await inWindow(before);
    await expect.poll(windowState).toMatchObject({ visible: false });
  }
  await typeMeanwhile(start);
  await player().waitFor();
  // Whoever then turns to it can type there.
  await harness.desktop.xdotool([
    'search',
    '--onlyvisible',
    '--name',
    '^RecLight$',
    'windowactivate',
    '--sync',
  ]);
  await expect.poll(windowState).toEqual({ visible: true, focused: true });
});
