import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

import type { WindowApi } from '@shared/ipc/contract';
import { useApi, useLocale, useSnapshot, useUi } from '../../services/context';
import { useToday } from '../../services/today';
import type { RecordingsListView, FetchPage, RecordingsList } from '../../services/recordings-list/contract';
import { createRecordingsList } from '../../services/recordings-list/list';
import { toSearch } from './query';
import type { ListSearch } from '../../services/recordings-list/search';

/** How long typing must rest before the list is asked again, ms. */
const searchRestMs = 250;

/** Requests pages from the main process, and cancels those that are no longer needed. */
function fetchOver(api: WindowApi): FetchPage {
  let tickets = 0;
  return async ({ query }, page, size, signal) => {
    tickets += 1;
    const ticket = tickets;
    const cancel = () => void api.cancelList({ ticket });
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await api.listRecordings({ ...query, page, pageSize: size, ticket });
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}

/** The book of the list that the filters describe, and what it knows now. */
export function useRecordingsList(): { readonly book: RecordingsList; readonly view: RecordingsListView } {
  const api = useApi();
  const filters = useUi((ui) => ui.filters);
  const refreshes = useUi((ui) => ui.refreshes);
  const username = useSnapshot(({ session }) => ('username' in session ? session.username : null));
  const revision = useSnapshot((snapshot) => snapshot.recordings.revision);
  const [book] = useState(() => createRecordingsList(fetchOver(api)));
  const view = useSyncExternalStore(book.subscribe, book.view);
  const locale = useLocale();
  const { start, zone } = useToday();
  const dated = useRef(zone);
  useEffect(() => {
    if (dated.current === zone) return;
    dated.current = zone;
    book.redate();
  }, [book, zone]);

  const search = JSON.stringify(toSearch(filters, username, { now: start, locale }));
  const [settled, setSettled] = useState(search);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(search);
    }, searchRestMs);
    return () => {
      clearTimeout(timer);
    };
  }, [search]);
  useEffect(() => {
    book.setSearch(JSON.parse(settled) as ListSearch);
  }, [book, settled]);

  // Not state: a render that sets state is thrown away with its effects, and nothing would be asked again.
  const asked = useRef({ revision, refreshes });
  useEffect(() => {
    const former = asked.current;
    asked.current = { revision, refreshes };
    if (former.refreshes !== refreshes) book.refresh();
    else if (former.revision !== revision) book.invalidate();
  }, [book, revision, refreshes]);

  // A server that answers the light again answers the list, too.
  const answers = useSnapshot(({ recorder: { status } }) => status !== 'unknown' && status !== 'connecting');
  useEffect(() => {
    if (answers && book.view().error !== null) book.retry();
  }, [book, answers]);

  useEffect(
    () => () => {
      book.dispose();
    },
    [book],
  );
  return { book, view };
}
