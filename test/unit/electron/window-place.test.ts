import { describe, expect, it } from 'vitest';

import type { Rectangle } from '../../../src-main/electron/window-place';
import { defaultSize, minimumSize, placeWindow } from '../../../src-main/electron/window-place';
import { fc } from '../../fixtures/seed';

const at = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });

/** A screen with a panel at the bottom, and one to the right of it with its panel on top. */
const primary = at(0, 0, 1_920, 1_040);
const second = at(1_920, 40, 1_280, 984);
const screens = [primary, second];

const sized = (x: number, y: number) => at(x, y, defaultSize.width, defaultSize.height);

describe('the first time', () => {
  it('has the size of the design', () => {
    expect(defaultSize).toEqual({ width: 400, height: 640 });
    expect(minimumSize).toEqual({ width: 360, height: 480 });
  });

  it.each([
    ['above an icon in a panel at the bottom', at(1_700, 1_045, 24, 24), sized(1_512, 397)],
    ['below an icon in a panel on top', at(2_600, 8, 24, 24), sized(2_412, 40)],
    ['within the screen, for an icon in its corner', at(1_900, 1_050, 20, 20), sized(1_520, 400)],
    ['within the screen, for an icon in its left corner', at(0, 1_050, 20, 20), sized(0, 400)],
    ['at a click, where only a point is known', at(1_000, 1_060, 0, 0), sized(800, 400)],
    ['on the screen with the icon', at(1_960, 10, 20, 20), sized(1_920, 40)],
  ])('opens %s', (_where, icon, expected) => {
    expect(placeWindow(null, icon, screens)).toEqual(expected);
  });

  it('opens in the middle of the primary screen where no icon can be found', () => {
    expect(placeWindow(null, null, screens)).toEqual(sized(760, 200));
    expect(placeWindow(null, null, [second, primary])).toEqual(sized(2_360, 212));
  });

  it('opens somewhere where no screen is known', () => {
    expect(placeWindow(null, null, [])).toEqual(sized(0, 0));
    expect(placeWindow(at(9, 9, 500, 700), at(5, 5, 1, 1), [])).toEqual(sized(0, 0));
  });
});

describe('afterwards', () => {
  const icon = at(1_700, 1_045, 24, 24);

  it('opens where it was left, on either screen', () => {
    expect(placeWindow(at(30, 40, 500, 700), icon, screens)).toEqual(at(30, 40, 500, 700));
    expect(placeWindow(at(2_000, 100, 400, 640), icon, screens)).toEqual(at(2_000, 100, 400, 640));
  });

  it('moves what hangs over an edge back into the screen that shows most of it', () => {
    expect(placeWindow(at(-300, 900, 500, 700), icon, screens)).toEqual(at(0, 340, 500, 700));
    expect(placeWindow(at(1_900, 100, 400, 640), icon, screens)).toEqual(at(1_920, 100, 400, 640));
    expect(placeWindow(at(1_540, 100, 400, 640), icon, screens)).toEqual(at(1_520, 100, 400, 640));
  });

  it('opens at the icon, in its own size, where its screen is gone', () => {
    expect(placeWindow(at(4_000, 100, 500, 700), icon, screens)).toEqual(at(1_420, 337, 500, 700));
    expect(placeWindow(at(4_000, 100, 500, 700), null, screens)).toEqual(at(710, 170, 500, 700));
  });

  it('counts an edge that only touches a screen as gone', () => {
    expect(placeWindow(at(-500, 0, 500, 700), null, [primary])).toEqual(at(710, 170, 500, 700));
  });

  it('shrinks to a screen that is smaller than it', () => {
    expect(placeWindow(at(0, 0, 3_000, 2_000), null, [at(0, 0, 800, 560)])).toEqual(at(0, 0, 800, 560));
  });
});

it('always opens wholly within one screen', () => {
  const coordinate = fc.integer({ min: -5_000, max: 5_000 });
  const length = fc.integer({ min: 1, max: 4_000 });
  const rectangle = fc.record({ x: coordinate, y: coordinate, width: length, height: length });
  fc.assert(
    fc.property(
      fc.option(rectangle),
      fc.option(rectangle),
      fc.array(rectangle, { minLength: 1, maxLength: 4 }),
      (remembered, icon, areas) => {
        const place = placeWindow(remembered, icon, areas);
        const within = areas.some(
          (area) =>
            place.x >= area.x &&
            place.y >= area.y &&
            place.x + place.width <= area.x + area.width &&
            place.y + place.height <= area.y + area.height,
        );
        expect(within).toBe(true);
        // Electron refuses bounds that are not whole.
        expect(Object.values(place).every(Number.isInteger)).toBe(true);
      },
    ),
  );
});
