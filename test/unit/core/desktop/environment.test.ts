import { expect, test, vi } from 'vitest';

import { createEnvironment } from '../../../../src-main/core/desktop/environment';
import { snapshotOf } from '../../../fixtures/examples';

test('the environment tells what was found of tray and keychain, each for itself', () => {
  const changed = vi.fn();
  const environment = createEnvironment(snapshotOf().environment, changed);
  expect(environment.view()).toMatchObject({ hasTray: true, hasKeychain: true });
  environment.setTray(false);
  expect(environment.view()).toMatchObject({ hasTray: false, hasKeychain: true });
  environment.setKeychain(false);
  environment.setTray(true);
  expect(environment.view()).toMatchObject({ hasTray: true, hasKeychain: false });
  expect(changed).toHaveBeenCalledTimes(3);
});

test('the environment tells the locale that is known only later', () => {
  let locale = 'en';
  const fixed = {
    ...snapshotOf().environment,
    get locale() {
      return locale;
    },
  };
  const environment = createEnvironment(fixed, () => undefined);
  locale = 'it-IT';
  expect(environment.view().locale).toBe('it-IT');
});
