import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import { click, load, press, useSilentAudio } from '../../../fixtures/player-window';
import { useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useSilentAudio();

describe('volume and speed that were changed just before', () => {
  const louder = { player: { volume: 0.9, speed: 1.25 } };

  test('the player is closed are remembered (R-5)', async () => {
    const { fake, advance } = await load();
    for (const key of ['ArrowDown', 'ArrowDown', '.']) press(key);
    await advance(100);
    click('Close player');
    expect(fake.callsOf('updateSettings')).toEqual([louder]);
    await advance(1_000);
    expect(fake.callsOf('updateSettings')).toHaveLength(1);
  });

  test('the window goes are remembered (R-5)', async () => {
    const { fake, advance } = await load();
    for (const key of ['ArrowDown', 'ArrowDown', '.']) press(key);
    act(() => {
      window.dispatchEvent(new Event('pagehide'));
    });
    expect(fake.callsOf('updateSettings')).toEqual([louder]);
    await advance(1_000);
    expect(fake.callsOf('updateSettings')).toHaveLength(1);
  });
});

test('volume and speed are remembered together, once they rest', async () => {
  const { fake, advance } = await load();
  press('ArrowDown');
  await advance(100);
  press('.');
  await advance(300);
  expect(fake.callsOf('updateSettings')).toEqual([]);
  await advance(200);
  expect(fake.callsOf('updateSettings')).toEqual([{ player: { volume: 0.95, speed: 1.25 } }]);
});

test('nothing is remembered of a player that was only opened', async () => {
  const { fake, advance } = await load();
  await advance(2_000);
  expect(fake.callsOf('updateSettings')).toEqual([]);
});
