import type { WindowApi } from '@shared/ipc/contract';

declare global {
  interface Window {
    /** Put there by the preload script; the only way out of a window. */
    readonly reclight: WindowApi;
  }
}
