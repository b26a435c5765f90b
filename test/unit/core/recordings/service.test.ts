import { describe, expect, it, vi } from 'vitest';

import { fail, succeed, type Result } from '@shared/domain/errors';
import type { RecordingsPage } from '@shared/domain/recording';
import { createRecordingsService } from '../../../../src-main/core/recordings/service';
import { guid, summary } from '../../../fixtures/examples';
import { silentLog } from '../../../fixtures/memory-file';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

const rows = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => summary({ id: guid(from + index) }));
const page = (count: number, from = 1) => succeed({ totalCount: count, recordings: rows(count, from) });

async function signedIn(answer: Result<RecordingsPage> = page(5)) {
  const api = new StubApi(() => answer);
  const clock = new VirtualClock();
  const recordings = createRecordingsService(clock, silentLog);
  recordings.setSession({ api, username: 'anna' });
  await settle();
  return { api, clock, recordings };
}

describe('my recordings', () => {
  it('are the five newest in the tray, asked for by their owner', async () => {
    const { api, recordings } = await signedIn();
    expect(api.calls.map(({ method, args }) => [method, ...args])).toEqual([
      ['listRecordings', { ownerUsername: 'anna' }, { page: 0, pageSize: 5 }],
    ]);
    expect(recordings.view().recent).toEqual(rows(5));
  });

  it('are five even where a server ignores the page size', async () => {
    const { recordings } = await signedIn(page(2_000));
    expect(recordings.view().recent).toEqual(rows(5));
  });

  it('are looked for among more where some of the first cannot be read (D3)', async () => {
    const api = new StubApi(({ args }) => {
      const { pageSize } = args[1] as { pageSize: number };
      return succeed({ totalCount: 9, recordings: rows(pageSize === 5 ? 4 : 8), unreadable: 1 });
    });
    const recordings = createRecordingsService(new VirtualClock(), silentLog);
    recordings.setSession({ api, username: 'anna' });
    await settle();
    expect(recordings.view().recent).toEqual(rows(5));
  });

  it('are not said to be none where none can be read (D3)', async () => {
    const { recordings } = await signedIn(succeed({ totalCount: 2, recordings: [], unreadable: 2 }));
    expect(await recordings.latest()).toEqual(fail('malformed', 'list', { field: 'recordings' }));
  });

  const at = (number: number, startTime: number, ownerUsername: string | null = 'anna') =>
    summary({ id: guid(number), startTime, ownerUsername });
  const mixed = [at(1, 10), at(2, 90, 'bea'), at(3, 50), at(4, 70, null), at(5, 80, 'CORP\\Anna'), at(6, 20)];
  const newest = [5, 4, 3, 6, 1].map(guid);
  const recentIds = (recordings: { view(): { recent: readonly { id: string }[] } }) =>
    recordings.view().recent.map(({ id }) => id);

  it('in the tray are nobody else’s, newest first, whatever a server sends', async () => {
    const { api, recordings } = await signedIn(succeed({ totalCount: 6, recordings: mixed }));
    expect(recentIds(recordings)).toEqual(newest);
    expect(api.calls).toHaveLength(1);
  });

  it('are looked for among more where the first few are others’, or out of order', async () => {
    const api = new StubApi(({ args }) => {
      const { pageSize } = args[1] as { pageSize: number };
      return succeed({ totalCount: 6, recordings: mixed.slice(0, pageSize) });
    });
    const recordings = createRecordingsService(new VirtualClock(), silentLog);
    recordings.setSession({ api, username: 'anna' });
    await settle();
    expect(recentIds(recordings)).toEqual(newest);
    expect(api.calls.map(({ args }) => args[1])).toEqual([
      { page: 0, pageSize: 5 },
      { page: 0, pageSize: 200 },
    ]);
  });

  it('have a latest one that is waited for while the list is on its way', async () => {
    const api = new StubApi(() => undefined);
    const recordings = createRecordingsService(new VirtualClock(), silentLog);
    expect(await recordings.latest()).toEqual(fail('signed-out', 'list'));
    recordings.setSession({ api, username: 'anna' });
    const latest = recordings.latest();
    api.calls[0]?.answer(page(5));
    expect(await latest).toEqual(succeed(rows(1)[0]));
    expect(await recordings.latest()).toEqual(succeed(rows(1)[0]));
    expect(api.calls).toHaveLength(1);
    // Of another user than the one who asked: nothing.
    recordings.invalidate();
    const late = recordings.latest();
    recordings.setSession({ api: new StubApi(() => page(1, 9)), username: 'bea' });
    api.calls[1]?.answer(page(5));
    expect(await late).toEqual(fail('signed-out', 'list'));
  });

  it('are asked for anew by whoever looks at what is older than a minute, and by nobody before', async () => {
    const { api, clock, recordings } = await signedIn();
    const { revision } = recordings.view();
    await clock.advance(59_999);
    recordings.look();
    expect(await recordings.latest()).toEqual(succeed(rows(1)[0]));
    expect(api.calls).toHaveLength(1);
    await clock.advance(1);
    recordings.look();
    recordings.look();
    await settle();
    expect(api.calls).toHaveLength(2);
    // Nothing has come: windows have nothing to ask for.
    expect(recordings.view().revision).toBe(revision);
    await clock.advance(60_000);
    api.answerWith(() => page(5, 100));
    expect(await recordings.latest()).toEqual(succeed(rows(1, 100)[0]));
    expect(recordings.view()).toEqual({ revision: revision + 1, recent: rows(5, 100) });
    await clock.advance(60_000);
    api.answerWith(() => fail('timeout', 'list'));
    // An older one is not the latest.
    expect(await recordings.latest()).toEqual(fail('timeout', 'list'));
    expect(recordings.view().recent).toEqual(rows(5, 100));
    api.answerWith(() => page(0));
    expect(await recordings.latest()).toEqual(succeed(null));
    // However new it is, after an outage it counts as old.
    recordings.expire();
    recordings.look();
    await settle();
    expect(api.calls).toHaveLength(6);
    recordings.setSession(null);
    recordings.look();
    expect(api.calls).toHaveLength(6);
  });

  it('of lists are known by id, as long as the user is there, and not without end', async () => {
    const { api, recordings } = await signedIn();
    expect(recordings.summary(guid(5).toUpperCase())).toEqual(rows(1, 5)[0]);
    api.answerWith(() => page(200, 1_001));
    await recordings.list({ page: 3, pageSize: 200 });
    expect(recordings.summary(guid(1_200))).toEqual(rows(1, 1_200)[0]);
    for (let from = 2_001; from <= 4_000; from += 200) {
      api.answerWith(() => page(200, from));
      await recordings.list({ page: 3, pageSize: 200 });
    }
    expect(recordings.summary(guid(1_200))).toBeNull();
    expect(recordings.summary(guid(2_001))).not.toBeNull();
    recordings.setSession(null);
    expect(recordings.summary(guid(4_000))).toBeNull();
  });

  it('are asked for again on the next occasion where they could not be had', async () => {
    const { api, recordings } = await signedIn(fail('service-down', 'list'));
    expect(recordings.view().recent).toEqual([]);
    expect(await recordings.latest()).toEqual(fail('service-down', 'list'));
    expect(api.calls).toHaveLength(2);
    api.answerWith(() => page(5));
    expect(await recordings.latest()).toEqual(succeed(rows(1)[0]));
    // A window is answered: the server is there again.
    api.answerWith(() => fail('service-down', 'list'));
    recordings.setSession({ api, username: 'anna' });
    await settle();
    api.answerWith(() => page(3, 7));
    await recordings.list({ page: 4, pageSize: 50 });
    await settle();
    expect(recordings.view().recent).toEqual(rows(3, 7));
    const { length } = api.calls;
    await recordings.list({ page: 4, pageSize: 50 });
    await settle();
    expect(api.calls).toHaveLength(length + 1);
  });

  it('that a window is shown are the tray’s too, but not those of an older answer or a narrower list', async () => {
    const { api, recordings } = await signedIn();
    api.answerWith(() => undefined);
    const { length } = api.calls;
    recordings.invalidate();
    const shown = recordings.list({ page: 0, pageSize: 50 });
    api.calls.at(-1)?.answer(page(50, 100));
    await shown;
    expect(recordings.view().recent).toEqual(rows(5, 100));
    api.calls[length]?.answer(page(5));
    await settle();
    expect(recordings.view().recent).toEqual(rows(5, 100));
    api.answerWith(() => page(50, 300));
    await recordings.list({ page: 0, pageSize: 50, direction: 'incoming' });
    await recordings.list({ page: 1, pageSize: 50 });
    expect(recordings.view().recent).toEqual(rows(5, 100));
  });

  it('are listed with the owner, whatever is asked for', async () => {
    const { api, recordings } = await signedIn();
    const query = {
      page: 3,
      pageSize: 50,
      startTime: { operator: 'between', from: 1, to: 2 },
      localPartyNumber: '101',
      remotePartyNumber: { operator: 'contains', value: '+39' },
      direction: 'incoming',
    } as const;
    expect(await recordings.list(query)).toEqual(page(5));
    const { page: number, pageSize, ...filters } = query;
    expect(api.calls.at(-1)?.args).toEqual([
      { ...filters, ownerUsername: 'anna' },
      { page: number, pageSize },
    ]);
    await recordings.list({ page: 0, pageSize: 50, direction: undefined });
    expect(api.calls.at(-1)?.args).toEqual([{ ownerUsername: 'anna' }, { page: 0, pageSize: 50 }]);
    // As a window that got past the contract would.
    await recordings.list({ page: 0, pageSize: 1, ownerUsername: 'bea' } as never);
    expect(api.calls.at(-1)?.args[0]).toEqual({ ownerUsername: 'anna' });
  });

  it('are given up by ticket, and a window that counts anew does not mix them up', async () => {
    const { api, recordings } = await signedIn();
    const list = (ticket: number) => recordings.list({ page: 0, pageSize: 50, ticket });
    api.answerWith(() => new Promise(() => undefined));
    void list(1);
    void list(2);
    const [first, second] = api.calls.slice(-2);
    recordings.cancel(1);
    recordings.cancel(99);
    expect([first?.signal?.aborted, second?.signal?.aborted]).toEqual([true, false]);
    void list(2);
    expect(second?.signal?.aborted).toBe(true);
    expect(api.calls.at(-1)?.signal?.aborted).toBe(false);
  });

  it('that have arrived need no giving up', async () => {
    const { api, recordings } = await signedIn();
    await recordings.list({ page: 0, pageSize: 50, ticket: 1 });
    recordings.cancel(1);
    expect(api.calls.at(-1)?.signal?.aborted).toBe(false);
  });

  it('are told in detail by id', async () => {
    const { api, recordings } = await signedIn();
    api.answerWith(() => fail('recording-not-found', 'details', { status: 404 }));
    expect(await recordings.details(guid(3))).toMatchObject({ error: { code: 'recording-not-found' } });
    expect(api.of('getRecording').map(({ args }) => args)).toEqual([[guid(3)]]);
  });

  it('are asked for once, also while the answer is on its way, until they are wanted fresh', async () => {
    const { api, recordings } = await signedIn();
    api.answerWith(() => undefined);
    const both = [recordings.details(guid(0xa)), recordings.details(guid(0xa).toUpperCase())];
    expect(api.of('getRecording')).toHaveLength(1);
    api.calls.at(-1)?.answer(succeed('first'));
    expect(await Promise.all(both)).toEqual([succeed('first'), succeed('first')]);
    expect(await recordings.details(guid(0xa))).toEqual(succeed('first'));
    api.answerWith(() => succeed('second'));
    expect(await recordings.details(guid(0xa), true)).toEqual(succeed('second'));
    expect(await recordings.details(guid(0xa))).toEqual(succeed('second'));
    expect(api.of('getRecording')).toHaveLength(2);
  });

  it('are not remembered where the server had none, and no longer once it has none', async () => {
    const { api, recordings } = await signedIn();
    const gone = fail('recording-not-found', 'details', { status: 404 });
    for (const answer of [gone, succeed('here'), gone, succeed('here again')]) {
      api.answerWith(() => answer);
      expect(await recordings.details(guid(1), answer === gone)).toEqual(answer);
      await settle();
    }
    expect(api.of('getRecording')).toHaveLength(4);
  });

  it('are forgotten with their user, and the oldest of very many before', async () => {
    const { api, recordings } = await signedIn();
    api.answerWith(() => succeed('details'));
    for (let number = 1; number <= 201; number += 1) await recordings.details(guid(number));
    await recordings.details(guid(2));
    expect(api.of('getRecording')).toHaveLength(201);
    await recordings.details(guid(1));
    expect(api.of('getRecording')).toHaveLength(202);
    const other = new StubApi(({ method }) => (method === 'getRecording' ? succeed('details') : page(0)));
    recordings.setSession(null);
    expect(await recordings.details(guid(2))).toEqual(fail('signed-out', 'details'));
    recordings.setSession({ api: other, username: 'anna' });
    await recordings.details(guid(2));
    expect(other.of('getRecording')).toHaveLength(1);
  });

  it('are nobody’s while signed out', async () => {
    const recordings = createRecordingsService(new VirtualClock(), silentLog);
    expect(await recordings.list({ page: 0, pageSize: 5 })).toEqual(fail('signed-out', 'list'));
    expect(await recordings.details(guid(1))).toEqual(fail('signed-out', 'details'));
    expect(recordings.view()).toEqual({ revision: 0, recent: [] });
  });

  it('are out of date for every window once they may have changed', async () => {
    const { api, recordings } = await signedIn();
    const heard = vi.fn();
    recordings.onChange(heard);
    const { revision } = recordings.view();
    api.answerWith(() => page(5, 100));
    recordings.invalidate();
    expect(recordings.view().revision).toBe(revision + 1);
    // Until the new ones are here, the old ones are still worth a click.
    expect(recordings.view().recent).toEqual(rows(5));
    await settle();
    expect(recordings.view().recent).toEqual(rows(5, 100));
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('stay as they were where the server does not answer', async () => {
    const { api, recordings } = await signedIn();
    api.answerWith(() => fail('timeout', 'list'));
    recordings.invalidate();
    await settle();
    expect(recordings.view().recent).toEqual(rows(5));
  });

  it('are gone at once with their user, and never come back by a late answer', async () => {
    const { api, recordings } = await signedIn();
    api.answerWith(() => undefined);
    recordings.invalidate();
    await settle();
    const hers = rows(2, 200).map((row) => ({ ...row, ownerUsername: 'bea' }));
    const other = new StubApi(() => succeed({ totalCount: 2, recordings: hers }));
    recordings.setSession(null);
    expect(recordings.view().recent).toEqual([]);
    recordings.setSession({ api: other, username: 'bea' });
    await settle();
    api.calls.at(-1)?.answer(page(5));
    await settle();
    expect(recordings.view().recent).toEqual(hers);
    expect(other.calls[0]?.args[0]).toEqual({ ownerUsername: 'bea' });
  });
});
