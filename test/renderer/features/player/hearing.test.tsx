import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { MarkView } from '@shared/domain/marks';
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

describe('what cannot be decoded', () => {
  const broken = progress({ sound: { seconds: 60, steady: true, changesAt: 10.1 } });

  test('is told as that, with saving it as the next step (D1c)', async () => {
    const { fake } = await load({ onMediaProgress: () => broken });
    goTo(10);
    await tell('error', { error: { code: 3, message: 'PIPELINE_ERROR_DECODE' } });
    const alert = player().getByRole('alert');
    expect(alert.textContent).toMatch(/^From 0:10 on, this recording cannot be played here\.Save it/);
    expect(alert.textContent).not.toMatch(/connection/);
    expect(player().queryByRole('button', { name: 'Try again' })).toBeNull();
    click('Save as…');
    expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [recording.id] }]);
  });

  test('from its first second on is told without one (D1c)', async () => {
    await load({ onMediaProgress: () => progress({}) });
    await tell('error', { error: { code: 4, message: '' } });
    expect(player().getByRole('alert').textContent).toMatch(/^This recording cannot be played here\./);
  });
});

test('a sound card that is gone is no fault of the recording: it can be played again (G12)', async () => {
  await load({ onMediaProgress: () => progress({}) });
  await tell('error', { error: { code: 3, message: 'AUDIO_RENDERER_ERROR: audio render error' } });
  expect(player().getByRole('alert').textContent).not.toMatch(/cannot be played here/);
  expect(player().getByRole('button', { name: 'Try again' })).toBeDefined();
});

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

test('one failed play raises one alert, once its reason is known (R-29)', async () => {
  const { push } = await load({ onMediaProgress: () => null });
  await tell('error', { error: { code: 4, message: '' } });
  expect(player().queryByRole('alert')).toBeNull();
  const error = { code: 'recording-not-found', operation: 'download', detail: { status: 404 } } as const;
  push(progress({ status: 'failed', error }));
  expect(player().getByRole('alert').textContent).toMatch(/no longer on the server/);
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
