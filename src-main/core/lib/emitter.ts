import { attempt } from './attempt';
import type { Disposable } from '../ports/clock';
import type { Log } from '../ports/desktop';

/** Listeners of one kind of event. */
export interface Emitter<Arguments extends readonly unknown[]> {
  on(listener: (...args: Arguments) => void): Disposable;
  emit(...args: Arguments): void;
}

/**
 * Makes an {@link Emitter}; listeners are called in the order in which they came.
 * @param log told of a listener that fails; the others are called all the same
 */
export function createEmitter<Arguments extends readonly unknown[]>(log: Log): Emitter<Arguments> {
  const listeners = new Set<{ readonly call: (...args: Arguments) => void }>();
  return {
    on: (listener) => {
      const entry = { call: listener };
      listeners.add(entry);
      return { dispose: () => listeners.delete(entry) };
    },
    emit: (...args) => {
      for (const entry of [...listeners]) {
        // One listener may have ended another.
        if (!listeners.has(entry)) continue;
        attempt(log, 'a listener', () => {
          entry.call(...args);
        });
      }
    },
  };
}
