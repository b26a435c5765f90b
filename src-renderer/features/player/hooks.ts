import { useCallback, useEffect, useState } from 'react';

import type { Result } from '@shared/domain/errors';
import type { MarkView } from '@shared/domain/marks';
import { useApi, useServices, useSnapshot, useUi } from '../../services/context';
import type { Playback } from '../../services/player/playback';
import { text } from './messages';

/** What stands beside a recording in the list, and how to get there. */
export interface Neighbours {
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  /** Plays the one before (-1) or after (1); does nothing where there is none. */
  move(step: 1 | -1): void;
}

/** What is beside a recording in the list as it is shown. */
export function useNeighbours(id: string): Neighbours {
  const { ui } = useServices();
  const hasPrevious = useUi((state) => state.beside(id, -1) !== null);
  const hasNext = useUi((state) => state.beside(id, 1) !== null);
  const move = useCallback(
    (step: 1 | -1) => {
      const { loaded, beside, play } = ui.getState();
      // Drawing lags behind: who presses twice means the one after the next.
      const other = loaded === null ? null : beside(loaded.recording.id, step);
      if (other !== null) play(other);
    },
    [ui],
  );
  return { hasPrevious, hasNext, move };
}

/** The marks of a recording, and what can be done with them. */
export interface Marks {
  readonly recordingId: string;
  readonly list: readonly MarkView[];
  add(seconds: number): void;
  label(markId: number, label: string): void;
  remove(markId: number): void;
}

/** The marks of a recording, by offset. */
export function useMarks(id: string): Marks {
  const api = useApi();
  const [known, setKnown] = useState<{ readonly id: string; readonly list: readonly MarkView[] } | null>(
    null,
  );
  const take = useCallback(
    async (answer: Promise<Result<readonly MarkView[]>>) => {
      const result = await answer;
      if (!result.ok) return;
      const list = result.value;
      // An answer that comes late is about a recording that is no longer shown.
      setKnown((shown) => (shown !== null && shown.id !== id ? shown : { id, list }));
    },
    [id],
  );
  // A mark that was deleted may have come back.
  const undoable = useSnapshot(({ removals }) => removals.filter(({ kind }) => kind === 'mark').length);
  // It may have come from a shortcut, or from a list that tells another id.
  const revision = useSnapshot(({ marks }) => marks.revision);
  useEffect(() => {
    let current = true;
    void api.listMarks({ id }).then((result) => {
      if (current && result.ok) setKnown({ id, list: result.value });
    });
    return () => {
      current = false;
    };
  }, [api, id, undoable, revision]);
  return {
    recordingId: id,
    list: known?.id === id ? known.list : [],
    add: (seconds) => void take(api.addMark({ id, offsetMs: Math.max(0, Math.round(seconds * 1_000)) })),
    label: (markId, label) => void take(api.labelMark({ id, markId, label })),
    remove: (markId) => void take(api.deleteMark({ id, markId })),
  };
}

/**
 * Lets media keys and the system's own controls drive the player. They are told no number and no name: the system
 * shows them on the screen, also while it is locked.
 * @param neighbours in the list: what is not there is not offered
 */
export function useMediaSession(playback: Playback, neighbours: Neighbours): void {
  const { hasPrevious, hasNext, move } = neighbours;
  useEffect(() => {
    const { mediaSession } = navigator as { readonly mediaSession?: MediaSession };
    if (mediaSession === undefined) return undefined;
    mediaSession.metadata = new MediaMetadata({ title: text('systemTitle') });
    const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
      play: () => {
        if (!playback.store.getState().playing) playback.toggle();
      },
      pause: () => {
        if (playback.store.getState().playing) playback.toggle();
      },
      seekbackward: ({ seekOffset }) => {
        playback.skip(-(seekOffset ?? 10));
      },
      seekforward: ({ seekOffset }) => {
        playback.skip(seekOffset ?? 10);
      },
      seekto: ({ seekTime }) => {
        if (seekTime !== undefined) playback.seek(seekTime);
      },
    };
    const actions = Object.entries(handlers) as [MediaSessionAction, MediaSessionActionHandler][];
    for (const [action, handler] of actions) mediaSession.setActionHandler(action, handler);
    const unsubscribe = playback.store.subscribe(({ playing }) => {
      mediaSession.playbackState = playing ? 'playing' : 'paused';
    });
    return () => {
      unsubscribe();
      for (const [action] of actions) mediaSession.setActionHandler(action, null);
      mediaSession.metadata = null;
      mediaSession.playbackState = 'none';
    };
  }, [playback]);
  useEffect(() => {
    const { mediaSession } = navigator as { readonly mediaSession?: MediaSession };
    if (mediaSession === undefined) return undefined;
    const offer = (action: MediaSessionAction, step: 1 | -1, there: boolean) => {
      mediaSession.setActionHandler(
        action,
        there
          ? () => {
              move(step);
            }
          : null,
      );
    };
    offer('previoustrack', -1, hasPrevious);
    offer('nexttrack', 1, hasNext);
    return () => {
      offer('previoustrack', -1, false);
      offer('nexttrack', 1, false);
    };
  }, [hasPrevious, hasNext, move]);
}
