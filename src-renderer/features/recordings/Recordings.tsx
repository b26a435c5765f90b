import './recordings.css';

import { useEffect } from 'react';

import { useLocale, useUi } from '../../services/context';
import { useToday } from '../../services/today';
import { noFilters } from '../../services/ui';
import { ErrorNote } from '../../ui/ErrorNote';
import { lazyPart } from '../../ui/lazy-part';
import { Part } from '../../ui/Part';
import { passFocusOn } from '../../ui/pass-focus-on';
import { useSaving } from '../saving/use-saving';
import { lazyModule } from '../../app/lazy-module';
import { Filters } from './Filters';
import { Grid } from './Grid';
import type { Scan } from '../../services/recordings-list/contract';
import { isFiltered, toExport } from './query';
import { text } from './messages';
import { useRecordingsList } from './use-recordings-list';

const Details = lazyPart(lazyModule, (module) => module.Details);

/** Rows that stand for those on their way. */
const blanks = [0, 1, 2, 3, 4, 5];

/** Whether the scan has stopped until the user continues it. */
const isOver = (scan: Scan, failed: boolean) => failed || scan.rests || scan.looked >= scan.total;

/** How far RecLight itself has looked, where the server cannot or does not apply a filter. */
function ScanNote({
  scan,
  failed,
  onGoOn,
}: {
  readonly scan: Scan;
  readonly failed: boolean;
  readonly onGoOn: () => void;
}) {
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const over = isOver(scan, failed);
  const words = { looked: number.format(scan.looked), total: number.format(scan.total) };
  return (
    <div className="recordings-scan">
      <span>
        {/* Spoken when it begins and when it ends: the number grows with every page. */}
        <span role="status">
          {scan.ignored && <>{text('ignoredFilter')} </>}
          {scan.through && <>{text('otherSpelling')} </>}
          {over ? text('scanned', words) : text('scanning')}
        </span>
        {!over && <> {text('scannedSoFar', words)}</>}
      </span>
      {scan.looked < scan.total && (
        <button
          ref={passFocusOn}
          type="button"
          className="chip"
          // Stays during the scan: a keyboard user may press it again.
          aria-disabled={!scan.rests}
          onClick={() => {
            if (scan.rests) onGoOn();
          }}
        >
          {text('goOn')}
        </button>
      )}
    </div>
  );
}

/** That there is nothing to be listed. */
function Empty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return (
    <div className="recordings-empty">
      <p className="recordings-empty-title">{text(filtered ? 'noMatchTitle' : 'emptyTitle')}</p>
      <p className="hint">{text(filtered ? 'noMatchHint' : 'emptyHint')}</p>
      {filtered && (
        <button ref={passFocusOn} type="button" className="button" onClick={onClear}>
          {text('clearFilters')}
        </button>
      )}
    </div>
  );
}

/** The user's own recordings. */
export function Recordings() {
  const locale = useLocale();
  const asking = { now: useToday().start, locale };
  const { book, view } = useRecordingsList();
  const filters = useUi((ui) => ui.filters);
  const setFilters = useUi((ui) => ui.setFilters);
  const detailsOf = useUi((ui) => ui.detailsOf);
  const showDetails = useUi((ui) => ui.showDetails);
  const saving = useSaving();
  const filtered = isFiltered(filters);
  const { scan } = view;
  // Nothing was found only when everything was looked through.
  const searched = view.rowCount === 0 && (scan === null || scan.looked >= scan.total);
  // The server's count includes other numbers that contain these digits, so it is not shown.
  const isTold =
    scan !== null && (scan.ignored || scan.through || filters.length !== 'all' || scan.looked < scan.total);
  // What could not be read may be what is looked for.
  const empty = searched && view.unreadable === 0;
  // What grows with every page is not spoken before it has come to rest.
  const grows = scan !== null && !isOver(scan, view.error !== null);
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
        asking={asking}
        loading={view.loading}
        onExport={
          view.rowCount === null || view.rowCount === 0
            ? null
            : () => {
                saving.save({ kind: 'list', filters: toExport(filters, asking, scan?.through) });
              }
        }
      />
      <p className="visually-hidden" aria-live="polite">
        {view.rowCount === null ? text('loading') : !grows && text('count', { count: view.rowCount })}
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
      {empty && (
        <Empty
          filtered={filtered}
          onClear={() => {
            setFilters(noFilters);
          }}
        />
      )}
      {view.rowCount !== null && view.rowCount > 0 && (
        // The filters stay where the list cannot be drawn: another search tries again.
        <Part name="recordings" occasion={view.list}>
          <Grid key={view.list} book={book} view={view} onSave={saving.save} />
        </Part>
      )}
      {view.rowCount === 0 && !empty && <div className="grid" aria-hidden="true" />}
      {view.unreadable > 0 && (
        <div className="recordings-scan">
          <span role={grows ? undefined : 'status'}>{text('unreadable', { count: view.unreadable })}</span>
        </div>
      )}
      {scan !== null && isTold && (
        <ScanNote
          scan={scan}
          failed={view.error !== null}
          onGoOn={() => {
            book.goOn();
          }}
        />
      )}
      <Part
        name="details"
        source={lazyModule}
        occasion={detailsOf}
        onFail={() => {
          showDetails(null);
          return () => {
            showDetails(detailsOf);
          };
        }}
      >
        {detailsOf !== null && <Details recording={detailsOf} />}
      </Part>
    </section>
  );
}
