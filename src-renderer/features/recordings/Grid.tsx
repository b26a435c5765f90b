import { useEffect, useId, useState } from 'react';

import type { RecordingSummary } from '@shared/domain/recording';
import { useApi, useLocale, useUi } from '../../services/context';
import { useToday } from '../../services/today';
import { formatDay } from '../../ui/format';
import { lazyPart } from '../../ui/lazy-part';
import { Part } from '../../ui/Part';
import { passFocusOn } from '../../ui/pass-focus-on';
import { maxSaved, type SaveRequest } from '../saving/use-saving';
import { lazyModule } from '../../app/lazy-module';
import { beginsDay } from './days';
import type { RecordingsListView, RecordingsList } from '../../services/recordings-list/contract';
import { BlankRow, Row } from './Row';
import { rowElementId } from './row-element';
import { SelectionNote } from './SelectionNote';
import { StuckHeading } from './StuckHeading';
import { text } from './messages';
import { useCursor } from './use-cursor';
import { useGridKeys, useSaveKey, type SelectionChange } from './use-grid-keys';
import { useGridMouse } from './use-grid-mouse';
import { useGridRows } from './use-grid-rows';
import { useRowFocus } from './use-row-focus';
import { useSelection } from './use-selection';
import { useTypeAhead } from './use-type-ahead';

const RowMenu = lazyPart(lazyModule, (module) => module.RowMenu);

/** Where the context menu is open. */
interface MenuPlace {
  readonly recording: RecordingSummary;
  readonly x: number;
  readonly y: number;
}

/**
 * The recordings, as many as there are: only the rows in sight exist, and only their pages are fetched.
 * @param props.book whose rows
 * @param props.view what the book knows now
 * @param props.onSave keeps the selected ones
 */
export function Grid({
  book,
  view,
  onSave,
}: {
  readonly book: RecordingsList;
  readonly view: RecordingsListView;
  readonly onSave: (request: SaveRequest) => void;
}) {
  const api = useApi();
  const locale = useLocale();
  const { start: today, zone } = useToday();
  const play = useUi((ui) => ui.play);
  const showDetails = useUi((ui) => ui.showDetails);
  // The settings cover the list, and so do the details.
  const isReachable = useUi((ui) => ui.view === 'main' && ui.detailsOf === null);
  const playingId = useUi((ui) => ui.playingId);
  const { total, looked } = view.scan ?? { total: 0, looked: 0 };
  const baseId = useId();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const count = view.rowCount ?? 0;

  const cursor = useCursor(view);
  const { active, selected, selectedId } = cursor;
  const selection = useSelection({ book, view, active, selected, selectedId, most: maxSaved });
  const saveChosen = (kind: 'recordings' | 'evidence') => {
    const ids = selection.chosen().map(({ id }) => id);
    if (ids.length > 0) onSave({ kind, ids });
  };
  useSaveKey(isReachable, () => {
    saveChosen('recordings');
  });
  const rows = useGridRows(book, view, active);
  const { items, drawnHeight, scrollTop, attach, leave } = rows;
  useEffect(() => {
    const followed = [selectedId, playingId].filter((id) => id !== null);
    book.keep([...followed, ...selection.ids], followed, playingId);
  }, [book, selectedId, playingId, selection.ids]);
  const focus = useRowFocus(baseId, active, cursor.put);
  // The one row that Tab reaches.
  const reachable = active >= 0 ? active : (items.find(({ end }) => end > scrollTop)?.index ?? rows.first);

  const moveTo = (index: number, change: SelectionChange = 'cleared') => {
    const target = Math.max(0, Math.min(count - 1, index));
    if (change === 'extended') selection.reach(target);
    if (change === 'cleared') selection.clear();
    cursor.put(target);
    focus.follow(target !== active);
    rows.show(target);
  };
  const copy = (recording: RecordingSummary) => void api.copyText({ text: recording.referenceNumber });
  const openMenu = (recording: RecordingSummary, x: number, y: number) => {
    setPlace({ recording, x, y });
  };
  const typeAhead = useTypeAhead(view, active, moveTo);
  const onKeyDown = useGridKeys({
    cursor,
    selection,
    typeAhead,
    count,
    moveTo,
    pageRows: rows.pageRows,
    play,
    copy,
    openMenu: (recording) => {
      const row = document.getElementById(rowElementId(baseId, active))?.getBoundingClientRect();
      openMenu(recording, (row?.left ?? 0) + 40, row?.bottom ?? 0);
    },
  });
  const mouse = useGridMouse({
    view,
    cursor,
    selection,
    forgetTyped: typeAhead.forget,
    play,
    openMenu,
  });

  return (
    // Another search replaces the list, perhaps while it has the focus.
    <div ref={passFocusOn} className="grid-frame">
      {view.news > 0 && (
        <div className="grid-news">
          <button
            type="button"
            className="chip grid-news-button"
            onClick={() => {
              rows.scrollToTop();
              cursor.put(0);
              focus.follow(true);
            }}
          >
            {text('news', { count: view.news })}
          </button>
        </div>
      )}
      <p className="visually-hidden" aria-live="polite">
        {text('newsSpoken', { count: view.news })}
      </p>
      <div
        ref={attach}
        className="grid"
        role="grid"
        aria-label={text('grid')}
        aria-rowcount={looked < total ? -1 : count}
        aria-multiselectable="true"
        onKeyDown={onKeyDown}
        onWheel={leave}
        onPointerDown={leave}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
        onMouseDown={mouse.onMouseDown}
        onDoubleClick={mouse.onDoubleClick}
        onContextMenu={mouse.onContextMenu}
      >
        <StuckHeading items={items} scrollTop={scrollTop} view={view} today={today} />
        <div role="presentation" className="grid-rows" style={{ height: drawnHeight }}>
          {items.map(({ index, drawnAt }) => {
            const recording = view.rowAt(index);
            const common = {
              id: rowElementId(baseId, index),
              index,
              selected: selection.isChosen(index, recording),
              reachable: index === reachable,
            };
            return (
              <div
                key={index}
                role="presentation"
                className="grid-item"
                style={{ transform: `translateY(${drawnAt}px)` }}
              >
                {recording !== null && beginsDay(view.headings, index) && (
                  <div className="grid-heading" aria-hidden="true">
                    {formatDay(recording.startTime, today, locale)}
                  </div>
                )}
                <Part
                  name="recordings"
                  occasion={recording ?? 'none'}
                  // One recording that cannot be drawn does not take the others away.
                  fallback={() => (
                    <BlankRow {...common} label={text('rowFailed')}>
                      <span role="gridcell">{text('rowFailed')}</span>
                    </BlankRow>
                  )}
                >
                  <Row
                    {...common}
                    recording={recording}
                    playing={recording !== null && recording.id === playingId}
                    today={today}
                    zone={zone}
                    locale={locale}
                  />
                </Part>
              </div>
            );
          })}
        </div>
      </div>
      <SelectionNote selection={selection} missed={typeAhead.missed} />
      <Part
        name="menu"
        source={lazyModule}
        occasion={place}
        onFail={() => {
          setPlace(null);
          return () => {
            setPlace(place);
          };
        }}
      >
        {place !== null && (
          <RowMenu
            count={Math.max(1, selection.count)}
            x={place.x}
            y={place.y}
            onPlay={() => {
              play(place.recording);
            }}
            onDetails={() => {
              showDetails(place.recording);
            }}
            onCopy={() => {
              copy(place.recording);
            }}
            onSave={() => {
              saveChosen('recordings');
            }}
            onSaveEvidence={() => {
              saveChosen('evidence');
            }}
            onClose={() => {
              setPlace(null);
              document.getElementById(rowElementId(baseId, reachable))?.focus({ preventScroll: true });
            }}
          />
        )}
      </Part>
    </div>
  );
}
