import { memo, type ReactNode } from 'react';

import type { Direction, RecordingSummary } from '@shared/domain/recording';
import { formatDay, formatDayAndTime, formatFull, formatLength, formatTime } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { commonText } from '../../ui/messages';
import { text } from './messages';

/** A direction in words. */
export function directionText(direction: Direction): string {
  switch (direction) {
    case 'incoming':
      return text('directionIncoming');
    case 'outgoing':
      return text('directionOutgoing');
    case 'unknown':
      return text('directionUnknown');
  }
}

/** A recording's number in the server's characters. */
function numberText(recording: RecordingSummary): string {
  return recording.remotePartyNumber ?? commonText('unknownNumber');
}

/**
 * A row without a recording, which can have the focus all the same.
 * @param props.label why it has none
 * @param props.reachable whether Tab stops here
 */
export function BlankRow({
  id,
  index,
  selected,
  reachable,
  label,
  children,
}: {
  readonly id: string;
  readonly index: number;
  readonly selected: boolean;
  readonly reachable: boolean;
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <div
      role="row"
      id={id}
      className="row row-placeholder"
      data-index={index}
      tabIndex={reachable ? 0 : -1}
      aria-rowindex={index + 1}
      aria-selected={selected}
      aria-label={label}
    >
      {children}
    </div>
  );
}

/**
 * A recording of the list, named by number, time and length.
 * @param props.recording null: not arrived yet
 * @param props.reachable whether Tab stops here
 * @param props.today any instant of today, epoch ms; the same all day, so that rows are not drawn again
 * @param props.zone time zone that times are shown in: they are drawn again in another
 */
export const Row = memo(function Row({
  id,
  index,
  recording,
  selected,
  reachable,
  playing,
  today,
  locale,
}: {
  readonly id: string;
  readonly index: number;
  readonly recording: RecordingSummary | null;
  readonly selected: boolean;
  readonly reachable: boolean;
  readonly playing: boolean;
  readonly today: number;
  readonly zone: string;
  readonly locale: string;
}) {
  if (recording === null) {
    return (
      <BlankRow id={id} index={index} selected={selected} reachable={reachable} label={text('loading')}>
        <span role="gridcell" className="row-blank" />
      </BlankRow>
    );
  }
  const direction = directionText(recording.direction);
  const when = formatDayAndTime(recording.startTime, today, locale);
  const length = formatLength(recording.durationMs, locale);
  const number = numberText(recording);
  return (
    <div
      role="row"
      id={id}
      className="row"
      data-index={index}
      tabIndex={reachable ? 0 : -1}
      data-playing={playing || undefined}
      aria-rowindex={index + 1}
      aria-selected={selected}
      aria-label={text('row', { number, when, length })}
      title={formatFull(recording.startTime, locale)}
    >
      <span role="gridcell" className="row-cell row-who" data-direction={recording.direction}>
        <Icon name={recording.direction} />
        <span className="row-lines">
          <span className="row-number">{number}</span>
          <span className="row-detail">
            {recording.localPartyNumber === null
              ? direction
              : text('onLine', { direction, line: recording.localPartyNumber })}
          </span>
        </span>
      </span>
      <span role="gridcell" className="row-cell row-when">
        <span className="row-time">
          <span className="row-day">{formatDay(recording.startTime, today, locale)}</span>{' '}
          {formatTime(recording.startTime, locale)}
        </span>
        <span className="row-detail">{length}</span>
      </span>
    </div>
  );
});
