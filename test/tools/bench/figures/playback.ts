import type { Locator, Page } from 'playwright-core';

import type { BenchContext } from '../context';
import { pause } from '../context';
import { toFigure } from '../figure';
import type { FigureGroup } from './group';

const durationMs = 60_000;

/** RecLight's user, and the bare app's. */
const anna = { username: 'anna.rossi', line: '101' };
const ben = { username: 'ben.carter', line: '102' };

/** A recording that nobody has heard yet, at the top of its agent's list. */
function freshRecording(
  { simulator }: BenchContext,
  agent: { readonly username: string; readonly line: string },
  remotePartyNumber: string,
): string {
  const { id } = simulator.recordings.add({
    startMs: simulator.clock.now() - durationMs,
    durationMs,
    direction: 1,
    ownerUsername: agent.username,
    localPartyNumber: agent.line,
    remotePartyNumber,
  });
  return id;
}

/** How long a hand holds a button down, and lets it go in between, ms. */
const clickMs = 60;

/** As a hand does it: what the first click has changed is drawn before the second one comes. */
async function doubleClick(page: Page, target: Locator): Promise<void> {
  await target.hover();
  for (const clickCount of [1, 2]) {
    await page.mouse.down({ clickCount });
    await pause(clickMs);
    await page.mouse.up({ clickCount });
    if (clickCount === 1) await pause(clickMs);
  }
}

/** Arms a stop-watch in the page: from the next double-click to the next `playing`, ms. */
async function armed(page: Page): Promise<() => Promise<number>> {
  const handle = await page.evaluateHandle(() => {
    const time = new Promise<number>((resolve) => {
      self.addEventListener(
        'dblclick',
        (click) => {
          // Media events do not bubble, but they are captured on their way down.
          self.addEventListener('playing', () => resolve(performance.now() - click.timeStamp), {
            capture: true,
            once: true,
          });
        },
        { capture: true, once: true },
      );
    });
    return { time };
  });
  return () => handle.evaluate(({ time }) => time);
}

async function ourRun(page: Page, context: BenchContext, number: string): Promise<number> {
  freshRecording(context, anna, number);
  await page.getByRole('button', { name: 'Refresh' }).click();
  const grid = page.getByRole('grid', { name: 'Recordings' });
  const row = grid.getByRole('row').filter({ hasText: number }).first();
  await row.waitFor();
  const time = await armed(page);
  await doubleClick(page, row);
  const ms = await time();
  await page.getByRole('button', { name: 'Close player' }).click();
  return ms;
}

async function floorRun(page: Page, context: BenchContext, number: string): Promise<number> {
  const id = freshRecording(context, ben, number);
  await page.evaluate((address) => {
    const audio = document.createElement('audio');
    const words = document.createElement('p');
    words.textContent = 'Double-click to play';
    words.addEventListener('dblclick', () => {
      audio.src = address;
      void audio.play();
    });
    document.body.replaceChildren(words, audio);
  }, `${context.simulator.apiUrl}/Recordings/${id}/Media`);
  const time = await armed(page);
  await doubleClick(page, page.getByText('Double-click to play'));
  const ms = await time();
  await page.evaluate(() => document.querySelector('audio')?.pause());
  return ms;
}

/** double-click → `playing`, against a plain `<audio>` that loads from the server by itself. */
export const doubleClickToPlaying: FigureGroup = {
  names: ['double-click-to-playing'],
  measure: async (prepare) => {
    const context = await prepare();
    const { runs } = context.options;
    const ours: number[] = [];
    const floor: number[] = [];
    const bare = await context.startShown('bare', { debugging: true, asked: true });
    const reclight = await context.startShown('reclight', { debugging: true });
    try {
      const [barePage, page] = [await bare.page(), await reclight.page()];
      for (let run = 0; run < runs; run += 1) {
        floor.push(await floorRun(barePage, context, `+3902555${1_000 + run}`));
        ours.push(await ourRun(page, context, `+3906555${1_000 + run}`));
        context.say(`Playback ${run + 1} of ${runs}`);
      }
    } finally {
      await Promise.all([reclight.quit(), bare.quit()]);
    }
    return [
      toFigure({
        name: 'double-click-to-playing',
        title: 'double-click → playing, against a plain <audio>',
        unit: 'ms',
        aim: { kind: 'ratio', most: 1.5 },
        ours,
        floor,
      }),
    ];
  },
};
