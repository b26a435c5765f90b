import { act, cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';

import type { Snapshot } from '../../../src-main/shared/snapshot';
import { App } from '../../../src-renderer/features/app/App';
import { createPlayerDriver, type PlayerDriver } from '../../../src-renderer/features/player/player-driver';
import { ServicesProvider, type WindowServices } from '../../../src-renderer/store/context';
import { followMain } from '../../../src-renderer/store/follow';
import { createMirror } from '../../../src-renderer/store/mirror';
import { createTicker } from '../../../src-renderer/store/ticker';
import { createUiStore } from '../../../src-renderer/store/ui';
import { createFakeWindowApi, type FakeAnswers, type FakeWindowApi } from '../../support/fake-window-api';

/** A window in a test: its clocks stand still until they are moved. */
export interface TestWindow {
  readonly fake: FakeWindowApi;
  readonly services: WindowServices;
  readonly cues: readonly string[];
  /** Sends a newer snapshot and draws it. */
  send(snapshot: Snapshot): Promise<void>;
  /** Moves the monotonic clock (and with it the wall clock) and lets timers ring. */
  advance(ms: number): Promise<void>;
  /** Changes the user's clock alone. */
  jumpWall(ms: number): void;
  /** Lets the window have nothing else to do. */
  rest(): void;
}

/** The user's clock when a test begins: 2 March 2026, 14:02:05 in Rome. */
export const wallStart = Date.UTC(2026, 2, 2, 13, 2, 5);

/** Takes the place of layout, which the tests' document does not have: everything is so high, px. */
const viewportHeight = 480;

/** Of the window that is drawn: its sound is not in what React takes down. */
let player: PlayerDriver | null = null;

/** Sets up a test file that draws windows: fake timers, a height for lists, and nothing left over. */
export function useTestWindows(): void {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
    });
    vi.setSystemTime(wallStart);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(viewportHeight);
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(400);
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(viewportHeight);
    // Nothing lays the rows out: a list is as high as it says it is.
    vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(function scrollHeight(
      this: HTMLElement,
    ) {
      return Number.parseFloat(this.querySelector<HTMLElement>('.grid-rows')?.style.height ?? '0');
    });
    HTMLElement.prototype.scrollTo = function scrollTo(this: HTMLElement, options?: unknown) {
      this.scrollTop = (options as { top?: number }).top ?? 0;
      this.dispatchEvent(new Event('scroll'));
    };
  });
  afterEach(() => {
    cleanup();
    player?.dispose();
    player = null;
    vi.useRealTimers();
    vi.restoreAllMocks();
    delete document.documentElement.dataset['theme'];
  });
}

/** Lets what was promised come true. */
export async function settle(): Promise<void> {
  await act(async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  });
}

/**
 * Draws the whole window over a fake main process.
 * @param snapshot the first
 * @param answers of channels that need one
 */
export async function renderWindow(snapshot: Snapshot, answers: FakeAnswers = {}): Promise<TestWindow> {
  const fake = createFakeWindowApi(snapshot, answers);
  let wallShift = 0;
  const monotonicNow = () => performance.now();
  const mirror = createMirror(fake.api, { monotonicNow, wallNow: () => Date.now() + wallShift });
  const ui = createUiStore();
  const ticker = createTicker({
    monotonicNow,
    isVisible: () => true,
    onVisibilityChange: () => () => undefined,
  });
  const cues: string[] = [];
  followMain({ api: fake.api, mirror, ui, playCue: (kind) => cues.push(kind) });
  const services = { api: fake.api, mirror, ui, ticker };
  const idleTasks = new Set<() => void>();
  player = createPlayerDriver(services, (task) => {
    idleTasks.add(task);
    return () => {
      idleTasks.delete(task);
    };
  });
  render(
    <ServicesProvider value={services}>
      <App player={player} />
    </ServicesProvider>,
  );
  await act(() => mirror.pull());
  await settle();
  return {
    fake,
    services,
    cues,
    async send(next) {
      act(() => {
        fake.send(next);
      });
      await settle();
    },
    async advance(ms) {
      await act(() => vi.advanceTimersByTimeAsync(ms));
    },
    rest() {
      for (const task of idleTasks) task();
      idleTasks.clear();
    },
    jumpWall(ms) {
      wallShift += ms;
    },
  };
}
