import { skipSeconds, type Playback } from '../../services/player/playback';

/** How far an arrow key goes, s. */
const arrowSeconds = 5;

/** How much louder or quieter an arrow key makes it. */
const volumeStep = 0.05;

/** A key press as far as the player needs it. */
export interface PlayerKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * What the keys do while the player has the focus: Space plays and pauses, arrows left and right go 5 s (with Shift
 * 10 s), up and down change the volume, `,` and `.` the speed, a digit jumps to that many tenths.
 * @param press the key
 * @param control what has the focus: its own keys stay its own
 * @param playback to drive
 * @returns whether the key was used
 */
export function handlePlayerKey(
  press: PlayerKey,
  control: 'button' | 'select' | 'volume' | 'text' | 'other',
  playback: Playback,
): boolean {
  if (press.ctrlKey || press.altKey || press.metaKey || control === 'select' || control === 'text') {
    return false;
  }
  const { volume, length } = playback.store.getState();
  const step = press.shiftKey ? skipSeconds : arrowSeconds;
  const vertical = press.key === 'ArrowUp' || press.key === 'ArrowDown';
  const horizontal = press.key === 'ArrowLeft' || press.key === 'ArrowRight';
  if (vertical || (horizontal && control === 'volume')) {
    const louder = press.key === 'ArrowUp' || press.key === 'ArrowRight';
    playback.setVolume(Math.round((volume + (louder ? volumeStep : -volumeStep)) * 100) / 100);
    return true;
  }
  if (horizontal) {
    playback.skip(press.key === 'ArrowRight' ? step : -step);
    return true;
  }
  if (press.key === ' ') {
    if (control === 'button') return false;
    playback.toggle();
    return true;
  }
  if (press.key === ',' || press.key === '.') {
    playback.stepSpeed(press.key === '.' ? 1 : -1);
    return true;
  }
  if (/^[0-9]$/.test(press.key)) {
    playback.seek((length * Number(press.key)) / 10);
    return true;
  }
  return false;
}
