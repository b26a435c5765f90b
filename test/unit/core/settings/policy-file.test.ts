import { expect, test, vi } from 'vitest';

import type { Log } from '../../../../src-main/core/ports/desktop';
import { loadPolicy } from '../../../../src-main/core/settings/policy-file';

async function load(argv: readonly string[], text: string | null) {
  const read = vi.fn(() => Promise.resolve(text));
  const apply = vi.fn();
  const invalid = vi.fn();
  const write = vi.fn<Log['write']>();
  await loadPolicy(argv, { read, apply, invalid, log: { write } });
  return { read, apply, invalid, write };
}

test('a start without a policy reads none', async () => {
  const { read, apply, invalid } = await load(['reclight'], '{}');
  expect([read, apply, invalid].flatMap(({ mock }) => mock.calls)).toEqual([]);
});

test('a policy that the command line names is put in force', async () => {
  const { read, apply, invalid } = await load(['--policy=/etc/p.json'], '{"serverAddress":"rec.example"}');
  expect(read).toHaveBeenCalledWith('/etc/p.json');
  expect(apply.mock.calls).toEqual([[{ serverAddress: 'rec.example' }]]);
  expect(invalid).not.toHaveBeenCalled();
});

test.each([
  ['with a field at fault', '{"polling":{"hiddenMs":1}}', 'polling.hiddenMs'],
  ['that is no JSON', '{', undefined],
  ['that cannot be read', null, undefined],
])('a policy %s is not applied, which is told and logged', async (_how, text, field) => {
  const { apply, invalid, write } = await load(['--policy=p'], text);
  expect(apply).not.toHaveBeenCalled();
  expect(invalid.mock.calls).toEqual([[field]]);
  expect(write.mock.calls).toMatchObject([['error', expect.any(String), { field: field ?? '' }]]);
});
