import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { lazyPart } from '../../../src-renderer/ui/lazy-part';
import { createModuleSource } from '../../../src-renderer/ui/module-source';
import { Part } from '../../../src-renderer/ui/Part';

afterEach(cleanup);

/** Two parts of one module that fails to load as long as `missing` says. */
function setUp() {
  const world = { missing: true, fetches: 0 };
  const source = createModuleSource(() => {
    world.fetches += 1;
    if (world.missing) return Promise.reject(new TypeError('missing'));
    return Promise.resolve({ First: () => <p>first</p>, Second: () => <p>second</p> });
  }, 'app://reclight/assets/index.js');
  const First = lazyPart(source, (module) => module.First);
  const Second = lazyPart(source, (module) => module.Second);
  const draw = async () => {
    await act(async () => {
      render(
        <>
          <Part name="settings" source={source}>
            <First />
          </Part>
          <Part name="saves" source={source}>
            <Second />
          </Part>
        </>,
        { onCaughtError: () => undefined },
      );
      await Promise.resolve();
    });
  };
  return { world, draw };
}

const press = (at: number) =>
  act(async () => {
    const button = screen.getAllByRole('button', { name: 'Try again' })[at];
    if (button !== undefined) fireEvent.click(button);
    await Promise.resolve();
  });

test('a part whose module is missing says so, keeps its note while it is fetched again, and comes up (R-15)', async () => {
  const { world, draw } = setUp();
  await draw();
  const [alert] = screen.getAllByRole('alert');
  expect(alert?.textContent).toContain('The settings cannot be shown.');
  await press(0);
  expect(screen.getAllByRole('alert')[0]).toBe(alert);
  expect(alert?.textContent).toContain('The settings still cannot be shown.');
  world.missing = false;
  await press(0);
  expect(screen.getByText('first')).toBeTruthy();
  expect(screen.getAllByRole('alert')).toHaveLength(1);
});

test('a module that one part has fetched is there for the other one (R-15)', async () => {
  const { world, draw } = setUp();
  await draw();
  world.missing = false;
  await press(0);
  const { fetches } = world;
  await press(0);
  expect(screen.getByText('second')).toBeTruthy();
  expect(world.fetches).toBe(fetches);
});

test('nothing is fetched again by itself (R-15)', async () => {
  const { world, draw } = setUp();
  await draw();
  const { fetches } = world;
  await act(() => Promise.resolve());
  expect(world.fetches).toBe(fetches);
  expect(fetches).toBeLessThanOrEqual(2);
});
