import { expect, test, vi } from 'vitest';

import { createLazyLog } from '../../../src-main/infra/lazy-log';
import { settle } from '../../fixtures/virtual-clock';

function recorded() {
  const lines: string[] = [];
  return { lines, write: (_level: string, message: string) => void lines.push(message), dispose: vi.fn() };
}

test('is loaded by the first line, and every line comes in its order', async () => {
  const log = recorded();
  const load = vi.fn(() => Promise.resolve(log));
  const lazy = createLazyLog(load);
  expect(load).not.toHaveBeenCalled();
  lazy.write('info', 'one');
  lazy.write('warn', 'two');
  expect(log.lines).toEqual([]);
  await settle();
  lazy.write('error', 'three');
  expect(log.lines).toEqual(['one', 'two', 'three']);
  expect(load).toHaveBeenCalledOnce();
});

test('what was written before its end is still written, and nothing after it', async () => {
  const log = recorded();
  const lazy = createLazyLog(() => Promise.resolve(log));
  lazy.write('info', 'last words');
  lazy.dispose();
  lazy.write('info', 'too late');
  await settle();
  expect(log.lines).toEqual(['last words']);
  expect(log.dispose).toHaveBeenCalledOnce();
});

test('a library that cannot be loaded is tried again by the next line, and no line is lost', async () => {
  const log = recorded();
  const load = vi
    .fn<() => Promise<typeof log>>()
    .mockRejectedValueOnce(new Error('held'))
    .mockResolvedValue(log);
  const lazy = createLazyLog(load);
  lazy.write('info', 'one');
  await settle();
  expect(log.lines).toEqual([]);
  lazy.write('info', 'two');
  await settle();
  expect(log.lines).toEqual(['one', 'two']);
});
