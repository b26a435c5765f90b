import { status } from './reclight';
import type { Harness } from './harness';
import { until } from './until';

/** How long a state may take to be shown: polls, jitter and a busy computer. */
export const patience = { timeout: 25_000 };

/** The other side of the call on line 101. */
const remote = { phoneNumber: '+390244548866', firstName: 'Giulia', lastName: 'Marchetti' };

/** The recorder in the window. */
export function recorder(harness: Harness) {
  return harness.reclight.window.getByRole('region', { name: 'Recorder' });
}

/** Connects a call on line 101. */
export function connectCall(harness: Harness) {
  return harness.simulator.telephony.connectCall({ directoryNumber: '101', remote });
}

/** Presses a button of the recorder. */
export async function press(harness: Harness, name: RegExp | string): Promise<void> {
  await recorder(harness).getByRole('button', { name }).click();
}

/**
 * Presses a button if it is there at this very moment: one that goes as soon as the state comes back by itself cannot be
 * waited for.
 */
export async function pressIfThere(harness: Harness, name: string): Promise<void> {
  await recorder(harness)
    .getByRole('button', { name })
    .evaluateAll((buttons) => {
      for (const button of buttons) (button as HTMLElement).click();
    });
}

/** Presses *Record*. */
export async function pressRecord(harness: Harness): Promise<void> {
  await press(harness, /^Record(?! next)/);
}

/** What is seen and was asked lately: without it a wait that failed says only what was not seen. */
async function describeLight(harness: Harness): Promise<string> {
  const { reclight, simulator } = harness;
  const seen = await recorder(harness).textContent({ timeout: 1_000 }).catch(String);
  const snapshot = await reclight.window
    .evaluate(async () => {
      const answer = await self.reclight.getSnapshot({});
      return answer.ok ? answer.value.recorder : answer;
    })
    .catch(String);
  const asked = simulator.requests.entries
    .slice(-8)
    .map(({ route, status, faults }) => ({ route, status, faults }));
  return [`Window: ${seen}`, `Snapshot: ${JSON.stringify(snapshot)}`, `Asked: ${JSON.stringify(asked)}`].join(
    '\n',
  );
}

/**
 * Waits until window and tray show a state, both under its own name.
 *
 * @throws Error with what is shown instead
 */
export async function shows(harness: Harness, wanted: string, timeout = patience.timeout): Promise<void> {
  try {
    await status(harness.reclight.window)
      .filter({ hasText: new RegExp(`^${wanted}$`) })
      .waitFor({ timeout });
    await harness.desktop.waitForTrayItem(
      ({ tooltip }) => tooltip === `RecLight – ${wanted}` || tooltip.startsWith(`RecLight – ${wanted} `),
      { timeoutMs: timeout },
    );
  } catch (error) {
    throw new Error(`${wanted} is not shown\n${await describeLight(harness)}`, { cause: error });
  }
}

/**
 * Waits until RecLight takes what is listed for what it started: the answer to a start may tell another id than the list,
 * and until it is sure of it, Pause means nothing.
 */
export async function recognised({ reclight }: Harness): Promise<void> {
  const isRecognised = () =>
    reclight.window.evaluate(async () => {
      const answer = await self.reclight.getSnapshot({});
      return answer.ok && answer.value.recorder.recordings.some(({ startedHere }) => startedHere);
    });
  // Also before the tests of a file, where nothing can be expected yet.
  await until(isRecognised, 'what was started here to be recognised', patience.timeout);
}

/** Connects a call and records it from the window. */
export async function record(harness: Harness) {
  connectCall(harness);
  await pressRecord(harness);
  await shows(harness, 'Recording');
  await recognised(harness);
  const [live] = harness.simulator.telephony.live();
  if (live === undefined) throw new Error('Nothing is being recorded');
  return live;
}
