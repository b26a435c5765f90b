import { useEffect, useRef, useState } from 'react';

import { useSnapshot } from '../../services/context';
import { drawWaveform, type WaveformDrawing } from '../../services/waveform/draw';

/** What changes colours without telling anybody else. */
const themeQueries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'] as const;

/** How often the look of the system has changed. */
function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    for (const query of themeQueries) {
      matchMedia(query).addEventListener(
        'change',
        () => {
          setChanges((count) => count + 1);
        },
        { signal: ending.signal },
      );
    }
    return () => {
      ending.abort();
    };
  }, []);
  return changes;
}

/** The canvas's own size, CSS px. */
function useSize(canvas: HTMLCanvasElement | null): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (canvas === null) return undefined;
    const observer = new ResizeObserver(() => {
      setSize({ width: canvas.clientWidth, height: canvas.clientHeight });
    });
    observer.observe(canvas);
    return () => {
      observer.disconnect();
    };
  }, [canvas]);
  return size;
}

/**
 * The waveform as a picture; the slider above it is the accessible control.
 * @param props.drawing what it shows
 */
export function WaveformCanvas({ drawing }: { readonly drawing: WaveformDrawing }) {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const { width, height } = useSize(canvas);
  const changes = useThemeChanges();
  const theme = useSnapshot((snapshot) => snapshot.settings.appearance.theme);
  const newest = useRef(drawing);
  useEffect(() => {
    newest.current = drawing;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      const style = getComputedStyle(canvas);
      const scale = devicePixelRatio;
      const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const colour = (name: string) => style.getPropertyValue(name);
      drawWaveform(context, width, height, newest.current, {
        played: colour('--accent'),
        ahead: colour('--line-strong'),
        mark: colour('--lamp-paused'),
        loop: colour('--accent'),
      });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [canvas, width, height, changes, theme, drawing]);
  return <canvas ref={setCanvas} className="wave-canvas" aria-hidden="true" />;
}
