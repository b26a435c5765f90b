import type { RecordingSummary } from '@shared/domain/recording';
import type { ActiveRecordingView, RecorderStatus, Snapshot } from '@shared/ipc/snapshot';
import { formatElapsed } from '@shared/text/format';
import { createTranslate } from '@shared/text/messages';

/** What a press in the tray menu does. */
export type TrayCommand =
  | { readonly kind: 'record' | 'stop' | 'pause' | 'resume' | 'record-next-call' | 'cancel-waiting' }
  | { readonly kind: 'play'; readonly recording: RecordingSummary }
  | { readonly kind: 'open' | 'settings' | 'quit' };

/** A line of the tray menu. */
export type TrayMenuItem =
  | {
      readonly kind: 'command';
      readonly label: string;
      readonly enabled: boolean;
      readonly command: TrayCommand;
    }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly TrayMenuItem[] }
  | { readonly kind: 'separator' };

/** The tray as it is shown. */
export interface TrayModel {
  readonly icon: RecorderStatus;
  readonly tooltip: string;
  readonly menu: readonly TrayMenuItem[];
  /** When the tooltip changes by itself: ms until the next full second of a running time; null where it stands. */
  readonly nextChangeMs: number | null;
}

const strings = {
  product: 'RecLight',
  tooltip: '{product} – {state}',
  'signed-out': 'Signed out',
  // Until the server has told the state, it is not known.
  connecting: 'State unknown',
  'not-recording': 'Not recording',
  starting: 'Starting…',
  recording: 'Recording',
  'recording-time': 'Recording {time}',
  'recording-more': 'Recording {time} and {count} more',
  paused: 'Paused',
  'paused-time': 'Paused {time}',
  'recording-beside-paused': 'Recording (this one paused {time}) and {count} more',
  colleague: 'A colleague is recorded on your line',
  'colleague-paused': 'A colleague’s recording is paused on your line',
  stopping: 'Stopping…',
  waiting: 'Waiting for a call…',
  unknown: 'State unknown',
  'not-visible': 'Not visible to you',
  locked: 'Password refused',
  record: 'Record',
  stop: 'Stop',
  pause: 'Pause',
  resume: 'Resume',
  'record-next-call': 'Record next call',
  cancel: 'Cancel',
  recent: 'Recent recordings',
  'recent-none': 'None',
  'recent-item': '{party}, {when}, {length}',
  'unknown-number': 'Unknown number',
  open: 'Open RecLight',
  settings: 'Settings…',
  quit: 'Quit RecLight',
} as const;

const translate = createTranslate(strings);

/**
 * How long a recording has run at a moment.
 * @param recording from a snapshot
 * @param nowMono the main process's monotonic clock, ms
 */
export function elapsedAt(recording: ActiveRecordingView, nowMono: number): number {
  return recording.elapsedMs + (recording.ticking ? Math.max(0, nowMono - recording.anchorMono) : 0);
}

function stateText(snapshot: Snapshot): string {
  const { status, recordings } = snapshot.recorder;
  // The first one is the one that the commands act on.
  const [shown] = recordings;
  if (shown === undefined || (status !== 'recording' && status !== 'paused')) return translate(status);
  const time = formatElapsed(elapsedAt(shown, snapshot.sentAtMono));
  const others = recordings.length - 1;
  if (!shown.own) return translate(status === 'paused' ? 'colleague-paused' : 'colleague');
  if (shown.isPaused)
    return others > 0 && status === 'recording'
      ? translate('recording-beside-paused', { time, count: others })
      : translate('paused-time', { time });
  return others > 0
    ? translate('recording-more', { time, count: others })
    : translate('recording-time', { time });
}

function recentItem(recording: RecordingSummary, locale: string): TrayMenuItem {
  const when = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  return {
    kind: 'command',
    label: translate('recent-item', {
      party: recording.remotePartyNumber ?? translate('unknown-number'),
      when: when.format(recording.startTime),
      length: formatElapsed(recording.durationMs),
    }),
    enabled: true,
    command: { kind: 'play', recording },
  };
}

/**
 * What icon, tooltip and menu show for a snapshot (names and words as in `docs/design.md`).
 * @param snapshot stamped with the present moment
 */
export function trayModel(snapshot: Snapshot): TrayModel {
  const { recorder, recordings, environment, session } = snapshot;
  const { controls } = recorder;
  const command = (
    label: string,
    enabled: boolean,
    kind: Exclude<TrayCommand['kind'], 'play'>,
  ): TrayMenuItem => ({
    kind: 'command',
    label,
    enabled,
    command: { kind },
  });

  const recent = recordings.recent.map((recording) => recentItem(recording, environment.locale));
  const none = command(translate('recent-none'), false, 'open');
  const signedIn = session.status === 'signed-in';
  // The label speaks of the recording that the commands act on, as the tooltip does.
  const isPaused =
    recorder.status === 'paused' || recorder.recordings[0]?.isPaused === true || !controls.pause;
  const menu: TrayMenuItem[] = [
    command(translate('record'), controls.record, 'record'),
    command(translate('stop'), controls.stop, 'stop'),
    ...(controls.pause || controls.resume
      ? [
          isPaused
            ? command(translate('resume'), controls.resume, 'resume')
            : command(translate('pause'), controls.pause, 'pause'),
        ]
      : []),
    recorder.status === 'waiting'
      ? command(translate('cancel'), controls.cancelWaiting, 'cancel-waiting')
      : command(translate('record-next-call'), controls.recordNextCall, 'record-next-call'),
    { kind: 'separator' },
    {
      kind: 'submenu',
      label: translate('recent'),
      items: signedIn && recent.length > 0 ? recent : [none],
    },
    { kind: 'separator' },
    command(translate('open'), true, 'open'),
    command(translate('settings'), signedIn, 'settings'),
    command(translate('quit'), true, 'quit'),
  ];

  const ticking = recorder.recordings.find((recording) => recording.ticking);
  const elapsed = ticking === undefined ? null : elapsedAt(ticking, snapshot.sentAtMono);
  return {
    icon: recorder.status,
    tooltip: translate('tooltip', { product: translate('product'), state: stateText(snapshot) }),
    menu,
    nextChangeMs: elapsed === null ? null : 1_000 - (Math.floor(elapsed) % 1_000),
  };
}
