import './player.css';

import { useState, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';

import type { RecordingSummary } from '@shared/domain/recording';
import { useLocale, useUi } from '../../services/context';
import { useToday } from '../../services/today';
import { formatDayAndTime, formatFull, formatLength } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { commonText } from '../../ui/messages';
import { passFocusOn } from '../../ui/pass-focus-on';
import { Select } from '../../ui/Select';
import type { PlayerEngine } from '../../services/player/engine';
import { Failure } from './Failure';
import { useMarks, useMediaSession, useNeighbours, type Marks, type Neighbours } from './hooks';
import { handlePlayerKey } from './keys';
import type { LoadedPlayer } from '../../services/player/player';
import { skipSeconds, speeds, type Playback } from '../../services/player/playback';
import { filled, Seeking } from './Seeking';
import { text } from './messages';
import { Tools } from './Tools';
import { useRemember } from './use-remember';

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

/**
 * The player, docked at the bottom of the window.
 * @param props.loaded what plays
 */
export function Player({ loaded: { engine, recording } }: { readonly loaded: LoadedPlayer }) {
  const marks = useMarks(recording.id);
  const neighbours = useNeighbours(recording.id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (handlePlayerKey(event, { engine, marks, move: neighbours.move })) event.preventDefault();
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
