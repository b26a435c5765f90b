import { describe, expect, it, vi } from 'vitest';

import { createWarnings } from '../../../../src-main/core/desktop/warnings';

describe('warnings', () => {
  it('stand until they are dismissed', () => {
    const changed = vi.fn();
    const warnings = createWarnings(changed);
    warnings.add('settings-damaged', 'settings.damaged.json');
    warnings.add('keychain-unavailable');
    expect(warnings.view()).toMatchObject([
      { kind: 'settings-damaged', fileName: 'settings.damaged.json' },
      { kind: 'keychain-unavailable', fileName: null },
    ]);
    const [first] = warnings.view();
    warnings.dismiss(first!.id);
    expect(warnings.view().map(({ kind }) => kind)).toEqual(['keychain-unavailable']);
    expect(changed).toHaveBeenCalledTimes(3);
  });

  it('are not repeated', () => {
    const warnings = createWarnings(() => {});
    warnings.add('keychain-unavailable');
    warnings.add('keychain-unavailable');
    expect(warnings.view()).toHaveLength(1);
  });

  it('are told apart by their files', () => {
    const warnings = createWarnings(() => {});
    warnings.add('state-damaged', 'recorder.damaged.json');
    warnings.add('state-damaged', 'marks.damaged.json');
    expect(warnings.view()).toHaveLength(2);
  });

  it('have ids that their own channel takes, however long a file’s name', () => {
    const warnings = createWarnings(() => {});
    warnings.add('settings-damaged', `${'x'.repeat(300)}.json`);
    expect(warnings.view()[0]!.id.length).toBeLessThanOrEqual(64);
  });

  it('ignore an id that is not theirs', () => {
    const warnings = createWarnings(() => {});
    warnings.add('settings-unwritable');
    warnings.dismiss('nothing');
    expect(warnings.view()).toHaveLength(1);
  });
});
