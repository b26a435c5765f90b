import { useMemo, useState, type CSSProperties } from 'react';
import { useStore } from 'zustand';

import type { MarkView } from '@shared/domain/marks';
import { useLocale } from '../../services/context';
import { formatLength } from '../../ui/format';
import { shareArrived } from '../../services/player/arrival';
import type { PlayerEngine } from '../../services/player/engine';
import { text } from './messages';
import { WaveformCanvas } from './WaveformCanvas';

/** The filled part of a slider, for the style sheet. */
export function filled(value: number, maximum: number): CSSProperties {
  const share = maximum > 0 ? Math.min(1, value / maximum) : 0;
  return { '--filled': `${(share * 100).toFixed(2)}%` } as CSSProperties;
}

/** The position that is spoken: while the slider has the focus, it changes by a seek only, not with every second. */
function useSpoken(position: number, seeks: number, focused: boolean): number {
  const [spoken, setSpoken] = useState({ position, seeks });
  if (!focused || spoken.seeks !== seeks) {
    if (spoken.position !== position || spoken.seeks !== seeks) setSpoken({ position, seeks });
    return position;
  }
  return spoken.position;
}

/** The slider of the position, over the waveform where the recording can be drawn. */
export function Seeking({
  engine,
  marks,
}: {
  readonly engine: PlayerEngine;
  readonly marks: readonly MarkView[];
}) {
  const locale = useLocale();
  const { position, length, seeks } = useStore(engine.playback.store);
  const [focused, setFocused] = useState(false);
  const spoken = useSpoken(position, seeks, focused);
  const { status, peaks } = useStore(engine.waveform.store);
  const loop = useStore(engine.skipping.store, (state) => state.loop);
  const progress = useStore(engine.progress.store, (state) => state.progress);
  const plain = status === 'plain';
  const arrived = shareArrived(progress, peaks, length);
  const drawing = useMemo(
    () => ({
      peaks,
      length,
      position,
      arrived,
      loop,
      marks: marks.map(({ offsetMs }) => offsetMs / 1_000),
    }),
    [peaks, length, position, arrived, loop, marks],
  );
  const stereo = !plain && (peaks?.channels.length ?? 1) > 1;
  return (
    <div
      className="player-wave"
      data-plain={plain || undefined}
      data-stereo={stereo || undefined}
      data-waveform={status}
    >
      {!plain && <WaveformCanvas drawing={drawing} />}
      {stereo && (
        <span className="wave-channels" aria-hidden="true">
          <span>{text('left')}</span>
          <span>{text('right')}</span>
        </span>
      )}
      <input
        className="slider player-position"
        type="range"
        aria-label={text('position')}
        aria-valuetext={text('positionValue', {
          position: formatLength(spoken * 1_000, locale),
          length: formatLength(length * 1_000, locale),
        })}
        min={0}
        max={Math.max(length, 0.1)}
        step={0.1}
        value={position}
        style={filled(position, length)}
        onFocus={() => {
          setFocused(true);
        }}
        onBlur={() => {
          setFocused(false);
        }}
        onChange={(event) => {
          engine.playback.seek(event.target.valueAsNumber);
        }}
      />
    </div>
  );
}
