import './recordings.css';

import { lazy, Suspense, useEffect } from 'react';

import { useReading, useUi } from '../../store/context';
import { noFilters } from '../../store/ui';
import { ErrorNote } from '../../ui/ErrorNote';
import { useSaving } from '../keep/use-saving';
import { Filters } from './Filters';
import { Grid } from './Grid';
import { isFiltered, toQuery } from './query';
import { text } from './strings';
import { usePageBook } from './use-page-book';

const Details = lazy(async () => ({ default: (await import('./Details')).Details }));

/** Rows that stand for those on their way. */
const blanks = [0, 1, 2, 3, 4, 5];

/** The user's own recordings. */
export function Recordings() {
  const reading = useReading();
  const now = reading.receivedAt + reading.wallOffset;
  const { book, view } = usePageBook();
  const filters = useUi((ui) => ui.filters);
  const setFilters = useUi((ui) => ui.setFilters);
  const detailsOf = useUi((ui) => ui.detailsOf);
  const saving = useSaving();
  const filtered = isFiltered(filters);
  const setBeside = useUi((ui) => ui.setBeside);
  useEffect(() => {
    setBeside((id, step) => {
      const index = view.indexOf(id);
      return index === null ? null : view.rowAt(index + step);
    });
  }, [setBeside, view]);
  return (
    <section className="recordings" aria-label={text('region')}>
      <Filters
        now={now}
        loading={view.loading}
        onExport={
          view.rowCount === null || view.rowCount === 0
            ? null
            : () => {
                saving.save({ kind: 'list', filters: toQuery(filters) });
              }
        }
      />
      <p className="visually-hidden" aria-live="polite">
        {view.rowCount === null ? text('loading') : text('count', { count: view.rowCount })}
      </p>
      {view.error !== null && (
        <div className="recordings-error">
          <ErrorNote
            error={view.error}
            onRetry={() => {
              book.retry();
            }}
          />
        </div>
      )}
      {saving.error !== null && (
        <div className="recordings-error">
          <ErrorNote error={saving.error} onDismiss={saving.clear} />
        </div>
      )}
      {view.rowCount === null && view.error === null && (
        <div className="grid" aria-hidden="true">
          {blanks.map((blank) => (
            <div key={blank} className="row row-placeholder">
              <span className="row-blank" />
            </div>
          ))}
        </div>
      )}
      {view.rowCount === 0 && (
        <div className="recordings-empty">
          <p className="recordings-empty-title">{text(filtered ? 'noMatchTitle' : 'emptyTitle')}</p>
          <p className="hint">{text(filtered ? 'noMatchHint' : 'emptyHint')}</p>
          {filtered && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setFilters(noFilters);
              }}
            >
              {text('clearFilters')}
            </button>
          )}
        </div>
      )}
      {view.rowCount !== null && view.rowCount > 0 && (
        <Grid book={book} view={view} now={now} onSave={saving.save} />
      )}
      {detailsOf !== null && (
        <Suspense>
          <Details recording={detailsOf} />
        </Suspense>
      )}
    </section>
  );
}
