import type { BenchContext } from '../context';
import { toFigure } from '../figure';
import type { Keyboard } from '../keyboard';
import { createKeyboard } from '../keyboard';
import type { FigureGroup } from './group';

/** From the key to the first byte of the request at the server, ms. */
async function pressed(
  { simulator }: BenchContext,
  keyboard: Keyboard,
  keys: readonly [held: readonly string[], key: string],
  username: string,
): Promise<number> {
  simulator.requests.clear();
  const at = await keyboard.press(...keys);
  const post = await simulator.requests
    .waitForRequest((request) => request.route === 'start' && request.username === username)
    .catch((error: unknown) => {
      throw new Error(`The shortcut with ${keys[1]} made no request of ${username}'s`, { cause: error });
    });
  return post.monotonic - at;
}

/** hotkey press → POST received; the floor is an app whose shortcut does nothing but one `net.request`. */
export const hotkeyToPost: FigureGroup = {
  names: ['hotkey-to-post'],
  measure: async (prepare) => {
    const context = await prepare();
    const { desktop, simulator, options } = context;
    const ours: number[] = [];
    const floor: number[] = [];
    const keyboard = createKeyboard();
    const bare = await context.startHidden('bare', { asked: true });
    const reclight = await context.startHidden('reclight');
    const rest = () =>
      desktop.waitForTrayItem((item) => item.pid === reclight.pid && item.tooltip.endsWith('Not recording'), {
        timeoutMs: 30_000,
      });
    try {
      for (let run = 0; run < options.runs; run += 1) {
        await rest();
        for (const directoryNumber of ['101', '102']) simulator.telephony.connectCall({ directoryNumber });
        ours.push(await pressed(context, keyboard, [['ctrl', 'shift'], 'F9'], 'anna.rossi'));
        floor.push(await pressed(context, keyboard, [['ctrl', 'alt'], 'b'], 'ben.carter'));
        await desktop.waitForTrayItem(
          (item) => item.pid === reclight.pid && item.tooltip.includes('Recording '),
        );
        simulator.telephony.endAllCalls();
        context.say(`Hotkey ${run + 1} of ${options.runs}`);
      }
    } finally {
      keyboard.dispose();
      simulator.telephony.endAllCalls();
      await Promise.all([reclight.quit(), bare.quit()]);
    }
    return [
      toFigure({
        name: 'hotkey-to-post',
        title: 'hotkey press → POST received',
        unit: 'ms',
        aim: { kind: 'value', most: 20 },
        ours,
        floor,
      }),
    ];
  },
};
