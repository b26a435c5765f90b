import { afterEach, expect, test, vi } from 'vitest';

import { makeArchive } from '../../../../src-main/infra/files/archive';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The local time that the first entry of a ZIP tells, as `YYYY-MM-DD HH:MM:SS`. */
async function toldTime(modifiedAt: number): Promise<string> {
  async function* chunks() {
    yield await Promise.resolve(new Uint8Array([1]));
  }
  async function* entries() {
    yield await Promise.resolve({ name: 'a.mp3', modifiedAt, sizeBytes: 1, chunks: chunks() });
  }
  const bytes: number[] = [];
  for await (const chunk of await makeArchive(entries())) bytes.push(...chunk);
  const [time = 0, date = 0] = [10, 12].map((at) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [(date >> 9) + 1980, two((date >> 5) & 15), two(date & 31)].join('-');
  return `${day} ${[time >> 11, (time >> 5) & 63, (time & 31) * 2].map(two).join(':')}`;
}

test('a ZIP tells times of the zone that the computer is in now, also where Date does not know it yet (D10)', async () => {
  const Format = Intl.DateTimeFormat;
  const at = Date.UTC(2026, 2, 2, 14, 2, 6);
  for (const [timeZone, told] of [
    ['Asia/Tokyo', '2026-03-02 23:02:06'],
    ['Asia/Kathmandu', '2026-03-02 19:47:06'],
    ['Pacific/Kiritimati', '2026-03-03 04:02:06'],
  ] as const) {
    // As in the main process after a change: Intl knows the new zone, Date the old one.
    vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(function format(
      locale?: string,
      options?: Intl.DateTimeFormatOptions,
    ) {
      return new Format(locale, { timeZone, ...options });
    } as unknown as typeof Intl.DateTimeFormat);
    expect(await toldTime(at), timeZone).toBe(told);
    vi.restoreAllMocks();
  }
});
