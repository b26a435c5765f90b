import { describe, expect, it } from 'vitest';

import { calmMs, createTrayMenuPace } from '../../../../src-main/core/desktop/tray-menu-pace';
import type { TrayMenuItem } from '../../../../src-main/core/desktop/tray-model';
import { VirtualClock } from '../../../fixtures/virtual-clock';

const menu = (canRecord: boolean, ...recent: readonly string[]): readonly TrayMenuItem[] => [
  { kind: 'command', label: 'Record', enabled: canRecord, command: { kind: 'record' } },
  {
    kind: 'submenu',
    label: 'Recent recordings',
    items: recent.map((label) => ({ kind: 'command', label, enabled: true, command: { kind: 'open' } })),
  },
];

function setUp() {
  const clock = new VirtualClock();
  const applied: (readonly TrayMenuItem[])[] = [];
  return { clock, applied, pace: createTrayMenuPace(clock, (next) => applied.push(next)) };
}

describe('a tray menu that changes under the pointer', () => {
  it('stays as it was read when only the recordings in it are new (S10)', async () => {
    const { clock, applied, pace } = setUp();
    pace.want(menu(true, 'a'));
    pace.want(menu(true, 'a', 'b'));
    await clock.advance(calmMs - 1);
    expect(applied).toEqual([menu(true, 'a')]);
    pace.want(menu(true, 'a', 'b', 'c'));
    await clock.advance(calmMs - 1);
    expect(applied).toHaveLength(1);
    await clock.advance(1);
    expect(applied).toEqual([menu(true, 'a'), menu(true, 'a', 'b', 'c')]);
  });

  it('shows at once what its lines do now, and nothing older afterwards (S10)', async () => {
    const { clock, applied, pace } = setUp();
    pace.want(menu(true, 'a'));
    pace.want(menu(true, 'b'));
    pace.want(menu(false, 'c'));
    await clock.advance(calmMs * 2);
    expect(applied).toEqual([menu(true, 'a'), menu(false, 'c')]);
  });

  it('is not made anew for what it shows already, also after a detour (S10)', async () => {
    const { clock, applied, pace } = setUp();
    pace.want(menu(true, 'a'));
    pace.want(menu(true, 'b'));
    pace.want(menu(true, 'a'));
    await clock.advance(calmMs * 2);
    expect(applied).toEqual([menu(true, 'a')]);
  });

  it('is shown at once by a new icon, and by none after the end', async () => {
    const { clock, applied, pace } = setUp();
    pace.want(menu(true, 'a'));
    pace.reset();
    pace.want(menu(true, 'a'));
    expect(applied).toHaveLength(2);
    pace.want(menu(true, 'b'));
    pace.dispose();
    await clock.advance(calmMs * 2);
    expect(applied).toHaveLength(2);
  });
});
