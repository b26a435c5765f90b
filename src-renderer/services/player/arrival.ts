import type { MediaProgress } from '@shared/domain/media';
import { describedSeconds, type Peaks } from '../waveform/peaks';

/**
 * How much of a recording has arrived, 0 to 1. Where the server tells no size (API reference §5), it is what has been
 * decoded.
 * @param progress of the download; null while not known
 * @param peaks what has been decoded; null where nothing has
 * @param length of the recording, s
 */
export function shareArrived(progress: MediaProgress | null, peaks: Peaks | null, length: number): number {
  if (progress?.status === 'complete') return 1;
  if (progress === null) return 0;
  const { receivedBytes, sizeBytes } = progress;
  if (sizeBytes !== null) return sizeBytes > 0 ? Math.min(1, receivedBytes / sizeBytes) : 0;
  if (peaks === null || length <= 0) return 0;
  return Math.min(1, describedSeconds(peaks) / length);
}
