import { expect, test } from 'vitest';

import { documentWarning } from '../../../../src-main/core/desktop/document-warning';
import { documentKinds } from '../../../../src-main/core/documents';

test.each([
  ['unreadable', 'file-unreadable', 'file-unreadable'],
  ['newer', 'file-newer', 'file-newer'],
  ['damaged', 'settings-damaged', 'state-damaged'],
  ['unwritable', 'settings-unwritable', 'state-unwritable'],
] as const)(
  'a file that is %s: settings have a warning of their own where it matters',
  (trouble, ofSettings, others) => {
    for (const { name } of Object.values(documentKinds)) {
      expect(documentWarning(trouble, name)).toBe(name === 'settings.json' ? ofSettings : others);
    }
  },
);
