import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { realNow, startClockAt } from '../../support/test-date';

const names = ['RECLIGHT_TEST_CLOCK_OFFSET', 'NODE_OPTIONS'] as const;
const former = names.map((name) => process.env[name]);
const formerOffset = Date.now() - realNow();
let realBefore: number;

beforeEach(() => {
  realBefore = realNow();
});

afterEach(() => {
  vi.useRealTimers();
  startClockAt(new Date(realNow() + formerOffset).toISOString());
  names.forEach((name, index) => {
    if (former[index] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = former[index];
  });
});

test('everything that tells the time tells the other date, and the machine’s own clock is still known', () => {
  startClockAt('2028-02-29T12:00');
  const at = Date.parse('2028-02-29T12:00');
  const nows = [
    Date.now(),
    new Date().getTime(),
    Date.parse(Date()),
    performance.timeOrigin + performance.now(),
  ];
  for (const now of nows) {
    expect(now).toBeGreaterThan(at - 60_000);
    expect(now).toBeLessThan(at + 3_600_000);
  }
  expect(new Date().getDate()).toBe(29);
  expect(realNow()).toBeGreaterThanOrEqual(realBefore - 1);
  expect(realNow()).toBeLessThan(realBefore + 3_600_000);
});

test('dates are dates as ever', () => {
  startClockAt('2027-03-28T01:30');
  expect(new Date(0)).toBeInstanceOf(Date);
  expect(new Date(2026, 0, 31).getMonth()).toBe(0);
  expect(new Date(5).constructor).toBe(Date);
  expect(new (class extends Date {})(7).getTime()).toBe(7);
  vi.useFakeTimers({ now: 42 });
  expect(Date.now()).toBe(42);
  expect(new Date().getTime()).toBe(42);
});

test('a process that is started has the same clock', async () => {
  startClockAt('2028-02-29T12:00');
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'new Date().toISOString()']);
  expect(Date.now() - Date.parse(stdout.trim())).toBeLessThan(3_600_000);
  expect(Date.parse(stdout.trim())).toBeGreaterThan(Date.parse('2028-02-29T12:00'));
});

test('what is no date is refused', () => {
  expect(() => startClockAt('soon')).toThrow('RECLIGHT_TEST_DATE is no date: soon');
});
