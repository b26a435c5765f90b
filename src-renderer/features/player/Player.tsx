import './player.css';

import { useCallback, useEffect, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';

import type { CodedError } from '../../../src-main/shared/errors';
import { mediaAddress } from '../../../src-main/shared/media';
import type { RecordingSummary } from '../../../src-main/shared/recording';
import { useApi, useLocale, useReading, useServices, useUi } from '../../store/context';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatDayAndTime, formatFull, formatLength } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { commonText } from '../../ui/strings';
import { handlePlayerKey } from './keys';
import { createPlayback, skipSeconds, speeds, type Playback } from './playback';
import { text } from './strings';

/** How long volume and speed must rest before they are remembered, ms. */
const rememberAfterMs = 400;

/** What kind of control has the focus. */
function controlOf(target: EventTarget): 'button' | 'select' | 'volume' | 'other' {
  if (!(target instanceof HTMLElement)) return 'other';
  if (target.closest('button') !== null) return 'button';
  if (target instanceof HTMLSelectElement) return 'select';
  return target.dataset['control'] === 'volume' ? 'volume' : 'other';
}

/** The filled part of a slider, for the style sheet. */
function filled(value: number, maximum: number): CSSProperties {
  const share = maximum > 0 ? Math.min(1, value / maximum) : 0;
  return { '--filled': `${(share * 100).toFixed(2)}%` } as CSSProperties;
}

/** Remembers volume and speed, once they have come to rest. */
function useRemember(playback: Playback): void {
  const api = useApi();
  const volume = useStore(playback.store, (state) => state.volume);
  const speed = useStore(playback.store, (state) => state.speed);
  const [remembered, setRemembered] = useState({ volume, speed });
  useEffect(() => {
    if (remembered.volume === volume && remembered.speed === speed) return undefined;
    const timer = setTimeout(() => {
      setRemembered({ volume, speed });
      void api.updateSettings({ player: { volume, speed } });
    }, rememberAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, [api, remembered, volume, speed]);
}

function Seeking({ playback }: { readonly playback: Playback }) {
  const locale = useLocale();
  const { position, length } = useStore(playback.store);
  return (
    <input
      className="slider player-position"
      type="range"
      aria-label={text('position')}
      aria-valuetext={text('positionValue', {
        position: formatLength(position * 1_000, locale),
        length: formatLength(length * 1_000, locale),
      })}
      min={0}
      max={Math.max(length, 0.1)}
      step={0.1}
      value={position}
      style={filled(position, length)}
      onChange={(event) => {
        playback.seek(event.target.valueAsNumber);
      }}
    />
  );
}

function Transport({ playback }: { readonly playback: Playback }) {
  const locale = useLocale();
  const { playing, position, length, waiting, failed } = useStore(playback.store);
  return (
    <>
      <button
        type="button"
        className="button button-icon player-skip"
        aria-label={text('back')}
        title={text('back')}
        disabled={failed}
        onClick={() => {
          playback.skip(-skipSeconds);
        }}
      >
        <Icon name="back10" />
      </button>
      <button
        type="button"
        className="player-toggle"
        aria-label={playing ? text('pause') : text('play')}
        title={playing ? text('pause') : text('play')}
        disabled={failed}
        onClick={() => {
          playback.toggle();
        }}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        className="button button-icon player-skip"
        aria-label={text('forward')}
        title={text('forward')}
        disabled={failed}
        onClick={() => {
          playback.skip(skipSeconds);
        }}
      >
        <Icon name="forward10" />
      </button>
      <span className="player-time">
        {formatLength(position * 1_000, locale)}
        <span className="player-length">
          {waiting && position === 0 ? text('loading') : `/ ${formatLength(length * 1_000, locale)}`}
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
      <select
        className="player-speed"
        aria-label={text('speed')}
        title={text('speed')}
        value={speed}
        onChange={(event) => {
          playback.setSpeed(Number(event.target.value));
        }}
      >
        {offered.map((value) => (
          <option key={value} value={value}>
            {text('speedValue', { speed: number.format(value) })}
          </option>
        ))}
      </select>
    </>
  );
}

/** Why there is no sound: the download's own reason where it failed, else that it could not be played. */
function Failure({ playback, id }: { readonly playback: Playback; readonly id: string }) {
  const api = useApi();
  const failed = useStore(playback.store, (state) => state.failed);
  const [reason, setReason] = useState<{ readonly id: string; readonly error: CodedError } | null>(null);
  useEffect(() => {
    if (!failed) return undefined;
    let current = true;
    // The audio element itself tells no reason.
    void api.getMediaProgress({ id }).then((result) => {
      if (!current || !result.ok || result.value.error === null) return;
      setReason({ id, error: result.value.error });
    });
    return () => {
      current = false;
    };
  }, [api, failed, id]);
  if (!failed) return null;
  const retry = () => {
    setReason(null);
    playback.retry();
  };
  if (reason?.id === id) return <ErrorNote error={reason.error} onRetry={retry} />;
  return (
    <div className="note note-danger" role="alert">
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
  );
}

function Controls({
  playback,
  recording,
}: {
  readonly playback: Playback;
  readonly recording: RecordingSummary;
}) {
  const locale = useLocale();
  const reading = useReading();
  const closePlayer = useUi((ui) => ui.closePlayer);
  useRemember(playback);
  const now = reading.receivedAt + reading.wallOffset;
  return (
    <>
      <div className="player-head">
        <span className="player-number selectable">{recording.remotePartyNumber}</span>
        <span className="player-when" title={formatFull(recording.startTime, locale)}>
          {formatDayAndTime(recording.startTime, now, locale)}
        </span>
        <button
          type="button"
          className="button button-icon"
          aria-label={text('close')}
          title={text('close')}
          onClick={closePlayer}
        >
          <Icon name="close" />
        </button>
      </div>
      <Failure playback={playback} id={recording.id} />
      <Seeking playback={playback} />
      <div className="player-controls">
        <Transport playback={playback} />
        <Sound playback={playback} />
      </div>
    </>
  );
}

/**
 * The player, docked at the bottom of the window; plays as soon as it is there.
 * @param props.recording what is loaded
 * @param props.request grows each time playing is asked for, also of the same recording
 */
export function Player({
  recording,
  request,
}: {
  readonly recording: RecordingSummary;
  readonly request: number;
}) {
  const { mirror } = useServices();
  const [playback, setPlayback] = useState<Playback | null>(null);
  const attach = useCallback(
    (audio: HTMLAudioElement) => {
      const remembered = mirror.store.getState().reading?.snapshot.settings.player;
      const created = createPlayback(audio, {
        volume: remembered?.volume ?? 1,
        speed: remembered?.speed ?? 1,
      });
      setPlayback(created);
      return () => {
        created.dispose();
      };
    },
    [mirror],
  );
  const { id, durationMs } = recording;
  useEffect(() => {
    playback?.play(mediaAddress(id), durationMs);
  }, [playback, id, durationMs, request]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (playback === null || !handlePlayerKey(event, controlOf(event.target), playback)) return;
    event.preventDefault();
  };
  return (
    <section className="player" aria-label={text('region')} tabIndex={0} onKeyDown={onKeyDown}>
      <audio ref={attach} hidden preload="auto" />
      {playback !== null && <Controls playback={playback} recording={recording} />}
    </section>
  );
}
