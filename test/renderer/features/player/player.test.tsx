import { act, fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { mediaRequestOf } from '@shared/domain/media';
import { defaultSettings } from '@shared/ipc/settings';
import { guid, snapshotOf, summary } from '../../../fixtures/examples';
import {
  asked,
  click,
  element,
  goTo,
  load,
  player,
  recording,
  useSilentAudio,
} from '../../../fixtures/player-window';
import { renderWindow, settle, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();

useSilentAudio();

const press = (key: string, on: Element = screen.getByRole('region', { name: 'Player' })) => {
  fireEvent.keyDown(on, { key });
};

test('plays what it is given from our own scheme, with what was remembered', async () => {
  const settings = defaultSettings();
  await load({}, { ...settings, player: { ...settings.player, volume: 0.4, speed: 1.5 } });
  expect(mediaRequestOf(element().getAttribute('src') ?? '')?.id).toBe(guid(1));
  expect(asked).toEqual(['play']);
  expect(element().volume).toBeCloseTo(0.4);
  expect(element().playbackRate).toBe(1.5);
  expect(element().preservesPitch).toBe(true);
});

test.each(['playing', 'error'])('asks for the sound at once, and is drawn with its %s', async (begun) => {
  const { services } = await renderWindow(snapshotOf());
  act(() => {
    services.ui.getState().play(recording);
  });
  expect(asked).toEqual(['play']);
  expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
  act(() => {
    element().dispatchEvent(new Event(begun));
  });
  expect(player().getByRole('button', { name: 'Close player' })).toBeTruthy();
});

test('closed before it was drawn, it is not drawn, and nothing plays on', async () => {
  const { services, advance } = await renderWindow(snapshotOf());
  act(() => {
    services.ui.getState().play(recording);
    services.ui.getState().closePlayer();
  });
  await advance(1_000);
  expect(document.querySelector('audio')).toBeNull();
  expect(asked).toEqual(['play', 'pause', 'load']);
  expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
});

test('a recording without a number is called what the list calls it', async () => {
  const { services } = await renderWindow(snapshotOf());
  act(() => {
    services.ui.getState().play(summary({ id: guid(1), remotePartyNumber: null }));
  });
  act(() => {
    element().dispatchEvent(new Event('playing'));
  });
  expect(player().getByText('Unknown number')).toBeTruthy();
});

test('deleting the last mark leaves the focus in the player', async () => {
  let marks = [{ id: 1, offsetMs: 1_000, label: '' }];
  await load({
    listMarks: () => succeed(marks),
    deleteMark: () => {
      marks = [];
      return succeed(marks);
    },
  });
  click('More controls');
  const last = player().getByRole('button', { name: 'Delete the mark at 0:01' });
  last.focus();
  fireEvent.click(last);
  await settle();
  expect(player().queryByRole('list', { name: 'Marks' })).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Player' }));
});

test('a mark that comes later, from wherever, is shown in the open player (F5)', async () => {
  let marks = [{ id: 1, offsetMs: 1_000, label: '' }];
  const { send } = await load({ listMarks: () => succeed(marks) });
  click('More controls');
  marks = [...marks, { id: 2, offsetMs: 5_000, label: '' }];
  await send(snapshotOf({ revision: 2, marks: { revision: 2 } }));
  expect(player().getByRole('button', { name: 'Delete the mark at 0:05' })).toBeTruthy();
});

test('asks the server before the element does, and for the same', async () => {
  const { fake } = await load();
  const { id, ask } = mediaRequestOf(element().src) ?? {};
  expect(fake.callsOf('openMedia')).toEqual([{ id: id?.toUpperCase(), ask }]);
});

test('is ready before there is anything to play, asks for nothing, and plays with what was remembered since', async () => {
  const { fake, services, rest, send } = await renderWindow(snapshotOf());
  rest();
  const ready = element();
  expect(ready.getAttribute('src')).toBeNull();
  expect(asked).toEqual([]);
  expect(fake.callsOf('openMedia')).toEqual([]);
  const settings = defaultSettings();
  await send(
    snapshotOf({
      revision: 2,
      settings: { ...settings, player: { ...settings.player, volume: 0.4, speed: 1.5 } },
    }),
  );
  const play = () => {
    act(() => {
      services.ui.getState().play(recording);
    });
  };
  play();
  expect(element()).toBe(ready);
  expect(ready.volume).toBeCloseTo(0.4);
  expect(ready.playbackRate).toBe(1.5);

  // What was closed is not used again.
  act(() => {
    services.ui.getState().closePlayer();
  });
  expect(document.querySelector('audio')).toBeNull();
  rest();
  expect(element()).not.toBe(ready);
  play();
  rest();
  expect(document.querySelectorAll('audio')).toHaveLength(1);
});

test('the same recording again goes on where it was paused, or else starts over, without being loaded again', async () => {
  const { services } = await load();
  goTo(40);
  const before = element();
  const sources: string[] = [];
  Object.defineProperty(before, 'src', { configurable: true, set: (value: string) => sources.push(value) });
  act(() => {
    services.ui.getState().play(recording);
  });
  expect(element()).toBe(before);
  expect(element().currentTime).toBe(0);
  goTo(30);
  click('Pause');
  act(() => {
    services.ui.getState().play(recording);
  });
  expect(element().paused).toBe(false);
  expect(element().currentTime).toBe(30);
  expect(sources).toEqual([]);
  act(() => {
    services.ui.getState().play(summary({ id: guid(2) }));
  });
  expect(sources.map((source) => mediaRequestOf(source)?.id)).toEqual([guid(2)]);
});

test('the buttons pause, play and go ten seconds back and forth, within the recording', async () => {
  await load();
  click('Pause');
  expect(element().paused).toBe(true);
  click('Play');
  expect(element().paused).toBe(false);
  goTo(50);
  click('Forward 10 seconds');
  expect(element().currentTime).toBe(60);
  click('Back 10 seconds');
  expect(element().currentTime).toBe(50);
  goTo(95);
  click('Forward 10 seconds');
  expect(element().currentTime).toBe(100);
  goTo(3);
  click('Back 10 seconds');
  expect(element().currentTime).toBe(0);
});

test.each([
  { key: 'ArrowRight', position: 55 },
  { key: 'ArrowLeft', position: 45 },
  { key: '0', position: 0 },
  { key: '8', position: 80 },
])('$key goes from 50 to $position', async ({ key, position }) => {
  await load();
  goTo(50);
  press(key);
  expect(element().currentTime).toBe(position);
});

test('Space pauses, also on a slider, but leaves a button its own press', async () => {
  await load();
  press(' ');
  expect(element().paused).toBe(true);
  press(' ', player().getByRole('slider', { name: 'Position' }));
  expect(element().paused).toBe(false);
  press(' ', player().getByRole('button', { name: 'Close player' }));
  expect(element().paused).toBe(false);
});

test('up and down change the volume, comma and full stop the speed; a select keeps its keys', async () => {
  await load();
  press('ArrowDown');
  press('ArrowDown');
  expect(element().volume).toBeCloseTo(0.9);
  press('ArrowUp');
  expect(element().volume).toBeCloseTo(0.95);
  press('.');
  press('.');
  expect(element().playbackRate).toBe(1.5);
  press(',');
  expect(element().playbackRate).toBe(1.25);
  press('ArrowDown', player().getByRole('combobox', { name: 'Playback speed' }));
  expect(element().volume).toBeCloseTo(0.95);
});

test('sliders and select say what they hold, in words', async () => {
  await load();
  goTo(32);
  const position = player().getByRole('slider', { name: 'Position' });
  expect(position.getAttribute('aria-valuetext')).toBe('0:32 of 1:40');
  fireEvent.change(position, { target: { value: '80' } });
  expect(element().currentTime).toBe(80);
  const volume = player().getByRole('slider', { name: 'Volume' });
  fireEvent.change(volume, { target: { value: '0.5' } });
  expect(volume.getAttribute('aria-valuetext')).toBe('50%');
  fireEvent.change(player().getByRole('combobox', { name: 'Playback speed' }), { target: { value: '3' } });
  expect(element().playbackRate).toBe(3);
});

test('the length is the sound’s own as soon as it is known', async () => {
  await load();
  Object.defineProperty(element(), 'duration', { configurable: true, value: 91.8 });
  act(() => {
    element().dispatchEvent(new Event('durationchange'));
  });
  expect(player().getByRole('slider', { name: 'Position' }).getAttribute('aria-valuetext')).toBe(
    '0:00 of 1:31',
  );
  Object.defineProperty(element(), 'duration', { configurable: true, value: Infinity });
  act(() => {
    element().dispatchEvent(new Event('durationchange'));
  });
  expect(player().getByRole('slider', { name: 'Position' }).getAttribute('aria-valuetext')).toBe(
    '0:00 of 1:31',
  );
});

test('closing gives up the sound', async () => {
  const { services } = await load();
  const audio = element();
  act(() => {
    player().getByRole('button', { name: 'Close player' }).focus();
  });
  click('Close player');
  await settle();
  expect(document.activeElement).not.toBe(document.body);
  expect(screen.queryByRole('region', { name: 'Player' })).toBeNull();
  expect(audio.hasAttribute('src')).toBe(false);
  expect(asked.slice(-2)).toEqual(['pause', 'load']);
  expect(services.ui.getState().loaded).toBeNull();
});

test('the sound goes on while the settings are open', async () => {
  const { services } = await load();
  const before = element();
  act(() => {
    services.ui.getState().showSettings();
  });
  expect(element()).toBe(before);
});
