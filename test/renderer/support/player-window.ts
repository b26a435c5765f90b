import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, vi } from 'vitest';

import { mediaRequestOf, type MediaProgress } from '../../../src-main/shared/media';
import { defaultSettings } from '../../../src-main/shared/settings';
import { guid, snapshotOf, summary } from '../../support/examples';
import type { FakeAnswers } from '../../support/fake-window-api';
import { renderWindow, settle } from './render-window';

/** What the element was asked to do; the tests' document plays nothing. */
export const asked: string[] = [];

/** Sets up a test file that plays: an element that does as it is told, and nothing by itself. */
export function useSilentAudio(): void {
  beforeEach(() => {
    asked.length = 0;
    const audio = HTMLMediaElement.prototype;
    vi.spyOn(audio, 'play').mockImplementation(function play(this: HTMLMediaElement) {
      asked.push('play');
      Object.defineProperty(this, 'paused', { value: false, configurable: true });
      this.dispatchEvent(new Event('play'));
      return Promise.resolve();
    });
    vi.spyOn(audio, 'pause').mockImplementation(function pause(this: HTMLMediaElement) {
      asked.push('pause');
      Object.defineProperty(this, 'paused', { value: true, configurable: true });
      this.dispatchEvent(new Event('pause'));
    });
    vi.spyOn(audio, 'load').mockImplementation(() => {
      asked.push('load');
    });
  });
}

/** The recording that is played. */
export const recording = summary({ id: guid(1).toUpperCase(), durationMs: 100_000 });

/** The player in the window. */
export const player = () => within(screen.getByRole('region', { name: 'Player' }));

/** The one element that plays. */
export function element(): HTMLAudioElement {
  const found = document.querySelector('audio');
  if (found === null) throw new Error('no audio element');
  return found;
}

/** Opens a window and plays the recording in it. */
export async function load(answers: FakeAnswers = {}, settings = defaultSettings()) {
  const window = await renderWindow(snapshotOf({ settings }), answers);
  act(() => {
    window.services.ui.getState().play(recording);
  });
  await window.advance(60);
  let position = 0;
  Object.defineProperty(element(), 'currentTime', {
    configurable: true,
    get: () => position,
    set: (value: number) => {
      position = value;
      element().dispatchEvent(new Event('timeupdate'));
    },
  });
  return window;
}

/** Presses a key in the player. */
export function press(
  key: string,
  init: KeyboardEventInit = {},
  on: Element = screen.getByRole('region', { name: 'Player' }),
): void {
  fireEvent.keyDown(on, { key, ...init });
}

/** Clicks one of its buttons. */
export function click(name: string): void {
  fireEvent.click(player().getByRole('button', { name }));
}

/** The element has come to a position, s. */
export function goTo(seconds: number): void {
  act(() => {
    element().currentTime = seconds;
  });
}

/** The element tells something. */
export async function tell(name: string, properties: Readonly<Record<string, unknown>> = {}): Promise<void> {
  for (const [key, value] of Object.entries(properties)) {
    Object.defineProperty(element(), key, { configurable: true, value });
  }
  act(() => {
    element().dispatchEvent(new Event(name));
  });
  await settle();
}

/** What the element was last asked to play. */
export const source = () => mediaRequestOf(element().getAttribute('src') ?? '');

/** A progress as the main process tells it. */
export function progress(change: Partial<MediaProgress>): MediaProgress {
  return { status: 'complete', receivedBytes: 10, sizeBytes: 10, error: null, sound: null, ...change };
}
