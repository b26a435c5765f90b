import './player.css';

import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';

import type { RecordingSummary } from '@shared/domain/recording';
import { useApi, useLocale, useUi } from '../../services/context';
import { useToday } from '../../services/today';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatDayAndTime, formatFull, formatLength } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { commonText } from '../../ui/messages';
import { passFocusOn } from '../../ui/pass-focus-on';
import { Select } from '../../ui/Select';
import { useSaving } from '../saving/use-saving';
import { shareArrived } from '../../services/player/arrival';
import type { PlayerEngine } from '../../services/player/engine';
import { useMarks, useMediaSession, useNeighbours, type Marks, type Neighbours } from './hooks';
import { handlePlayerKey } from './keys';
import type { LoadedPlayer } from '../../services/player/player';
import { skipSeconds, speeds, type Playback } from '../../services/player/playback';
import { filled, Seeking } from './Seeking';
import { text } from './messages';
import { Tools } from './Tools';

/** How long volume and speed must rest before they are remembered, ms. */
const rememberAfterMs = 400;

/** Codes of a `MediaError`. */
const decodeFailed = 3;
const notSupported = 4;

/** What kind of control has the focus. */
function controlOf(target: EventTarget): 'button' | 'select' | 'volume' | 'text' | 'other' {
  if (!(target instanceof HTMLElement)) return 'other';
  if (target.closest('button') !== null) return 'button';
  if (target instanceof HTMLSelectElement) return 'select';
  if (target instanceof HTMLInputElement && target.type === 'text') return 'text';
  return target.dataset['control'] === 'volume' ? 'volume' : 'other';
}

/** Remembers volume and speed, once they have come to rest, or their player or window goes. */
function useRemember(playback: Playback): void {
  const api = useApi();
  const volume = useStore(playback.store, (state) => state.volume);
  const speed = useStore(playback.store, (state) => state.speed);
  const [remembered, setRemembered] = useState({ volume, speed });
  /** Of what has not come to rest. */
  const owed = useRef<(() => void) | null>(null);
  useEffect(() => {
    owed.current = null;
    if (remembered.volume === volume && remembered.speed === speed) return undefined;
    const remember = () => {
      owed.current = null;
      setRemembered({ volume, speed });
      void api.updateSettings({ player: { volume, speed } });
    };
    owed.current = remember;
    const timer = setTimeout(remember, rememberAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, [api, remembered, volume, speed]);
  useEffect(() => {
    const settle = () => owed.current?.();
    window.addEventListener('pagehide', settle);
    return () => {
      window.removeEventListener('pagehide', settle);
      settle();
    };
  }, []);
}

function Transport({ playback }: { readonly playback: Playback }) {
  const locale = useLocale();
  const { playing, position, length, waiting, failed } = useStore(playback.store);
  return (
    <>
      <IconButton
        icon="back10"
        className="player-skip"
        label={text('back')}
        // Not `disabled`, which would drop the focus of the pressed button.
        aria-disabled={failed || undefined}
        onClick={() => {
          if (!failed) playback.skip(-skipSeconds);
        }}
      />
      <button
        type="button"
        className="player-toggle"
        aria-label={playing ? text('pause') : text('play')}
        title={playing ? text('pause') : text('play')}
        aria-disabled={failed || undefined}
        onClick={() => {
          if (!failed) playback.toggle();
        }}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <IconButton
        icon="forward10"
        className="player-skip"
        label={text('forward')}
        aria-disabled={failed || undefined}
        onClick={() => {
          if (!failed) playback.skip(skipSeconds);
        }}
      />
      <span className="player-time">
        {formatLength(position * 1_000, locale)}
        <span className="player-length">
          {waiting ? text('loading') : `/ ${formatLength(length * 1_000, locale)}`}
        </span>
      </span>
    </>
  );
}

function Sound({ playback }: { readonly playback: Playback }) {
  const locale = useLocale();
  const { volume, speed } = useStore(playback.store);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const offered = [...new Set<number>([...speeds, speed])].sort((a, b) => a - b);
  return (
    <>
      <span className="player-volume">
        <Icon name={volume === 0 ? 'muted' : 'volume'} />
        <input
          className="slider"
          type="range"
          data-control="volume"
          aria-label={text('volume')}
          aria-valuetext={text('volumeValue', { volume: percent.format(volume) })}
          title={text('volume')}
          min={0}
          max={1}
          step={0.05}
          value={volume}
          style={filled(volume, 1)}
          onChange={(event) => {
            playback.setVolume(event.target.valueAsNumber);
          }}
        />
      </span>
      <Select
        className="player-speed"
        aria-label={text('speed')}
        title={text('speed')}
        value={speed}
        options={offered.map((value) => ({
          value,
          label: text('speedValue', { speed: number.format(value) }),
        }))}
        onChange={(chosen) => {
          playback.setSpeed(chosen);
        }}
      />
    </>
  );
}

/** What cannot be played here can be kept, and played elsewhere: asking for it again would bring the same. */
function Undecodable({ id, from }: { readonly id: string; readonly from: number }) {
  const locale = useLocale();
  const { save, error } = useSaving();
  return (
    <>
      <div ref={passFocusOn} className="note note-danger" role="alert">
        <div className="note-body">
          <p className="note-what">
            {from >= 1
              ? text('undecodableFrom', { time: formatLength(Math.floor(from) * 1_000, locale) })
              : text('undecodable')}
          </p>
          <p>{text('undecodableNext')}</p>
          <div className="note-actions">
            <button
              type="button"
              className="link-button"
              onClick={() => {
                save({ kind: 'recordings', ids: [id] });
              }}
            >
              {text('save')}
            </button>
          </div>
        </div>
      </div>
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}

/** Why there is no sound, or not all of it: the download's own reason where it failed. */
function Failure({
  engine: { playback, progress: followed, waveform },
  id,
}: {
  readonly engine: PlayerEngine;
  readonly id: string;
}) {
  const locale = useLocale();
  const { failed, errorCode, length, position } = useStore(playback.store);
  const peaks = useStore(waveform.store, (state) => state.peaks);
  const { progress, judged } = useStore(followed.store);
  const cut = progress?.status === 'failed';
  // The element gives no reason: it is said once, and not before it is known.
  if (failed ? !judged : !cut) return null;
  // What came whole, and is something, is not to be had any better.
  const cameWhole = progress?.status === 'complete' && progress.receivedBytes > 0;
  const undecodable = errorCode === decodeFailed || (errorCode === notSupported && cameWhole);
  if (undecodable && !cut) return <Undecodable id={id} from={progress?.sound?.changesAt ?? position} />;
  const retry = () => {
    playback.retry();
  };
  const error = progress?.error ?? null;
  const arrived = shareArrived(progress, peaks, length) * length;
  return (
    <>
      {cut && arrived > 0 && (
        <p className="player-cut">
          {text('cutWhat', { time: formatLength(Math.floor(arrived) * 1_000, locale) })}
        </p>
      )}
      {error !== null ? (
        <ErrorNote error={error} onRetry={retry} />
      ) : (
        <div ref={passFocusOn} className="note note-danger" role="alert">
          <div className="note-body">
            <p className="note-what">{text('failedWhat')}</p>
            <p>{text('failedNext')}</p>
            <div className="note-actions">
              <button type="button" className="link-button" onClick={retry}>
                {commonText('tryAgain')}
              </button>
            </div>
          </div>
        </div>
      )}
    </>
  );
}

function Controls({
  engine,
  recording,
  marks,
  neighbours,
}: {
  readonly engine: PlayerEngine;
  readonly recording: RecordingSummary;
  readonly marks: Marks;
  readonly neighbours: Neighbours;
}) {
  const { playback } = engine;
  const locale = useLocale();
  const closePlayer = useUi((ui) => ui.closePlayer);
  const [more, setMore] = useState(false);
  useRemember(playback);
  useMediaSession(playback, neighbours);
  const today = useToday().start;
  return (
    <>
      <div className="player-head">
        <span className="player-number selectable">
          {recording.remotePartyNumber ?? commonText('unknownNumber')}
        </span>
        <span className="player-when" title={formatFull(recording.startTime, locale)}>
          {formatDayAndTime(recording.startTime, today, locale)}
        </span>
        <IconButton
          icon="mark"
          label={text('addMark')}
          onClick={() => {
            marks.add(playback.now());
          }}
        />
        <IconButton
          icon="more"
          label={text('more')}
          aria-expanded={more}
          onClick={() => {
            setMore(!more);
          }}
        />
        <IconButton
          icon="close"
          label={text('close')}
          onClick={() => {
            // Back to the list, which what was played came from; next to the player may be a button that stops a save.
            document
              .querySelector<HTMLElement>('[role="grid"] [tabindex="0"]')
              ?.focus({ preventScroll: true });
            closePlayer();
          }}
        />
      </div>
      <Failure engine={engine} id={recording.id} />
      <Seeking engine={engine} marks={marks.list} />
      <div className="player-controls">
        <Transport playback={playback} />
        <Sound playback={playback} />
      </div>
      {more && <Tools engine={engine} marks={marks} neighbours={neighbours} />}
    </>
  );
}

/** What the player's own letters do. */
function letterOf(
  key: string,
  engine: PlayerEngine,
  marks: Marks,
  move: (step: 1 | -1) => void,
): (() => void) | null {
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
 * The player, docked at the bottom of the window.
 * @param props.loaded what plays
 */
export function Player({ loaded: { engine, recording } }: { readonly loaded: LoadedPlayer }) {
  const marks = useMarks(recording.id);
  const neighbours = useNeighbours(recording.id);
  const onKeyDown = (event: KeyboardEvent) => {
    const control = controlOf(event.target);
    if (handlePlayerKey(event, control, engine.playback)) {
      event.preventDefault();
      return;
    }
    // Many keyboards type a bracket with Option or AltGr, which is Ctrl and Alt as well.
    const isBracket = (event.key === '[' || event.key === ']') && event.altKey;
    const isCommand = (event.ctrlKey || event.altKey) && !isBracket;
    if (control === 'text' || control === 'select' || isCommand || event.metaKey) return;
    const letter = letterOf(event.key, engine, marks, neighbours.move);
    if (letter === null) return;
    event.preventDefault();
    letter();
  };
  return (
    <section
      ref={passFocusOn}
      className="player"
      aria-label={text('region')}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Controls engine={engine} recording={recording} marks={marks} neighbours={neighbours} />
    </section>
  );
}
