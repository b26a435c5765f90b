import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

import { useApi, useSnapshot, useUi } from '../../store/context';
import { createPageBook, type BookView, type PageBook } from './page-book';
import { toQuery } from './query';

/** How long typing must rest before the list is asked again, ms. */
const searchRestMs = 250;

/** The book of the list that the filters describe, and what it knows now. */
export function usePageBook(): { readonly book: PageBook; readonly view: BookView } {
  const api = useApi();
  const filters = useUi((ui) => ui.filters);
  const refreshes = useUi((ui) => ui.refreshes);
  const revision = useSnapshot((snapshot) => snapshot.recordings.revision);
  const [book] = useState(() =>
    createPageBook((query, page, size) => api.listRecordings({ ...query, page, pageSize: size })),
  );
  const view = useSyncExternalStore(book.subscribe, book.view);

  const query = JSON.stringify(toQuery(filters));
  const [settled, setSettled] = useState(query);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(query);
    }, searchRestMs);
    return () => {
      clearTimeout(timer);
    };
  }, [query]);
  useEffect(() => {
    book.setQuery(JSON.parse(settled) as ReturnType<typeof toQuery>);
  }, [book, settled]);

  // Not state: a render that sets state is thrown away with its effects, and nothing would be asked again.
  const asked = useRef({ revision, refreshes });
  useEffect(() => {
    if (asked.current.revision === revision && asked.current.refreshes === refreshes) return;
    asked.current = { revision, refreshes };
    book.invalidate();
  }, [book, revision, refreshes]);

  useEffect(
    () => () => {
      book.dispose();
    },
    [book],
  );
  return { book, view };
}
