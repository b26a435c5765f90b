import { expect, test } from 'vitest';

import { createProfileSecrets } from '../../../src-main/infra/profile-secrets';
import type { SecretStore } from '../../../src-main/infra/secret-store';

function computer() {
  const entries = new Map<string, string>();
  const store: SecretStore = {
    read: (account) => Promise.resolve(entries.get(account) ?? null),
    write: (account, secret) => Promise.resolve(void entries.set(account, secret)),
    remove: (account) => Promise.resolve(void entries.delete(account)),
  };
  return { entries, of: (profile: string | null) => createProfileSecrets(store, profile) };
}

test('two profiles do not sign each other out (C31)', async () => {
  const { of } = computer();
  const [usual, first, second] = [of(null), of('/home/anna/first'), of('/home/anna/second')];
  for (const [profile, secret] of [
    [usual, 'u'],
    [first, 'a'],
    [second, 'b'],
  ] as const) {
    await profile.write('anna', secret);
  }
  await second.remove('anna');
  expect(await first.read('anna')).toBe('a');
  expect(await usual.read('anna')).toBe('u');
  await usual.remove('anna');
  expect(await first.read('anna')).toBe('a');
  expect(await second.read('anna')).toBeNull();
});

test('another profile still finds what an earlier version has stored for all (C31)', async () => {
  const { entries, of } = computer();
  entries.set('anna', 'old');
  const profile = of('/home/anna/first');
  expect(await profile.read('anna')).toBe('old');
  await profile.write('anna', 'new');
  expect(await profile.read('anna')).toBe('new');
  await profile.remove('anna');
  expect(entries.get('anna')).toBe('old');
});
