import { useEffect, useId, useRef, useState } from 'react';

import { useUi } from '../../services/context';
import { noFilters, type LengthChoice, type Period } from '../../services/ui';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Select } from '../../ui/Select';
import { TextInput } from '../../ui/TextInput';
import { datesOf, isFiltered, type Asking } from './query';
import { DateField } from './DateField';
import { text } from './messages';

const periods: readonly {
  /** null: all of them. */
  readonly period: Period | null;
  readonly label: 'all' | 'today' | 'yesterday' | 'thisWeek';
}[] = [
  { period: null, label: 'all' },
  { period: 'today', label: 'today' },
  { period: 'yesterday', label: 'yesterday' },
  { period: 'this-week', label: 'thisWeek' },
];

const lengths: readonly {
  readonly length: LengthChoice;
  readonly label:
    'lengthAll' | 'lengthShort' | 'lengthMinute' | 'lengthMinutes' | 'lengthLong' | 'lengthLongest';
}[] = [
  { length: 'all', label: 'lengthAll' },
  { length: 'short', label: 'lengthShort' },
  { length: 'minute', label: 'lengthMinute' },
  { length: 'minutes', label: 'lengthMinutes' },
  { length: 'long', label: 'lengthLong' },
  { length: 'longest', label: 'lengthLongest' },
];

/** The filters that few need, and the way out of all of them. */
function MoreFilters({ id }: { readonly id: string }) {
  const filters = useUi((ui) => ui.filters);
  const setFilters = useUi((ui) => ui.setFilters);
  return (
    <div id={id} className="filters-row filters-more">
      <TextInput
        className="filters-control filters-line"
        aria-label={text('localLine')}
        placeholder={text('localLine')}
        maxLength={128}
        value={filters.localLine}
        onChange={(localLine) => {
          setFilters({ localLine });
        }}
      />
      <Select
        className="filters-control filters-length"
        aria-label={text('lengthFilter')}
        title={text('lengthFilter')}
        value={filters.length}
        options={lengths.map(({ length, label }) => ({ value: length, label: text(label) }))}
        onChange={(length) => {
          setFilters({ length });
        }}
      />
      <button
        type="button"
        className="chip filters-clear"
        // Not `disabled`, which would drop the focus of the pressed button.
        aria-disabled={!isFiltered(filters)}
        onClick={() => {
          setFilters(noFilters);
        }}
      >
        {text('clearFilters')}
      </button>
    </div>
  );
}

/**
 * What the list is narrowed to.
 * @param props.asking when and where, for what *Today* means
 * @param props.loading turns the refresh button
 * @param props.onExport saves the list as it is narrowed now; null where there is nothing to export
 */
export function Filters({
  asking,
  loading,
  onExport,
}: {
  readonly asking: Asking;
  readonly loading: boolean;
  readonly onExport: (() => void) | null;
}) {
  const filters = useUi((ui) => ui.filters);
  const setFilters = useUi((ui) => ui.setFilters);
  const refresh = useUi((ui) => ui.refresh);
  const search = useRef<HTMLInputElement>(null);
  const moreId = useId();
  const inUse = filters.localLine.trim() !== '' || filters.length !== 'all';
  const [more, setMore] = useState(inUse);
  const dates = datesOf(filters, asking);
  const isAll = filters.period === null && dates.from === '' && dates.to === '';
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    };
    window.addEventListener('keydown', find);
    return () => {
      window.removeEventListener('keydown', find);
    };
  }, []);
  return (
    <div className="filters">
      <div className="filters-row">
        <div className="filters-search">
          <Icon name="search" size={14} />
          <TextInput
            ref={search}
            type="search"
            aria-label={text('search')}
            placeholder={text('search')}
            maxLength={128}
            value={filters.remoteNumber}
            onChange={(remoteNumber) => {
              setFilters({ remoteNumber });
            }}
          />
        </div>
        <div className="filters-chips" role="group" aria-label={text('period')}>
          {periods.map(({ period, label }) => (
            <button
              key={period}
              type="button"
              className="chip"
              aria-pressed={period === null ? isAll : period === filters.period}
              onClick={() => {
                setFilters({ period, from: '', to: '' });
              }}
            >
              {text(label)}
            </button>
          ))}
        </div>
      </div>
      <div className="filters-row filters-more">
        <DateField
          label={text('from')}
          value={dates.from}
          last={dates.to}
          onChange={(from) => {
            setFilters({ period: null, from, to: dates.to });
          }}
        />
        <DateField
          label={text('to')}
          value={dates.to}
          first={dates.from}
          onChange={(to) => {
            setFilters({ period: null, from: dates.from, to });
          }}
        />
        <Select
          className="filters-control filters-direction"
          aria-label={text('direction')}
          title={text('direction')}
          value={filters.direction}
          options={[
            { value: 'all', label: text('directionAll') },
            { value: 'incoming', label: text('directionIncoming') },
            { value: 'outgoing', label: text('directionOutgoing') },
            { value: 'unknown', label: text('directionUnknown') },
          ]}
          onChange={(direction) => {
            setFilters({ direction });
          }}
        />
        <IconButton
          icon="filter"
          label={text(inUse ? 'moreFiltersActive' : 'moreFilters')}
          aria-expanded={more}
          aria-controls={more ? moreId : undefined}
          data-in-use={inUse || undefined}
          onClick={() => {
            setMore(!more);
          }}
        />
        <IconButton
          icon="refresh"
          label={text('refresh')}
          aria-busy={loading || undefined}
          onClick={refresh}
        />
        <IconButton
          icon="save"
          label={text('exportList')}
          aria-disabled={onExport === null || undefined}
          onClick={() => onExport?.()}
        />
      </div>
      {more && <MoreFilters id={moreId} />}
    </div>
  );
}
