import { expect, test, vi } from 'vitest';

import { loadOnce } from '../../../src-main/infra/load-once';

test('what was loaded is loaded once', async () => {
  const load = vi.fn(() => Promise.resolve('library'));
  const once = loadOnce(load);
  expect(await Promise.all([once(), once()])).toEqual(['library', 'library']);
  expect(await once()).toBe('library');
  expect(load).toHaveBeenCalledOnce();
});

test('a failure is not kept: the next call loads again', async () => {
  const load = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('held'))
    .mockResolvedValue('library');
  const once = loadOnce(load);
  const together = await Promise.allSettled([once(), once()]);
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(load).toHaveBeenCalledOnce();
  expect(await once()).toBe('library');
});
