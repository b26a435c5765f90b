import { describe, expect, it } from 'vitest';

import { defaultSettings } from '@shared/ipc/settings';
import { applies, createSettingsApplier } from '../../../../src-main/core/settings/apply';
import { keptLog } from '../../../fixtures/memory-file';

describe('settings are put in force', () => {
  it('also where one part fails, which is tried again with the next change', () => {
    const log = keptLog();
    const done: string[] = [];
    let isBroken = true;
    const apply = createSettingsApplier(
      [
        applies(
          ({ hotkeys }) => hotkeys,
          () => {
            if (isBroken) throw new Error('x');
            done.push('hotkeys');
          },
        ),
        applies(
          ({ appearance }) => appearance.theme,
          (theme) => done.push(theme),
        ),
      ],
      log,
    );
    apply(defaultSettings());
    expect(done).toEqual(['system']);
    expect(log.lines).toEqual(['error a part of the settings failed {"error":"Error"}']);
    isBroken = false;
    apply(defaultSettings());
    apply(defaultSettings());
    expect(done).toEqual(['system', 'hotkeys']);
  });
});
