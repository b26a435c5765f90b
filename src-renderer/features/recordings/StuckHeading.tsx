import { useLocale } from '../../services/context';
import type { RecordingsListView } from '../../services/recordings-list/contract';
import { formatDay } from '../../ui/format';
import { beginsDay, headingHeight } from './days';
import type { RowItem } from './row-window';

/**
 * The heading of the day that is at the top; the next day's heading pushes it out of the way.
 * @param props.items rows that exist
 * @param props.scrollTop of what is seen, px from the top of all rows
 * @param props.today the start of today, epoch ms
 */
export function StuckHeading({
  items,
  scrollTop,
  view,
  today,
}: {
  readonly items: readonly RowItem[];
  readonly scrollTop: number;
  readonly view: RecordingsListView;
  readonly today: number;
}) {
  const locale = useLocale();
  const topItem = items.find(({ end }) => end > scrollTop);
  const topRow = topItem === undefined ? null : view.rowAt(topItem.index);
  if (topRow === null) return null;
  const next = items.find(({ index, start }) => start > scrollTop && beginsDay(view.headings, index));
  const push = Math.min(0, (next?.start ?? Infinity) - scrollTop - headingHeight);
  return (
    <div
      className="grid-heading grid-heading-stuck"
      aria-hidden="true"
      style={{ transform: `translateY(${push}px)` }}
    >
      {formatDay(topRow.startTime, today, locale)}
    </div>
  );
}
