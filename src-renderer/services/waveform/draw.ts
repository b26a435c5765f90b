import { toBars, type Peaks } from './peaks';

/** What a drawing shows. */
export interface WaveformDrawing {
  readonly peaks: Peaks | null;
  /** s */
  readonly length: number;
  /** s */
  readonly position: number;
  /** How much of it is on this computer, 0 to 1. */
  readonly arrived: number;
  /** s */
  readonly marks: readonly number[];
  /** s; an end that is not set yet is null. */
  readonly loop: { readonly from: number; readonly to: number | null } | null;
}

/** CSS colours. */
export interface WaveformColours {
  readonly played: string;
  readonly ahead: string;
  readonly mark: string;
  readonly loop: string;
}

const barWidth = 2;
const barPitch = 3;

/** What is quieter than this is drawn quiet: noise is not blown up to fill the lane. */
const leastLoud = 0.1;

/** The loudest of what is known, on either side, so that both are drawn to one measure. */
function loudest(lanes: readonly (Float32Array | null)[]): number {
  return Math.max(leastLoud, ...lanes.map((bars) => (bars === null ? 0 : Math.max(...bars))));
}

/**
 * Draws a waveform, one lane a channel: what was played, what is ahead, what has arrived, marks and loop.
 * @param context whose canvas is `width` by `height` CSS px
 */
export function drawWaveform(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  drawing: WaveformDrawing,
  colours: WaveformColours,
): void {
  const { peaks, length, position, arrived, marks, loop } = drawing;
  context.clearRect(0, 0, width, height);
  const at = (seconds: number) => (length > 0 ? Math.min(1, seconds / length) * width : 0);
  const fill = (colour: string, strength: number, x: number, y: number, w: number, h: number) => {
    context.globalAlpha = strength;
    context.fillStyle = colour;
    context.fillRect(x, y, w, h);
    context.globalAlpha = 1;
  };
  if (loop !== null) {
    const from = at(loop.from);
    fill(colours.loop, 0.16, from, 0, Math.max(1, at(loop.to ?? loop.from) - from), height);
    fill(colours.loop, 1, from, 0, 1, height);
    if (loop.to !== null) fill(colours.loop, 1, at(loop.to) - 1, 0, 1, height);
  }
  const lanes = Math.max(1, peaks?.channels.length ?? 1);
  const laneHeight = height / lanes;
  const bars = Math.max(1, Math.floor(width / barPitch));
  const known = Array.from({ length: lanes }, (_, lane) =>
    peaks === null ? null : toBars(peaks, lane, Math.max(length, 0.001), bars),
  );
  const full = loudest(known);
  for (const [lane, heights] of known.entries()) {
    const middle = laneHeight * (lane + 0.5);
    for (let bar = 0; bar < bars; bar += 1) {
      const peak = heights?.[bar] ?? -1;
      const played = ((bar + 0.5) / bars) * length <= position;
      const here = (bar + 0.5) / bars <= arrived;
      const tall = peak < 0 ? 1 : Math.max(1.5, (peak / full) * (laneHeight - 2));
      const strength = played ? 1 : here || peak >= 0 ? 0.75 : 0.3;
      fill(
        played ? colours.played : colours.ahead,
        strength,
        bar * barPitch,
        middle - tall / 2,
        barWidth,
        tall,
      );
    }
  }
  for (const mark of marks) {
    const x = Math.min(width - 2, Math.round(at(mark)));
    fill(colours.mark, 1, x, 0, 1.5, height);
    context.fillStyle = colours.mark;
    context.beginPath();
    // The flag turns round at the right edge.
    const side = x > width - 10 ? -1 : 1;
    context.moveTo(x, 0);
    context.lineTo(x + 7 * side, 0);
    context.lineTo(x + 5 * side, 3);
    context.lineTo(x + 7 * side, 6);
    context.lineTo(x, 6);
    context.fill();
  }
}
