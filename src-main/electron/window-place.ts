/** A rectangle of the desktop, in device-independent pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The size of the window at its first start. */
export const defaultSize = { width: 400, height: 640 } as const;

/** Below this nothing fits. */
export const minimumSize = { width: 360, height: 480 } as const;

const gap = 8;

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));

/** Moves a rectangle into a work area, and shrinks it where it is larger. */
function inside(place: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(place.width, area.width);
  const height = Math.min(place.height, area.height);
  return {
    x: clamp(place.x, area.x, area.x + area.width - width),
    y: clamp(place.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

/** How much of two rectangles is the same, square pixels. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * Where the window opens: where the user left it, as long as a screen is still there; else beside the tray icon; else
 * in the middle.
 * @param remembered from the settings
 * @param icon the tray icon's rectangle, or a point of it; null where it cannot be found
 * @param areas the work areas of all screens, the primary one first
 */
export function placeWindow(
  remembered: Rectangle | null,
  icon: Rectangle | null,
  areas: readonly Rectangle[],
): Rectangle {
  const [primary] = areas;
  if (primary === undefined) return { x: 0, y: 0, ...defaultSize };
  if (remembered !== null) {
    // On the border of two screens it belongs to the one that shows more of it.
    const area = areas.reduce((best, candidate) =>
      overlap(remembered, candidate) > overlap(remembered, best) ? candidate : best,
    );
    if (overlap(remembered, area) > 0) return inside(remembered, area);
  }
  const size = remembered ?? defaultSize;
  const centred = (area: Rectangle): Rectangle => ({
    x: Math.round(area.x + (area.width - size.width) / 2),
    y: Math.round(area.y + (area.height - size.height) / 2),
    width: size.width,
    height: size.height,
  });
  if (icon === null) return inside(centred(primary), primary);

  const middle = { x: icon.x + icon.width / 2, y: icon.y + icon.height / 2 };
  const area = areas.reduce((best, candidate) => {
    const distance = ({ x, y, width, height }: Rectangle) =>
      Math.hypot(
        Math.max(x - middle.x, 0, middle.x - x - width),
        Math.max(y - middle.y, 0, middle.y - y - height),
      );
    return distance(candidate) < distance(best) ? candidate : best;
  }, primary);
  const panelOnTop = middle.y < area.y + area.height / 2;
  return inside(
    {
      x: Math.round(middle.x - size.width / 2),
      y: Math.round(panelOnTop ? icon.y + icon.height + gap : icon.y - size.height - gap),
      width: size.width,
      height: size.height,
    },
    area,
  );
}
