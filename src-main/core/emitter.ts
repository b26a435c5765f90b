import type { Disposable } from './ports';

/** Listeners of one kind of event. */
export interface Emitter<Arguments extends readonly unknown[]> {
  on(listener: (...args: Arguments) => void): Disposable;
  emit(...args: Arguments): void;
}

/** Makes an {@link Emitter}; listeners are called in the order in which they came. */
export function createEmitter<Arguments extends readonly unknown[]>(): Emitter<Arguments> {
  const listeners = new Set<(...args: Arguments) => void>();
  return {
    on: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    emit: (...args) => {
      for (const listener of [...listeners]) listener(...args);
    },
  };
}
