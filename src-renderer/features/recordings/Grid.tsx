import {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';

import type { RecordingSummary } from '@shared/domain/recording';
import { useApi, useLocale, useUi } from '../../services/context';
import { useToday } from '../../services/today';
import { formatDay } from '../../ui/format';
import { lazyPart } from '../../ui/lazy-part';
import { Part } from '../../ui/Part';
import { passFocusOn } from '../../ui/pass-focus-on';
import { maxSaved, type SaveRequest } from '../saving/use-saving';
import { lazyModule } from '../../app/lazy-module';
import { beginsDay, headingHeight, rowHeight } from './days';
import type { RecordingsListView, RecordingsList } from '../../services/recordings-list/contract';
import { BlankRow, Row } from './Row';
import { createRowWindow, type RowItem } from './row-window';
import { text } from './messages';
import { useScrollAnchor } from './use-scroll-anchor';
import { useSelection } from './use-selection';
import { useTypeAhead } from './use-type-ahead';

const noCursor = { index: -1, of: null };

const RowMenu = lazyPart(lazyModule, (module) => module.RowMenu);

/** Where the context menu is open. */
interface MenuPlace {
  readonly recording: RecordingSummary;
  readonly x: number;
  readonly y: number;
}

/** The index of the row that an element belongs to, or null. */
function rowIndexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest('[role="row"]') : null;
  const index = row?.getAttribute('data-index');
  return index === null || index === undefined ? null : Number(index);
}

/** The heading of the day that is at the top; the next day's heading pushes it out of the way. */
function StuckHeading({
  items,
  scrollTop,
  view,
  today,
  locale,
}: {
  readonly items: readonly RowItem[];
  readonly scrollTop: number;
  readonly view: RecordingsListView;
  readonly today: number;
  readonly locale: string;
}) {
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
  const selectedId = useUi((ui) => ui.selectedId);
  const select = useUi((ui) => ui.select);
  const play = useUi((ui) => ui.play);
  const showDetails = useUi((ui) => ui.showDetails);
  const reachableNow = useUi((ui) => ui.view === 'main' && ui.detailsOf === null);
  const playingId = useUi((ui) => ui.playingId);
  const { total, looked } = view.scan ?? { total: 0, looked: 0 };
  const baseId = useId();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  /** The row with the focus: that of the selected recording, as long as its page is here. */
  const [cursor, setCursor] = useState<{ readonly index: number; readonly of: string | null }>(noCursor);
  const count = view.rowCount ?? 0;
  const selectedIndex = selectedId === null ? null : view.indexOf(selectedId);
  if (selectedIndex !== null && (selectedIndex !== cursor.index || selectedId !== cursor.of)) {
    setCursor({ index: selectedIndex, of: selectedId });
  }
  const active = Math.min(selectedIndex ?? cursor.index, count - 1);
  /** What keys are about: never another one that has come to stand where the selected one was. */
  const selected = selectedId === null ? view.rowAt(active) : view.recordingOf(selectedId);
  /** Whether the selected one was in this list and is gone: the row with the focus is then the next one to be selected. */
  const gone = selectedId !== null && selected === null && cursor.of === selectedId;
  const pendingId = (selectedId === null || gone) && active >= 0 ? (view.rowAt(active)?.id ?? null) : null;
  useEffect(() => {
    // A row that a key went to before it was there: now it can be told from those that come to stand in its place.
    if (pendingId !== null) select(pendingId);
  }, [pendingId, select]);

  const selection = useSelection({ book, view, active, selected, selectedId, most: maxSaved });
  const saveChosen = (kind: 'recordings' | 'evidence') => {
    const ids = selection.chosen().map(({ id }) => id);
    if (ids.length > 0) onSave({ kind, ids });
  };
  useEffect(() => {
    const save = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.shiftKey || event.repeat) return;
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
      // Nothing is saved that one does not see: the settings cover the list, and so do the details.
      if (!reachableNow) return;
      event.preventDefault();
      saveChosen('recordings');
    };
    window.addEventListener('keydown', save);
    return () => {
      window.removeEventListener('keydown', save);
    };
  });

  const [rows] = useState(createRowWindow);
  const { items, first, last, height, drawnHeight, scrollTop } = useSyncExternalStore(
    rows.subscribe,
    rows.view,
  );
  const attach = useCallback((element: HTMLDivElement) => rows.attach(element), [rows]);
  useLayoutEffect(() => {
    rows.keep(active);
  }, [rows, active]);
  useLayoutEffect(() => {
    rows.layOut(count, view.headings);
  }, [rows, view, count]);
  useScrollAnchor({ book, view, rows, items, scrollTop, height });
  /** The row that a key went to before it was there: with its page come headings, which push it on. */
  const arriving = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (arriving.current === null) return;
    const isDrawn = height === rows.view().height;
    if (arriving.current === active) rows.show(active);
    if (arriving.current !== active || (isDrawn && view.rowAt(active) !== null)) arriving.current = null;
  });
  useEffect(() => {
    book.need(first, last);
  }, [book, first, last, count]);
  useEffect(() => {
    const followed = [selectedId, playingId].filter((id) => id !== null);
    book.keep([...followed, ...selection.ids], followed, playingId);
  }, [book, selectedId, playingId, selection.ids]);

  // The one row that Tab reaches.
  const reachable = active >= 0 ? active : (items.find(({ end }) => end > scrollTop)?.index ?? first);
  /** Whether a key has moved to a row that does not exist yet: the one left may be gone before it comes. */
  const moving = useRef(false);
  /** Whether the row with the focus goes before the one exists that the focus belongs to. */
  const leaving = useRef(false);
  /** The row that has the focus, or had it when it went: the browser does not tell that a row has taken it along. */
  const holder = useRef<Element | null>(null);
  useEffect(() => {
    // The focus goes with the selected recording: to where a key moved it, or where new recordings pushed it.
    const focused = rowIndexOf(document.activeElement);
    const tookIt = holder.current?.isConnected === false;
    const lost = (leaving.current || tookIt) && document.activeElement === document.body;
    if (active < 0 || focused === active || (focused === null && !moving.current && !lost)) return;
    const row = document.getElementById(`${baseId}-${active}`);
    leaving.current = row === null;
    if (row === null) return;
    moving.current = false;
    row.focus({ preventScroll: true });
  });
  const onBlur = (event: FocusEvent) => {
    if (event.target.isConnected) holder.current = null;
  };

  const put = (index: number) => {
    select(view.rowAt(index)?.id ?? null);
    setCursor({ index, of: view.rowAt(index)?.id ?? null });
  };
  const moveTo = (index: number, change: 'cleared' | 'extended' | 'alone' = 'cleared') => {
    const target = Math.max(0, Math.min(count - 1, index));
    if (change === 'extended') selection.reach(target);
    if (change === 'cleared') selection.clear();
    put(target);
    moving.current = target !== active;
    arriving.current = view.rowAt(target) === null ? target : null;
    rows.show(target);
  };
  /** A scroll by the user cancels the restoring. */
  const leave = () => {
    arriving.current = null;
  };
  const openMenu = (recording: RecordingSummary, x: number, y: number) => {
    setPlace({ recording, x, y });
  };
  const pageRows = () => Math.max(1, Math.floor(rows.viewportHeight() / rowHeight) - 1);

  const typeAhead = useTypeAhead(view, active, moveTo);
  const onKeyDown = (event: KeyboardEvent) => {
    const recording = selected;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      if (recording !== null) void api.copyText({ text: recording.referenceNumber });
      event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      selection.all();
      event.preventDefault();
      return;
    }
    if (event.metaKey || event.altKey) return;
    if (event.key === ' ' && !typeAhead.isTyping()) {
      selection.toggle(active);
      event.preventDefault();
      return;
    }
    if (event.ctrlKey) {
      typeAhead.forget();
      // The cursor alone moves: what is selected stays so.
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step === 0 || event.shiftKey) return;
      moveTo(active + step, 'alone');
      event.preventDefault();
      return;
    }
    if (typeAhead.type(event.key)) {
      event.preventDefault();
      return;
    }
    typeAhead.forget();
    switch (event.key) {
      case 'ArrowDown':
        moveTo(active + 1, event.shiftKey ? 'extended' : 'cleared');
        break;
      case 'ArrowUp':
        moveTo(active < 0 ? 0 : active - 1, event.shiftKey ? 'extended' : 'cleared');
        break;
      case 'PageDown':
        moveTo(Math.max(0, active) + pageRows());
        break;
      case 'PageUp':
        moveTo(active - pageRows());
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(count - 1);
        break;
      case 'Enter':
        if (recording !== null) play(recording);
        break;
      case 'ContextMenu':
      case 'F10': {
        if (recording === null || (event.key === 'F10' && !event.shiftKey)) return;
        const row = document.getElementById(`${baseId}-${active}`)?.getBoundingClientRect();
        openMenu(recording, (row?.left ?? 0) + 40, row?.bottom ?? 0);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
  };
  const onFocus = (event: FocusEvent) => {
    const index = rowIndexOf(event.target);
    if (index !== null) holder.current = event.target;
    if (index !== null && index !== active) put(index);
  };
  /** The recordings of the last two presses: where rows move in between, it is unclear which one was meant. */
  const pressed = useRef<readonly (string | undefined)[]>([]);
  const onMouseDown = (event: MouseEvent) => {
    const index = rowIndexOf(event.target);
    typeAhead.forget();
    if (index === null || event.button !== 0) return;
    pressed.current = [pressed.current.at(-1), view.rowAt(index)?.id];
    selection.press(index, event);
    // The row may have the focus already, while what is selected is elsewhere.
    if (selectedIndex === null) put(index);
  };
  const onDoubleClick = (event: MouseEvent) => {
    // A mouse that bounces presses twice two times: that is one wish.
    if (event.detail > 2) return;
    const index = rowIndexOf(event.target);
    const recording = index === null ? null : view.rowAt(index);
    if (recording !== null && pressed.current.every((id) => id === recording.id)) play(recording);
  };
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    const index = rowIndexOf(event.target);
    const recording = index === null ? null : view.rowAt(index);
    if (recording === null || index === null) return;
    selection.keepOnly(recording);
    put(index);
    openMenu(recording, event.clientX, event.clientY);
  };

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
              put(0);
              moving.current = true;
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
        onFocus={onFocus}
        onBlur={onBlur}
        onMouseDown={onMouseDown}
        onDoubleClick={onDoubleClick}
        onContextMenu={onContextMenu}
      >
        <StuckHeading items={items} scrollTop={scrollTop} view={view} today={today} locale={locale} />
        <div role="presentation" className="grid-rows" style={{ height: drawnHeight }}>
          {items.map(({ index, drawnAt }) => {
            const recording = view.rowAt(index);
            const common = {
              id: `${baseId}-${index}`,
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
      <p className="grid-selection" role="status">
        {typeAhead.missed !== null ? (
          <span>{text('typedMissed', { digits: typeAhead.missed })}</span>
        ) : selection.waiting ? (
          <span>{text('marking')}</span>
        ) : (
          (selection.count > 0 || selection.partial) && (
            <span>
              {text(selection.partial ? 'selectedPartly' : 'selected', { count: selection.count })}
              {selection.capped && <> {text('maxSelected', { most: maxSaved })}</>}
            </span>
          )
        )}
      </p>
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
            onCopy={() => void api.copyText({ text: place.recording.referenceNumber })}
            onSave={() => {
              saveChosen('recordings');
            }}
            onSaveEvidence={() => {
              saveChosen('evidence');
            }}
            onClose={() => {
              setPlace(null);
              document.getElementById(`${baseId}-${reachable}`)?.focus({ preventScroll: true });
            }}
          />
        )}
      </Part>
    </div>
  );
}
