import { createTranslate } from '../../../src-main/shared/messages';

const messages = {
  region: 'Player',
  play: 'Play',
  pause: 'Pause',
  back: 'Back 10 seconds',
  forward: 'Forward 10 seconds',
  close: 'Close player',
  position: 'Position',
  positionValue: '{position} of {length}',
  volume: 'Volume',
  volumeValue: '{volume}',
  speed: 'Playback speed',
  speedValue: '{speed}×',
  loading: 'Loading…',
  failedWhat: 'This recording could not be played.',
  failedNext: 'Check your connection and try again; if it happens again, ask your administrator.',
} as const;

/** Words of the player. */
export const text = createTranslate(messages);
