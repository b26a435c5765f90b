import type { Peaks } from './peaks';

/** What the window tells the worker: bytes it asked for, or (null) that there are no more. */
export interface ToWaveformWorker {
  readonly bytes: Uint8Array | null;
}

/** What the worker tells the window. */
export type FromWaveformWorker =
  | { readonly kind: 'more' }
  | { readonly kind: 'peaks'; readonly peaks: Peaks }
  /** `drawn` is false where there is nothing to draw. */
  | { readonly kind: 'done'; readonly drawn: boolean };
