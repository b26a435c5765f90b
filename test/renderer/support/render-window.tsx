import { act, cleanup, render, type RenderOptions } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';

import type { Snapshot } from '../../../src-main/shared/snapshot';
import { App } from '../../../src-renderer/features/app/App';
import { lazyModule } from '../../../src-renderer/features/lazy-module';
import { createPlayerDriver, type PlayerDriver } from '../../../src-renderer/features/player/player-driver';
import { ServicesProvider, type WindowServices } from '../../../src-renderer/store/context';
import { followMain, type FollowPorts } from '../../../src-renderer/store/follow';
import { createMirror } from '../../../src-renderer/store/mirror';
import { createTicker } from '../../../src-renderer/store/ticker';
import { createUiStore } from '../../../src-renderer/store/ui';
import { createFakeWindowApi, type FakeAnswers, type FakeWindowApi } from '../../support/fake-window-api';

/** A window in a test: its clocks stand still until they are moved. */
export interface TestWindow {
  readonly fake: FakeWindowApi;
  readonly services: WindowServices;
  readonly cues: readonly string[];
  /** What was thrown while the window followed the main process. */
  readonly failures: readonly unknown[];
  /** Sends a newer snapshot and draws it. */
  send(snapshot: Snapshot): Promise<void>;
  /** Moves the monotonic clock (and with it the wall clock) and lets timers ring. */
  advance(ms: number): Promise<void>;
  /** Changes the user's clock alone. */
  jumpWall(ms: number): void;
  /** Lets the window have nothing else to do. */
  rest(): void;
}

/** The user's clock when a test begins: Monday 2 March 2026, 14:02:05 in whatever time zone the tests run. */
export const wallStart = new Date(2026, 2, 2, 14, 2, 5).getTime();

/** Takes the place of layout, which the tests' document does not have: everything is so high, px. */
const viewportHeight = 480;

/** Of the window that is drawn: its sound is not in what React takes down. */
let player: PlayerDriver | null = null;

/** Sets up a test file that draws windows: fake timers, a height for lists, and nothing left over. */
export function useTestWindows(): void {
  // On a busy machine what is loaded on demand would come later than a test waits for it.
  beforeAll(() =>
    Promise.all([
      import('../../../src-renderer/features/keep/Saving'),
      import('../../../src-renderer/features/recordings/Details'),
      import('../../../src-renderer/features/recordings/RowMenu'),
      import('../../../src-renderer/features/settings/Settings'),
    ]),
  );
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

/** Loads the parts that the first frame does without before the tests of a file, so that no test waits for them. */
export function useLateParts(): void {
  beforeAll(async () => {
    await lazyModule.get();
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
 * @param options.playCue instead of what notes the sounds
 * @param options.onCaughtError of React's root
 */
export async function renderWindow(
  snapshot: Snapshot,
  answers: FakeAnswers = {},
  options: Partial<Pick<FollowPorts, 'playCue'>> & Pick<RenderOptions, 'onCaughtError'> = {},
): Promise<TestWindow> {
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
  const failures: unknown[] = [];
  followMain({
    api: fake.api,
    mirror,
    ui,
    playCue: options.playCue ?? ((kind) => cues.push(kind)),
    failed: (error) => failures.push(error),
  });
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
    options.onCaughtError === undefined ? {} : { onCaughtError: options.onCaughtError },
  );
  await act(() => mirror.pull());
  await settle();
  return {
    fake,
    services,
    cues,
    failures,
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
