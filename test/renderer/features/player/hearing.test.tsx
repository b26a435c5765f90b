import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { guid, summary } from '../../../fixtures/examples';
import {
  asked,
  click,
  element,
  goTo,
  load,
  player,
  press,
  progress,
  recording,
  source,
  tell,
  useSilentAudio,
} from '../../../fixtures/player-window';
import { settle, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useSilentAudio();

const sliderText = () => player().getByRole('slider', { name: 'Position' }).getAttribute('aria-valuetext');

describe('a recording whose bytes do not tell the time', () => {
  const astray = { seconds: 60, steady: false, changesAt: null };

  test('has the length of its frames, and is asked for anew, whole, for the first seek (D1)', async () => {
    const { fake } = await load({ onMediaProgress: () => progress({ sound: astray }) });
    await tell('durationchange', { duration: 95 });
    expect(sliderText()).toBe('0:00 of 1:00');
    const first = source();
    goTo(20);
    press('5');
    const second = source();
    expect(second?.ask).toBeGreaterThan(first?.ask ?? Infinity);
    expect(asked.at(-1)).toBe('play');
    expect(sliderText()).toBe('0:30 of 1:00');
    await tell('loadedmetadata', { duration: 60 });
    expect(element().currentTime).toBe(30);
    // From here on it finds each second by itself, and the server was asked once.
    press('ArrowRight');
    expect(source()).toEqual(second);
    expect(element().currentTime).toBe(35);
    expect(fake.callsOf('openMedia')).toHaveLength(1);
  });

  test('stays paused where it was (D1)', async () => {
    await load({ onMediaProgress: () => progress({ sound: astray }) });
    click('Pause');
    asked.length = 0;
    press('5');
    expect(asked).toEqual([]);
    await tell('loadedmetadata');
    expect(element().currentTime).toBe(30);
  });

  test('waits with a seek while it arrives, and plays on from there once it is whole (D1)', async () => {
    const { push } = await load({
      onMediaProgress: () => progress({ status: 'downloading', sound: astray }),
    });
    await tell('durationchange', { duration: 195 });
    expect(sliderText()).toBe('0:00 of 1:40');
    goTo(10);
    const before = source();
    press('5');
    expect(element().paused).toBe(true);
    expect(player().getByText('Loading…')).toBeTruthy();
    expect(sliderText()).toBe('0:50 of 1:40');
    press('ArrowLeft');
    expect(sliderText()).toBe('0:45 of 1:40');
    expect(source()).toEqual(before);
    push(progress({ sound: { ...astray, seconds: 101 } }));
    expect(source()?.ask).toBeGreaterThan(before?.ask ?? Infinity);
    await tell('loadedmetadata');
    expect(element().currentTime).toBe(45);
    expect(element().paused).toBe(false);
    expect(sliderText()).toBe('0:45 of 1:41');
  });

  test('was led astray before that was known: it is put right (D1)', async () => {
    const { push } = await load({ onMediaProgress: () => null });
    const before = source();
    press('5');
    expect(element().currentTime).toBe(50);
    push(progress({ sound: astray }));
    expect(source()?.ask).toBeGreaterThan(before?.ask ?? Infinity);
    await tell('loadedmetadata');
    expect(element().currentTime).toBe(50);
  });

  test('goes where it can once the rest is cut (D1)', async () => {
    const { push } = await load({
      onMediaProgress: () => progress({ status: 'downloading', sound: astray }),
    });
    const before = source();
    press('5');
    expect(element().currentTime).toBe(0);
    push(progress({ status: 'failed', sound: astray }));
    expect(element().currentTime).toBe(50);
    expect(source()).toEqual(before);
    expect(element().paused).toBe(false);
  });
});

test('the end is the end, wherever an element that guessed jumps to (D1)', async () => {
  const sound = { seconds: 60, steady: false, changesAt: null };
  await load({ onMediaProgress: () => progress({ sound }) });
  goTo(95);
  await tell('ended', { ended: true });
  await tell('timeupdate');
  expect(sliderText()).toBe('1:00 of 1:00');
});

test('keys before the sound is there count from where it is to go on (R-6)', async () => {
  const { services, fake } = await load();
  act(() => {
    services.ui.getState().leaveAt(guid(2), 60);
    services.ui.getState().play(summary({ id: guid(2), durationMs: 100_000 }));
  });
  element().currentTime = 0;
  await tell('playing');
  press('ArrowRight');
  press('m');
  expect(sliderText()).toBe('1:05 of 1:40');
  expect(fake.callsOf('addMark')).toEqual([{ id: guid(2), offsetMs: 65_000 }]);
  await tell('loadedmetadata');
  expect(element().currentTime).toBe(65);
});

test.each([undefined, 60])(
  'what broke off goes on where it broke, also played from its row: %s (R-12)',
  async (left) => {
    const { services } = await load();
    if (left !== undefined) {
      act(() => {
        services.ui.getState().leaveAt(recording.id, left);
      });
    }
    goTo(80);
    await tell('error', { error: { code: 2, message: '' } });
    act(() => {
      services.ui.getState().play(recording);
    });
    expect(sliderText()).toBe('1:20 of 1:40');
    element().currentTime = 0;
    await tell('loadedmetadata');
    expect(element().currentTime).toBe(80);
  },
);

test('what waits for what was cut goes on there too, and what is still heard begins again (R-12)', async () => {
  const { services } = await load({ onMediaProgress: () => progress({ status: 'failed' }) });
  const again = () => {
    act(() => {
      services.ui.getState().play(recording);
    });
  };
  const before = source();
  await tell('playing');
  goTo(70);
  again();
  expect(element().currentTime).toBe(0);
  expect(source()).toEqual(before);
  goTo(80);
  await tell('waiting');
  again();
  expect(source()?.ask).toBeGreaterThan(before?.ask ?? Infinity);
  await tell('loadedmetadata');
  expect(element().currentTime).toBe(80);
});

test('Enter that ends what an input method composes does not yet name the mark (R-11)', async () => {
  const { fake } = await load({ listMarks: () => succeed([{ id: 1, offsetMs: 1_000, label: '' }]) });
  click('More controls');
  const name = player().getByRole('textbox');
  fireEvent.change(name, { target: { value: '録音 ' } });
  fireEvent.keyDown(name, { key: 'Enter', isComposing: true });
  expect(fake.callsOf('labelMark')).toEqual([]);
  fireEvent.keyDown(name, { key: 'Enter' });
  expect(fake.callsOf('labelMark')).toEqual([{ id: recording.id, markId: 1, label: '録音' }]);
});

describe('in the list', () => {
  const listed = async () => {
    const window = await load({ listRecordings: () => succeed({ totalCount: 1, recordings: [recording] }) });
    act(() => {
      window.services.ui.getState().refresh();
    });
    await settle();
    const row = screen.getAllByRole('row').find((each) => each.id.endsWith('-0'));
    if (row === undefined) throw new Error('There is no row');
    return { ...window, row, requests: () => window.services.ui.getState().loaded?.request };
  };

  test('Enter held on a row plays once (R-4)', async () => {
    const { row, requests } = await listed();
    const before = requests() ?? 0;
    act(() => {
      row.focus();
    });
    fireEvent.keyDown(row, { key: 'Enter' });
    for (let times = 0; times < 20; times += 1) fireEvent.keyDown(row, { key: 'Enter', repeat: true });
    expect(requests()).toBe(before + 1);
  });

  test('a double-click that bounces plays once (R-4)', async () => {
    const { row, requests } = await listed();
    const before = requests() ?? 0;
    for (const detail of [2, 4]) fireEvent.doubleClick(row, { detail });
    expect(requests()).toBe(before + 1);
  });
});

test('an answer about marks that comes late leaves those of the next recording (R-24)', async () => {
  const own = [{ id: 7, offsetMs: 5_000, label: 'next' }];
  let answer = (): void => undefined;
  const { services } = await load({
    listMarks: ({ id }) => succeed(id === guid(2) ? own : []),
    addMark: () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(succeed([{ id: 1, offsetMs: 0, label: '' }]));
        };
      }),
  });
  press('m');
  act(() => {
    services.ui.getState().play(summary({ id: guid(2) }));
  });
  await tell('playing');
  click('More controls');
  expect(player().getAllByRole('listitem')).toHaveLength(1);
  answer();
  await settle();
  expect(player().getAllByRole('listitem')).toHaveLength(1);
});

test('the slider that has the focus speaks of seeks, and not of every second (R-31)', async () => {
  await load();
  const slider = player().getByRole('slider', { name: 'Position' });
  goTo(10);
  expect(sliderText()).toBe('0:10 of 1:40');
  act(() => {
    slider.focus();
  });
  for (const seconds of [11, 12, 13]) goTo(seconds);
  expect(sliderText()).toBe('0:10 of 1:40');
  expect((slider as HTMLInputElement).value).toBe('13');
  press('ArrowRight', {}, slider);
  expect(sliderText()).toBe('0:18 of 1:40');
  goTo(19);
  expect(sliderText()).toBe('0:18 of 1:40');
  act(() => {
    slider.blur();
  });
  expect(sliderText()).toBe('0:19 of 1:40');
});

test('closing the player leaves the list where it is (R-28)', async () => {
  const { services } = await load({
    listRecordings: () => succeed({ totalCount: 1, recordings: [recording] }),
  });
  act(() => {
    services.ui.getState().refresh();
  });
  await settle();
  const focus = vi.spyOn(HTMLElement.prototype, 'focus');
  click('Close player');
  await settle();
  expect(focus.mock.calls).not.toEqual([]);
  expect(focus.mock.calls.every(([options]) => options?.preventScroll === true)).toBe(true);
  expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
});
