import { assertNever } from '../assert-never';
import type { RecorderStatus } from '../ipc/snapshot';

/** Every state of the lamp, in the order in which they are shown side by side. */
export const lampStatuses = [
  'signed-out',
  'connecting',
  'not-recording',
  'starting',
  'recording',
  'paused',
  'stopping',
  'waiting',
  'unknown',
  'not-visible',
  'locked',
] as const satisfies readonly RecorderStatus[];

/** The sizes for which the lamp is drawn, in px; the strokes of the small ones are relatively thicker. */
export type LampSize = 16 | 22 | 56;

/** What a colour of the lamp means; a window maps it to its tokens, the icon generator to {@link lampColours}. */
export type LampTone = 'neutral' | 'recording' | 'paused' | 'waiting';

/**
 * One form of the drawing. `tone` is drawn fully, `soft` ones as a faint halo or track in the same colour.
 * A form is stroked where it has a `stroke` width, and filled otherwise.
 */
export type LampShape =
  | {
      readonly kind: 'circle';
      readonly cx: number;
      readonly cy: number;
      readonly r: number;
      readonly stroke?: number;
      /** Lengths of dash and gap. */
      readonly dash?: readonly [number, number];
      readonly soft?: boolean;
    }
  | {
      readonly kind: 'path';
      readonly d: string;
      readonly stroke?: number;
      readonly soft?: boolean;
    }
  | {
      readonly kind: 'bar';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius: number;
    };

/** The drawing of one state: forms within a square of `size` px, back to front. */
export interface LampDrawing {
  readonly size: LampSize;
  readonly tone: LampTone;
  /** Whether the drawing may turn slowly, where motion is welcome. */
  readonly turning: boolean;
  readonly shapes: readonly LampShape[];
}

/** The lamp's colours on light and on dark ground (`tokens.css` has the same). */
export const lampColours = {
  light: { neutral: '#5A6372', recording: '#D92D20', paused: '#B54708', waiting: '#175CD3' },
  dark: { neutral: '#A3ACBA', recording: '#F97066', paused: '#FDB022', waiting: '#84ADFF' },
} as const satisfies Record<'light' | 'dark', Record<LampTone, string>>;

/** How much of its colour a soft form has. */
export const lampSoftOpacity = 0.18;

interface Metrics {
  /** Radius of the ring's middle line. */
  readonly ring: number;
  readonly stroke: number;
  readonly halo: number;
  readonly disc: number;
}

const metrics: Readonly<Record<LampSize, Metrics>> = {
  16: { ring: 6.25, stroke: 1.5, halo: 8, disc: 5.75 },
  22: { ring: 8.75, stroke: 2, halo: 11, disc: 8 },
  56: { ring: 22.5, stroke: 4, halo: 27, disc: 20 },
};

/** Tidies a coordinate, so that drawings compare and serialise alike everywhere. */
function tidy(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** An arc around the centre, clockwise. Degrees from the top. */
function arc(size: LampSize, radius: number, from: number, to: number): string {
  const centre = size / 2;
  const at = (degrees: number) => {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return `${tidy(centre + radius * Math.cos(angle))} ${tidy(centre + radius * Math.sin(angle))}`;
  };
  return `M${at(from)}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${at(to)}`;
}

/** A question mark drawn by hand: a font would differ from machine to machine. */
function questionMark(size: LampSize): readonly LampShape[] {
  const centre = size / 2;
  const unit = metrics[size].ring / 22.5;
  const at = (x: number, y: number) => `${tidy(centre + x * unit)} ${tidy(centre + y * unit)}`;
  const stroke = size === 56 ? 3.6 : metrics[size].stroke * 0.9;
  return [
    {
      kind: 'path',
      d: `M${at(-6, -5)}C${at(-6, -14)} ${at(6.5, -13.5)} ${at(6.5, -5.5)}C${at(6.5, -0.5)} ${at(0, -0.5)} ${at(0, 4.5)}`,
      stroke: tidy(stroke),
    },
    { kind: 'circle', cx: centre, cy: tidy(centre + 10.8 * unit), r: tidy(stroke * 0.62) },
  ];
}

/**
 * Draws the lamp. Shape and colour both tell the state, so that neither is needed to read it.
 * @param status what the lamp shows
 * @param size px
 */
export function drawLamp(status: RecorderStatus, size: LampSize): LampDrawing {
  const { ring, stroke, halo, disc } = metrics[size];
  const centre = size / 2;
  const unit = ring / 22.5;
  const whole: LampShape = { kind: 'circle', cx: centre, cy: centre, r: ring, stroke };
  const track: LampShape = { ...whole, soft: true };
  const glow: LampShape = { kind: 'circle', cx: centre, cy: centre, r: halo, soft: true };
  const still = (tone: LampTone, shapes: readonly LampShape[]): LampDrawing => ({
    size,
    tone,
    turning: false,
    shapes,
  });
  const partial = (tone: LampTone, from: number, to: number): LampDrawing => ({
    size,
    tone,
    turning: true,
    shapes: [track, { kind: 'path', d: arc(size, ring, from, to), stroke }],
  });
  const bar = (width: number, height: number, x = 0): LampShape => ({
    kind: 'bar',
    x: tidy(centre + x - width / 2),
    y: tidy(centre - height / 2),
    width: tidy(width),
    height: tidy(height),
    radius: tidy(Math.min(width, height) / 3),
  });

  switch (status) {
    case 'signed-out': {
      const reach = tidy(ring * 0.94);
      return still('neutral', [
        whole,
        {
          kind: 'path',
          d: `M${tidy(centre - reach)} ${tidy(centre + reach)}L${tidy(centre + reach)} ${tidy(centre - reach)}`,
          stroke,
        },
      ]);
    }
    case 'connecting':
      return {
        ...partial('neutral', 20, 160),
        shapes: [
          { kind: 'path', d: arc(size, ring, 20, 160), stroke },
          { kind: 'path', d: arc(size, ring, 200, 340), stroke },
        ],
      };
    case 'not-recording':
      return still('neutral', [whole]);
    case 'starting':
      return partial('recording', 0, 100);
    case 'recording':
      return still('recording', [glow, { kind: 'circle', cx: centre, cy: centre, r: disc }]);
    case 'paused': {
      const gap = Math.max(2, 8 * unit);
      return still('paused', [
        glow,
        bar(Math.max(2, 8.5 * unit), 28 * unit, -gap + (size === 56 ? 1 : 0)),
        bar(Math.max(2, 8.5 * unit), 28 * unit, gap - (size === 56 ? 1 : 0)),
      ]);
    }
    case 'stopping':
      return partial('recording', 100, 360);
    case 'waiting':
      return still('waiting', [
        whole,
        { kind: 'circle', cx: centre, cy: centre, r: tidy(Math.max(2, 7.5 * unit)) },
      ]);
    case 'unknown': {
      const dashes = size === 56 ? 16 : 12;
      const step = (2 * Math.PI * ring) / dashes;
      return still('neutral', [
        { ...whole, dash: [tidy(step * 0.6), tidy(step * 0.4)] },
        ...questionMark(size),
      ]);
    }
    case 'not-visible':
      return still('neutral', [whole, bar(24 * unit, Math.max(stroke, 4 * unit))]);
    case 'locked': {
      const thickness = size === 56 ? 5 : stroke * 1.1;
      return still('paused', [
        whole,
        {
          kind: 'path',
          d: `M${centre} ${tidy(centre - 10.5 * unit)}L${centre} ${tidy(centre + 2.5 * unit)}`,
          stroke: tidy(thickness),
        },
        { kind: 'circle', cx: centre, cy: tidy(centre + 10.5 * unit), r: tidy(thickness * 0.6) },
      ]);
    }
    default:
      return assertNever(status);
  }
}

/**
 * The drawing as an SVG document, for picture files.
 * @param drawing from {@link drawLamp}
 * @param colour of the full forms, any CSS colour
 */
export function lampSvg(drawing: LampDrawing, colour: string): string {
  const paint = (stroke: number | undefined, soft: boolean | undefined) => {
    const opacity = soft === true ? ` opacity="${lampSoftOpacity}"` : '';
    return stroke === undefined
      ? ` fill="${colour}"${opacity}`
      : ` fill="none" stroke="${colour}" stroke-width="${stroke}" stroke-linecap="butt"${opacity}`;
  };
  const elements = drawing.shapes.map((shape) => {
    switch (shape.kind) {
      case 'circle': {
        const dash = shape.dash === undefined ? '' : ` stroke-dasharray="${shape.dash.join(' ')}"`;
        return `<circle cx="${shape.cx}" cy="${shape.cy}" r="${shape.r}"${paint(shape.stroke, shape.soft)}${dash}/>`;
      }
      case 'path':
        return `<path d="${shape.d}"${paint(shape.stroke, shape.soft)}/>`;
      case 'bar':
        return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" rx="${shape.radius}" fill="${colour}"/>`;
      default:
        return assertNever(shape);
    }
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${drawing.size}" height="${drawing.size}" viewBox="0 0 ${drawing.size} ${drawing.size}">${elements.join('')}</svg>`;
}
