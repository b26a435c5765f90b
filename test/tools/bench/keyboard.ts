import { spawn } from 'node:child_process';

/** Real key presses, without the cost of a new process for each. */
export interface Keyboard {
  /**
   * Holds some keys, then presses one more.
   * @param held in xdotool's words, e.g. `['ctrl', 'alt']`
   * @param key the one that completes the shortcut
   * @returns the moment before the last key was sent, as `performance.now()` has it
   */
  press(held: readonly string[], key: string): Promise<number>;
  dispose(): void;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Long enough for the X server to have seen the keys held before. */
const heldMs = 60;

/**
 * Starts one xdotool that reads commands for as long as it runs: what it reads it does at once, so that between the
 * moment told and the key event there is one write to a pipe and one to the X server, well under a millisecond.
 */
export function createKeyboard(): Keyboard {
  const xdotool = spawn('xdotool', ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const tell = (line: string): void => {
    xdotool.stdin.write(`${line}\n`);
  };
  return {
    press: async (held, key) => {
      for (const each of held) tell(`keydown --delay 0 ${each}`);
      await pause(heldMs);
      const at = performance.now();
      tell(`keydown --delay 0 ${key}`);
      await pause(heldMs);
      tell(`keyup --delay 0 ${key}`);
      for (const each of [...held].reverse()) tell(`keyup --delay 0 ${each}`);
      return at;
    },
    dispose: () => {
      xdotool.stdin.end();
    },
  };
}
