import { status } from './reclight';
import type { Stage } from './harness';
import { until } from './until';

/** How long a state may take to be shown: polls, jitter and a busy computer. */
export const patience = { timeout: 25_000 };

/** The other side of the call on line 101. */
const remote = { phoneNumber: '+390244548866', firstName: 'Giulia', lastName: 'Marchetti' };

/** The recorder in the window. */
export function recorder(stage: Stage) {
  return stage.reclight.window.getByRole('region', { name: 'Recorder' });
}

/** Connects a call on line 101. */
export function connectCall(stage: Stage) {
  return stage.simulator.telephony.connectCall({ directoryNumber: '101', remote });
}

/** Presses a button of the recorder. */
export async function press(stage: Stage, name: RegExp | string): Promise<void> {
  await recorder(stage).getByRole('button', { name }).click();
}

/**
 * Presses a button if it is there at this very moment: one that goes as soon as the state comes back by itself cannot be
 * waited for.
 */
export async function pressIfThere(stage: Stage, name: string): Promise<void> {
  await recorder(stage)
    .getByRole('button', { name })
    .evaluateAll((buttons) => {
      for (const button of buttons) (button as HTMLElement).click();
    });
}

/** Presses *Record*. */
export async function pressRecord(stage: Stage): Promise<void> {
  await press(stage, /^Record(?! next)/);
}

/** Waits until window and tray show a state, both under its own name. */
export async function shows(stage: Stage, wanted: string, timeout = patience.timeout): Promise<void> {
  await status(stage.reclight.window)
    .filter({ hasText: new RegExp(`^${wanted}$`) })
    .waitFor({ timeout });
  await stage.desktop.waitForTrayItem(
    ({ tooltip }) => tooltip === `RecLight – ${wanted}` || tooltip.startsWith(`RecLight – ${wanted} `),
    { timeoutMs: timeout },
  );
}

/**
 * Waits until RecLight takes what is listed for what it started: the answer to a start may tell another id than the list,
 * and until it is sure of it, Pause means nothing.
 */
export async function recognised({ reclight }: Stage): Promise<void> {
  const isRecognised = () =>
    reclight.window.evaluate(async () => {
      const answer = await self.reclight.getSnapshot({});
      return answer.ok && answer.value.recorder.recordings.some(({ startedHere }) => startedHere);
    });
  // Also before the tests of a file, where nothing can be expected yet.
  await until(isRecognised, 'what was started here to be recognised', patience.timeout);
}

/** Connects a call and records it from the window. */
export async function record(stage: Stage) {
  connectCall(stage);
  await pressRecord(stage);
  await shows(stage, 'Recording');
  await recognised(stage);
  const [live] = stage.simulator.telephony.live();
  if (live === undefined) throw new Error('Nothing is being recorded');
  return live;
}
