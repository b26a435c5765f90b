import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createDefaultOffice } from '../../tools/simulator';
import { startClockAt } from '../../fixtures/test-date';
import type { Harness, HarnessOptions } from '../harness/harness';
import { startHarness } from '../harness/harness';

const clockScript = join(import.meta.dirname, '..', '..', 'tools', 'runtime', 'moved-clock.cjs');
const { moveClock } = createRequire(import.meta.url)(clockScript) as {
  readonly moveClock: (offset: number) => void;
};

const former = process.env['RECLIGHT_TEST_CLOCK_OFFSET'];
let harness: Harness;

beforeEach(() => {
  startClockAt('2028-02-29T12:00');
});

afterEach(async () => {
  await harness.close();
  if (former === undefined) delete process.env['RECLIGHT_TEST_CLOCK_OFFSET'];
  else process.env['RECLIGHT_TEST_CLOCK_OFFSET'] = former;
  moveClock(Number(former ?? 0));
});

async function open(simulator: HarnessOptions['simulator']): Promise<void> {
  const office = createDefaultOffice();
  const agents = office.agents.filter(({ username }) => username === 'anna.rossi');
  harness = await startHarness({ simulator: { ...simulator, office: { ...office, agents } } });
}

const page = () => harness.reclight.window;
const grid = () => page().getByRole('grid', { name: 'Recordings' });
const row = (name: RegExp) => grid().getByRole('row', { name });
const lists = () => harness.simulator.requests.filter('list');

function record(startMs: number, remotePartyNumber: string): void {
  harness.simulator.recordings.add({
    startMs,
    durationMs: 5_000,
    direction: 1,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber,
  });
}

/** Sets the clocks of server, main process and page to a local time, and looks at the window as who comes back does. */
async function setClocks(date: string): Promise<void> {
  startClockAt(date);
  const offset = Number(process.env['RECLIGHT_TEST_CLOCK_OFFSET']);
  const move = (to: number) => {
    Object.assign(Reflect.get(globalThis, Symbol.for('reclight.movedClock')) as object, { offset: to });
  };
  await harness.reclight.app.evaluate((_electron, to) => {
    Object.assign(Reflect.get(globalThis, Symbol.for('reclight.movedClock')) as object, { offset: to });
  }, offset);
  await page().evaluate(move, offset);
  await page().evaluate(() => self.dispatchEvent(new Event('focus')));
}

test('a number in another spelling, and a day that ends: the recording is found (D4, R-1)', async () => {
  await open({ recordings: 0 });
  const noon = new Date(2028, 1, 29, 11).getTime();
  for (const [index, number] of [
    '+390244540000',
    '+490244540000',
    '0039 0111 555777',
    '390333444555',
    '+390244540001',
  ].entries()) {
    record(noon - index * 60_000, number);
  }
  await page().getByRole('button', { name: 'Refresh' }).click();
  await row(/^390333444555/).waitFor();

  const search = page().getByRole('searchbox', { name: 'Remote number' });
  const found = () =>
    grid()
      .getByRole('row')
      .evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-label')?.split(',')[0]));
  for (const [typed, number] of [
    ['\u202d(+39) 02/4454\u20110000\u202c', '+390244540000'],
    ['tel:+39-0111-555777', '0039 0111 555777'],
    ['0333\u00a0444\u00a0555', '390333444555'],
  ] as const) {
    await search.fill(typed);
    await expect.poll(found, { message: typed }).toEqual([number]);
  }
  await search.fill('');
  await row(/^\+390244540001/).waitFor();

  await page().getByRole('button', { name: 'Today' }).click();
  await expect.poll(async () => (await found()).length).toBe(5);
  await setClocks('2028-02-29T23:59:58');
  // From here on midnight comes by itself.
  await expect.poll(() => page().evaluate(() => new Date().getDate())).toBe(1);
  await page().getByText('No recording matches').waitFor();
  record(new Date(2028, 2, 1).getTime() + 500, '+39099');
  await page().getByRole('button', { name: 'Refresh' }).click();
  await row(/^\+39099, Today/).waitFor();
  expect(await page().getByRole('button', { name: 'Today' }).getAttribute('aria-pressed')).toBe('true');
  await page().getByRole('button', { name: 'This week' }).click();
  await row(/^\+390244540000, Yesterday/).waitFor();
});

test('a time zone that changes changes what is shown and what is asked for (D10)', async () => {
  await open({ recordings: 0 });
  const at = Date.UTC(2028, 1, 29, 5, 43);
  record(at, '+390244540000');
  await page().getByRole('button', { name: 'Refresh' }).click();
  await row(/^\+390244540000/).waitFor();
  const session = await page().context().newCDPSession(page());
  for (const [timezoneId, told] of [
    ['Asia/Tokyo', /(?:14|0?2):43/],
    ['Asia/Kathmandu', /11:28/],
  ] as const) {
    await session.send('Emulation.setTimezoneOverride', { timezoneId });
    await page().evaluate(() => self.dispatchEvent(new Event('focus')));
    await row(told).waitFor();
    await page().getByRole('button', { name: 'Yesterday' }).click();
    await page().getByRole('button', { name: 'Today' }).click();
    const midnight = await page().evaluate(() => new Date().setHours(0, 0, 0, 0));
    await expect
      .poll(() => lists().at(-1)?.url)
      .toContain(encodeURIComponent(new Date(midnight).toISOString()));
  }
});

test('a million recordings reach their end, and keys stay in sight (R-14)', async () => {
  const total = 1_000_000;
  await open({ recordings: total });
  await grid().getByRole('row').first().waitFor();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(total));
  const focused = () =>
    grid().evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const active = document.activeElement;
      const place = active?.getBoundingClientRect();
      return {
        row: active?.getAttribute('aria-rowindex'),
        filled: active?.classList.contains('row-placeholder') === false,
        inSight: place !== undefined && place.top >= top - 1 && place.bottom <= bottom + 1,
      };
    });
  const expectFocused = (number: number) =>
    expect.poll(focused).toEqual({ row: String(number), filled: true, inSight: true });
  await grid().getByRole('row').first().click();
  await page().keyboard.press('End');
  await expectFocused(total);
  for (let turn = 0; turn < 12; turn += 1) await page().keyboard.press('ArrowUp');
  await expectFocused(total - 12);
  await page().keyboard.press('End');
  await expectFocused(total);
  await page().keyboard.press('Home');
  await expectFocused(1);
  // The scroll bar reaches the end, too.
  await grid().evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await grid().locator(`[aria-rowindex="${total}"]`).waitFor();
});
