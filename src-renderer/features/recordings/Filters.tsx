import { useEffect, useRef } from 'react';

import { useLocale, useUi } from '../../store/context';
import { Icon } from '../../ui/Icon';
import { directionOf, periodDates, type Period } from './query';
import { text } from './strings';

const periods: readonly {
  readonly period: Period;
  readonly label: 'all' | 'today' | 'yesterday' | 'thisWeek';
}[] = [
  { period: 'all', label: 'all' },
  { period: 'today', label: 'today' },
  { period: 'yesterday', label: 'yesterday' },
  { period: 'this-week', label: 'thisWeek' },
];

/**
 * What the list is narrowed to.
 * @param props.now epoch ms, for *Today*
 * @param props.loading turns the refresh button
 * @param props.onExport saves the list as it is narrowed now; null where there is nothing to export
 */
export function Filters({
  now,
  loading,
  onExport,
}: {
  readonly now: number;
  readonly loading: boolean;
  readonly onExport: (() => void) | null;
}) {
  const locale = useLocale();
  const filters = useUi((ui) => ui.filters);
  const setFilters = useUi((ui) => ui.setFilters);
  const refresh = useUi((ui) => ui.refresh);
  const search = useRef<HTMLInputElement>(null);
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
          <input
            ref={search}
            className="input"
            type="search"
            aria-label={text('search')}
            placeholder={text('search')}
            maxLength={128}
            spellCheck={false}
            autoComplete="off"
            value={filters.remoteNumber}
            onChange={(event) => {
              setFilters({ remoteNumber: event.target.value });
            }}
          />
        </div>
        <div className="filters-chips" role="group" aria-label={text('period')}>
          {periods.map(({ period, label }) => {
            const dates = periodDates(period, now, locale);
            return (
              <button
                key={period}
                type="button"
                className="chip"
                aria-pressed={filters.from === dates.from && filters.to === dates.to}
                onClick={() => {
                  setFilters(dates);
                }}
              >
                {text(label)}
              </button>
            );
          })}
        </div>
      </div>
      <div className="filters-row filters-more">
        <label className="filters-label">
          {text('from')}
          <input
            className="filters-control filters-date"
            type="date"
            max={filters.to || undefined}
            data-empty={filters.from === '' || undefined}
            value={filters.from}
            onChange={(event) => {
              setFilters({ from: event.target.value });
            }}
          />
        </label>
        <label className="filters-label">
          {text('to')}
          <input
            className="filters-control filters-date"
            type="date"
            min={filters.from || undefined}
            data-empty={filters.to === '' || undefined}
            value={filters.to}
            onChange={(event) => {
              setFilters({ to: event.target.value });
            }}
          />
        </label>
        <select
          className="filters-control filters-direction"
          aria-label={text('direction')}
          title={text('direction')}
          value={filters.direction}
          onChange={(event) => {
            setFilters({ direction: directionOf(event.target.value) });
          }}
        >
          <option value="all">{text('directionAll')}</option>
          <option value="incoming">{text('directionIncoming')}</option>
          <option value="outgoing">{text('directionOutgoing')}</option>
          <option value="unknown">{text('directionUnknown')}</option>
        </select>
        <button
          type="button"
          className="button button-icon"
          aria-label={text('refresh')}
          title={text('refresh')}
          aria-busy={loading || undefined}
          onClick={refresh}
        >
          <Icon name="refresh" />
        </button>
        <button
          type="button"
          className="button button-icon"
          aria-label={text('exportList')}
          title={text('exportList')}
          disabled={onExport === null}
          onClick={() => onExport?.()}
        >
          <Icon name="save" />
        </button>
      </div>
    </div>
  );
}
