import type { PlayerEngine } from '../../services/player/engine';
import { skipSeconds, type Playback } from '../../services/player/playback';
import type { Marks } from './hooks';

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
  /** What has the focus. */
  readonly target: EventTarget;
}

/** What the keys act on. */
export interface PlayerKeyTargets {
  readonly engine: PlayerEngine;
  readonly marks: Marks;
  /** Plays the recording before (-1) or after (1). */
  move(step: 1 | -1): void;
}

/** What kind of control has the focus. */
type Control = 'button' | 'select' | 'volume' | 'text' | 'other';

function controlOf(target: EventTarget): Control {
  if (!(target instanceof HTMLElement)) return 'other';
  if (target.closest('button') !== null) return 'button';
  if (target instanceof HTMLSelectElement) return 'select';
  if (target instanceof HTMLInputElement && target.type === 'text') return 'text';
  return target.dataset['control'] === 'volume' ? 'volume' : 'other';
}

/** Keys of the sound itself. @returns whether the key is one of them */
function soundKey(press: PlayerKey, control: Control, playback: Playback): boolean {
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

/** What the player's own letters do. */
function letterOf(key: string, { engine, marks, move }: PlayerKeyTargets): (() => void) | null {
  const { playback, skipping } = engine;
  const position = playback.now();
  const seconds = marks.list.map(({ offsetMs }) => offsetMs / 1_000);
  // Who has just jumped to a mark and presses again means the one before it.
  const justPassed = 0.8;
  const target =
    key === '['
      ? seconds.findLast((mark) => mark < position - justPassed)
      : seconds.find((mark) => mark > position + 0.05);
  const letters: Readonly<Record<string, () => void>> = {
    m: () => {
      marks.add(position);
    },
    l: () => {
      skipping.stepLoop();
    },
    s: () => {
      skipping.setSkipsSilence(!skipping.store.getState().skipsSilence);
    },
    n: () => {
      move(1);
    },
    p: () => {
      move(-1);
    },
  };
  if (key === '[' || key === ']') {
    return () => {
      if (target !== undefined) playback.seek(target);
    };
  }
  return letters[key.toLowerCase()] ?? null;
}

/**
 * What the keys do while the player has the focus: Space plays and pauses, arrows left and right go 5 s (with Shift
 * 10 s), up and down change the volume, `,` and `.` the speed, a digit jumps to that many tenths, `[` and `]` to the mark
 * before and after; `m` adds a mark, `l` loops, `s` skips silence, `n` and `p` play the next recording and the one before.
 * @param press the key; the control that has the focus keeps its own keys
 * @returns whether the key was used
 */
export function handlePlayerKey(press: PlayerKey, targets: PlayerKeyTargets): boolean {
  const { key, ctrlKey, altKey, metaKey } = press;
  const control = controlOf(press.target);
  if (soundKey(press, control, targets.engine.playback)) return true;
  // Many keyboards type a bracket with Option or AltGr, which is Ctrl and Alt as well.
  const isBracket = (key === '[' || key === ']') && altKey;
  const isCommand = (ctrlKey || altKey) && !isBracket;
  if (control === 'text' || control === 'select' || isCommand || metaKey) return false;
  const letter = letterOf(key, targets);
  letter?.();
  return letter !== null;
}
