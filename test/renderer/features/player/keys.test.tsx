import { act, fireEvent } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { MarkView } from '@shared/domain/marks';
import { guid, summary } from '../../../fixtures/examples';
import {
  click,
  element,
  goTo,
  load,
  player,
  press,
  recording,
  useSilentAudio,
} from '../../../fixtures/player-window';
import { useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useSilentAudio();

describe('a key that is held down is one press', () => {
  test.each([
    ['m', 'addMark'],
    ['M', 'addMark'],
  ] as const)('%s (R-4)', async (key, channel) => {
    const { fake } = await load();
    press(key);
    for (let times = 0; times < 20; times += 1) press(key, { repeat: true });
    expect(fake.callsOf(channel)).toHaveLength(1);
  });

  test('N opens one recording (R-4)', async () => {
    const { services } = await load();
    act(() => {
      services.ui.getState().setBeside((id) => summary({ id: guid(id === recording.id ? 2 : 3) }));
    });
    press('n');
    for (let times = 0; times < 20; times += 1) press('n', { repeat: true });
    expect(services.ui.getState().loaded?.recording.id).toBe(guid(2));
  });

  test('Space plays or pauses once, and a button is pressed once (R-4)', async () => {
    await load();
    press(' ');
    press(' ', { repeat: true });
    expect(element().paused).toBe(true);
    // Chromium clicks a button with each Enter that is not prevented.
    const button = player().getByRole('button', { name: 'Add a mark here' });
    expect(fireEvent.keyDown(button, { key: 'Enter' })).toBe(true);
    expect(fireEvent.keyDown(button, { key: 'Enter', repeat: true })).toBe(false);
  });

  test('but arrows go on, and text is typed (R-4)', async () => {
    const mark: MarkView = { id: 1, offsetMs: 1_000, label: '' };
    await load({ listMarks: () => succeed([mark]) });
    for (let times = 0; times < 3; times += 1) press('ArrowRight', { repeat: times > 0 });
    expect(element().currentTime).toBe(15);
    click('More controls');
    const name = player().getByRole('textbox');
    expect(fireEvent.keyDown(name, { key: 'x', repeat: true })).toBe(true);
    expect(fireEvent.keyDown(name, { key: 'Backspace', repeat: true })).toBe(true);
  });
});

test.each([
  ['Option, on a Mac', { altKey: true }],
  ['AltGr, which Windows tells as Ctrl and Alt', { altKey: true, ctrlKey: true }],
  ['nothing else', {}],
])('brackets that are typed with %s reach marks (R-10)', async (_name, modifiers) => {
  const marks = [20_000, 40_000].map((offsetMs, id) => ({ id, offsetMs, label: '' }));
  await load({ listMarks: () => succeed(marks) });
  goTo(30);
  press(']', modifiers);
  expect(element().currentTime).toBe(40);
  press('[', modifiers);
  expect(element().currentTime).toBe(20);
});

test('brackets with Ctrl alone, and letters with Option, are no keys of the player (R-10)', async () => {
  const { fake } = await load({ listMarks: () => succeed([{ id: 1, offsetMs: 40_000, label: '' }]) });
  press(']', { ctrlKey: true });
  press('m', { altKey: true });
  expect(element().currentTime).toBe(0);
  expect(fake.callsOf('addMark')).toEqual([]);
});
