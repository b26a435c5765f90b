import { describe, expect, it } from 'vitest';

import { drawWaveform, type WaveformDrawing } from '../../../../src-renderer/services/waveform/draw';
import { createPeakGatherer } from '../../../../src-renderer/services/waveform/peaks';

const colours = { played: 'played', ahead: 'ahead', mark: 'mark', loop: 'loop' } as const;
const width = 300;
const height = 40;
const rate = 8_000;

interface Rectangle {
  readonly colour: string;
  readonly strength: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A canvas that notes what is filled. */
function draw(drawing: Partial<WaveformDrawing>) {
  const filled: Rectangle[] = [];
  const flags: [number, number][] = [];
  const context = {
    globalAlpha: 1,
    fillStyle: '',
    clearRect: () => undefined,
    fillRect(x: number, y: number, w: number, h: number) {
      filled.push({ colour: this.fillStyle, strength: this.globalAlpha, x, y, width: w, height: h });
    },
    beginPath: () => undefined,
    moveTo: () => undefined,
    lineTo: (x: number, y: number) => flags.push([x, y]),
    fill: () => undefined,
  };
  drawWaveform(
    context as unknown as CanvasRenderingContext2D,
    width,
    height,
    { peaks: null, length: 100, position: 0, arrived: 0, marks: [], loop: null, ...drawing },
    colours,
  );
  const of = (colour: string) => filled.filter((rectangle) => rectangle.colour === colour);
  const bars = filled.filter(({ colour }) => colour === 'played' || colour === 'ahead');
  return { bars, of, flags };
}

/** Peaks of the first so many of 100 s. */
function peaksOf(seconds: number, ...levels: readonly number[]) {
  const gatherer = createPeakGatherer(rate, levels.length);
  gatherer.add(
    0,
    levels.map((level) => new Float32Array(seconds * rate).fill(level)),
  );
  return gatherer.read();
}

describe('the waveform', () => {
  it('shows what was played, what has arrived, and what has not, one beside the other', () => {
    const { bars } = draw({ position: 25, arrived: 0.6 });
    expect(bars).toHaveLength(100);
    const kinds = bars.map(({ colour, strength }) => `${colour} ${strength}`);
    expect(kinds.slice(0, 25).every((kind) => kind === 'played 1')).toBe(true);
    expect(kinds.slice(25, 60).every((kind) => kind === 'ahead 0.75')).toBe(true);
    expect(kinds.slice(60).every((kind) => kind === 'ahead 0.3')).toBe(true);
  });

  it('is as tall as it is loud where it has been decoded, and a line where it has not', () => {
    const { bars } = draw({ peaks: peaksOf(50, 0.8), arrived: 1 });
    expect(bars[10]?.height).toBeCloseTo(height - 2, 0);
    expect(bars[80]?.height).toBe(1);
    // Noise is not blown up to fill the lane.
    expect(draw({ peaks: peaksOf(50, 0.01) }).bars[10]?.height).toBeLessThan(5);
  });

  it('has a lane for each side, left above right, both to one measure', () => {
    const { bars } = draw({ peaks: peaksOf(100, 0.8, 0.2) });
    const [left, right] = [bars.slice(0, 100), bars.slice(100)];
    expect(right).toHaveLength(100);
    expect(left.every(({ y, height: tall }) => y + tall <= height / 2)).toBe(true);
    expect(right.every(({ y }) => y >= height / 2)).toBe(true);
    expect((left[50]?.height ?? 0) / (right[50]?.height ?? 1)).toBeCloseTo(4, 0);
  });

  it('has marks where they were made, whose flags stay inside', () => {
    const { of, flags } = draw({ marks: [0, 50, 100] });
    expect(of('mark').map(({ x }) => x)).toEqual([0, 150, 298]);
    expect(of('mark').every(({ height: tall }) => tall === height)).toBe(true);
    expect(flags.every(([x]) => x >= 0 && x <= width)).toBe(true);
  });

  it.each([
    ['with both its ends', { from: 20, to: 40 }, [60, 60, 119]],
    ['whose end is not set', { from: 20, to: null }, [60, 60]],
  ] as const)('has a loop %s', (_name, loop, places) => {
    const { of } = draw({ loop });
    expect(of('loop').map(({ x }) => x)).toEqual(places);
    expect(of('loop')[0]?.width).toBe(loop.to === null ? 1 : 60);
  });

  it('bears a recording without any length', () => {
    const { bars, of } = draw({ length: 0, marks: [3], peaks: peaksOf(1, 0.5) });
    expect(bars.every(({ x, height: tall }) => Number.isFinite(x) && Number.isFinite(tall))).toBe(true);
    expect(of('mark').map(({ x }) => x)).toEqual([0]);
  });
});
