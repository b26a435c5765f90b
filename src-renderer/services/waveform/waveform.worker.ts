import { decodePeaks } from './decode';
import type { FromWaveformWorker, ToWaveformWorker } from './messages';

/** How often the window is told, ms: often enough to see it grow. */
const tellEveryMs = 120;

/** The worker's entry: decodes one recording, then ends with its window's wish. */
function work(): void {
  let give: ((bytes: Uint8Array | null) => void) | null = null;
  const tell = (message: FromWaveformWorker) => {
    self.postMessage(message);
  };
  self.onmessage = ({ data }: MessageEvent<ToWaveformWorker>) => {
    give?.(data.bytes);
  };
  const decoding = decodePeaks(
    () =>
      new Promise((resolve) => {
        give = resolve;
        tell({ kind: 'more' });
      }),
  );
  const tellPeaks = () => {
    const peaks = decoding.peaks();
    if (peaks !== null) tell({ kind: 'peaks', peaks });
  };
  const timer = setInterval(tellPeaks, tellEveryMs);
  void decoding.finished
    .catch(() => false)
    .then((drawn) => {
      clearInterval(timer);
      tellPeaks();
      tell({ kind: 'done', drawn });
    });
}

work();
