import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

import type { CodedError } from '@shared/domain/errors';
import { lampStatuses, type LampSize } from '@shared/domain/lamp';
import type { windowParts } from '@shared/ipc/window-failure';
import { App } from '../../../src-renderer/app/App';
import { lazyModule } from '../../../src-renderer/app/lazy-module';
import { createPlayerService } from '../../../src-renderer/services/player/player';
import { ServicesProvider, type WindowServices } from '../../../src-renderer/services/context';
import { createMirror } from '../../../src-renderer/services/mirror';
import { createTicker } from '../../../src-renderer/services/ticker';
import { createUiStore } from '../../../src-renderer/services/ui';
import { ErrorNote } from '../../../src-renderer/ui/ErrorNote';
import { Lamp } from '../../../src-renderer/ui/Lamp';
import { Part } from '../../../src-renderer/ui/Part';
import { snapshotOf, summary } from '../../fixtures/examples';
import { createFakeWindowApi } from '../../fixtures/fake-window-api';
import type { Scene } from './scenes';

/** Stands before every id that a component makes, so that the page can tell two drawings of a scene apart. */
export const idPrefix = 'gallery-';

/** Turns of the event loop for which something is waited for. */
const maxTurns = 2_000;

/** The clocks of every window, ms: they stand still. */
const monotonicNow = () => 1_000;
const wallNow = () => summary().startTime + 5_000;

function servicesFor({ snapshot, answers }: Pick<Scene, 'snapshot' | 'answers'>): WindowServices {
  const { api } = createFakeWindowApi(snapshot, answers);
  const ticker = createTicker({
    monotonicNow,
    isVisible: () => false,
    onVisibilityChange: () => () => undefined,
  });
  return {
    api,
    ticker,
    ui: createUiStore(),
    mirror: createMirror(api, { monotonicNow, wallNow }),
  };
}

/** Turns after which nothing is drawn any more where nothing else happens. */
const settledTurns = 10;

/** Lets what was promised come true, and React draw it. */
async function turn(turns = 1): Promise<void> {
  for (let done = 0; done < turns; done += 1) await new Promise((resolve) => setTimeout(resolve));
}

async function waitFor(selector: string, scene: string): Promise<Element> {
  for (let turns = 0; turns < maxTurns; turns += 1) {
    const found = document.querySelector(selector);
    if (found !== null) return found;
    await turn();
  }
  throw new Error(`${scene}: there is no ${selector}`);
}

/** Draws in a fresh document; `take` is called while everything is there. */
async function withDrawing(
  element: ReactNode,
  services: WindowServices,
  take: (root: HTMLElement) => Promise<string>,
): Promise<string> {
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  const root = createRoot(place, {
    identifierPrefix: idPrefix,
    // Failing on purpose is one of the states.
    onCaughtError: () => undefined,
  });
  await services.mirror.pull();
  root.render(<ServicesProvider value={services}>{element}</ServicesProvider>);
  try {
    await turn(settledTurns);
    return await take(place);
  } finally {
    root.unmount();
    await turn();
    services.mirror.dispose();
    services.ticker.dispose();
    document.body.replaceChildren();
  }
}

/** Puts what has been typed and ticked where it is kept in HTML. */
function keepValues(root: ParentNode): void {
  for (const input of root.querySelectorAll('input')) {
    input.setAttribute('value', input.value);
    input.toggleAttribute('checked', input.checked);
  }
  for (const option of root.querySelectorAll('option')) option.toggleAttribute('selected', option.selected);
}

/**
 * Draws a scene with the real components.
 * @returns HTML without a script
 * @throws Error where what it waits for does not come
 */
export async function drawScene(scene: Scene): Promise<string> {
  // What the window loads late is there from the first frame on.
  await lazyModule.get();
  const services = servicesFor(scene);
  const player = createPlayerService(services, () => () => undefined);
  try {
    return await withDrawing(<App player={player} />, services, async () => {
      scene.act?.(services.ui);
      await waitFor(scene.awaits ?? scene.part ?? '.window', scene.id);
      for (const selector of scene.presses ?? []) {
        const button = await waitFor(selector, scene.id);
        (button as HTMLElement).click();
        await turn(settledTurns);
      }
      await turn(settledTurns);
      keepValues(document);
      // What opens over the window stands beside its root.
      if (scene.part === undefined) return document.body.innerHTML;
      return (await waitFor(scene.part, scene.id)).outerHTML;
    });
  } finally {
    player.dispose();
  }
}

function Fails(): ReactNode {
  throw new Error('a part of the gallery that fails on purpose');
}

/** Draws one of the small components alone. */
async function drawAlone(element: ReactNode): Promise<string> {
  return withDrawing(element, servicesFor({ snapshot: snapshotOf() }), (root) =>
    Promise.resolve(root.innerHTML),
  );
}

/** Draws the message of a failure. */
export const drawError = (error: CodedError): Promise<string> =>
  drawAlone(<ErrorNote error={error} onRetry={() => undefined} onDismiss={() => undefined} />);

/** Draws the lamp in every state, in one size. */
export const drawLamps = (size: LampSize): Promise<string> =>
  drawAlone(lampStatuses.map((status) => <Lamp key={status} status={status} size={size} />));

/** Draws the note that takes the place of each part of the window that fails. */
export const drawFailedPart = (name: (typeof windowParts)[number]): Promise<string> =>
  drawAlone(
    <Part name={name}>
      <Fails />
    </Part>,
  );
