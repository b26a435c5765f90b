import type { SoundView } from '@shared/ipc/snapshot';
import type { RecorderNotice } from '../recorder/contract';

/** The sounds that windows play when a recording starts or stops. */
export interface Sounds {
  /** Queues the sound of a notice; other notices, and all while sounds are switched off, have none. */
  play(notice: RecorderNotice): void;
  /** The newest sound; null before the first one. */
  view(): SoundView | null;
}

/**
 * Makes the {@link Sounds}.
 * @param areOn whether the user has sounds switched on
 * @param changed called after every change of the view
 */
export function createSounds(areOn: () => boolean, changed: () => void): Sounds {
  let newest: SoundView | null = null;
  return {
    play: ({ kind }) => {
      if (!areOn()) return;
      if (kind !== 'started' && kind !== 'stopped' && kind !== 'ended') return;
      newest = { sequence: (newest?.sequence ?? 0) + 1, kind: kind === 'started' ? 'start' : 'stop' };
      changed();
    },
    view: () => newest,
  };
}
