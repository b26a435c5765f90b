import { expect, it, vi } from 'vitest';

import { mediaRequestOf } from '@shared/domain/media';
import { createPlayback } from '../../../../src-renderer/services/player/playback';
import { guid } from '../../../fixtures/examples';

it('tells of another recording only when its sound has been asked for', () => {
  const audio = document.createElement('audio');
  vi.spyOn(audio, 'play').mockResolvedValue();
  const playback = createPlayback(audio, () => undefined);
  const asked: unknown[] = [];
  playback.store.subscribe(({ ask }, before) => {
    if (ask !== before.ask) asked.push(mediaRequestOf(audio.src));
  });
  const asks: unknown[] = [];
  for (const id of [guid(1), guid(2)]) {
    playback.play(id, 60_000);
    asks.push({ id, ask: playback.store.getState().ask });
  }
  expect(asked).toEqual(asks);
});
