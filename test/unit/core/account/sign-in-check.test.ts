import { describe, expect, it } from 'vitest';

import type { ErrorCode, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { recognizeOldServer } from '../../../../src-main/core/account/old-server';
import { createLoginGuard } from '../../../../src-main/core/account/login-guard';
import { activeFilterOf, checkSignIn } from '../../../../src-main/core/account/sign-in-check';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

const filter = { directoryNumber: '101' };
const emptyList = succeed({ totalCount: 0, recordings: [] });

/** What the server, or what stands in its place, can answer. */
const answers = {
  '2xx': null,
  '403': ['level-too-low', 403],
  'not-allowed': ['not-allowed', 403],
  '404': ['live-list-unavailable', 404],
  '404-page': ['not-this-server', 404],
  '405-page': ['not-this-server', 405],
  '401': ['unauthorized', 401],
  '500': ['server-error', 500],
  '504': ['service-down', 504],
  timeout: ['timeout', undefined],
  page: ['not-this-server', 200],
  redirect: ['redirected', 302],
  'wrong shape': ['malformed', 200],
  'no host': ['host-not-found', undefined],
  'proxy 429': ['rate-limited', 429],
} as const satisfies Readonly<Record<string, readonly [ErrorCode, number | undefined] | null>>;

type Answer = keyof typeof answers;

function resultOf(answer: Answer, whole: Result<unknown>): Result<unknown> {
  const failure = answers[answer];
  if (failure === null) return whole;
  const [code, status] = failure;
  return fail(code, 'active', status === undefined ? {} : { status });
}

const lists: readonly Answer[] = ['2xx', 'not-allowed', '401', '404-page', '500', 'timeout', 'page'];

/** `in`: signed in; `live` or `list`: refused with its failure; `-`: not even asked. One column for each of `lists`. */
const table: Readonly<Record<Answer, string>> = {
  //              2xx  403  401  404  500  timeout page
  '2xx': '          in   in   in   in   in   in   in',
  '403': '          in   in   list list list list list',
  'not-allowed': '  in   in   list list list list list',
  '404': '          in   list list list list list list',
  '404-page': '     in   list list list list list list',
  '405-page': '     in   list list list list list list',
  '401': '          live live live live live live live',
  '500': '          in   live list list list list list',
  '504': '          in   live list list list list list',
  timeout: '        in   live list list list list list',
  page: '           live live live live live live live',
  redirect: '       live live live live live live live',
  'wrong shape': '  live live live live live live live',
  'no host': '      live live live live live live live',
  'proxy 429': '    live live live live live live live',
};

/** Where the live list alone decides. */
const decided: readonly Answer[] = ['2xx', '401', 'page', 'redirect', 'wrong shape', 'no host', 'proxy 429'];

const cases = (Object.keys(table) as Answer[]).flatMap((live) =>
  table[live]
    .trim()
    .split(/ +/)
    .map((outcome, column) => [live, lists[column]!, outcome] as const),
);

describe('the check of a sign-in', () => {
  it.each(cases)('live list %s, recordings list %s: %s (C22, P2)', async (live, list, outcome) => {
    const clock = new VirtualClock();
    await clock.advance(5_000);
    const api = new StubApi();
    const checking = checkSignIn(api, filter, 'anna', clock);
    await settle();
    // Unproven credentials never have two requests out.
    expect(api.calls.map(({ method, args }) => [method, args])).toEqual([['activeRecordings', [filter]]]);
    await clock.advance(100);
    api.calls[0]!.answer(resultOf(live, succeed([])));
    await settle();
    if (decided.includes(live)) {
      expect(api.calls).toHaveLength(1);
    } else {
      expect(api.calls.slice(1).map(({ method, args }) => [method, args])).toEqual([
        ['listRecordings', [{ ownerUsername: 'anna' }, { page: 0, pageSize: 1 }]],
      ]);
      await clock.advance(100);
      api.calls[1]!.answer(resultOf(list, emptyList));
    }
    const expected =
      outcome === 'in'
        ? succeed({
            provenAt: clock.monotonicNow(),
            listAnswered: !decided.includes(live) && list === '2xx',
          })
        : resultOf(outcome === 'live' ? live : list, succeed(null));
    expect(await checking).toEqual(expected);
    expect(api.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('a server without a live list', () => {
  function open(listAnswered: boolean, live: Answer) {
    const api = new StubApi(({ method }) =>
      method === 'activeRecordings' ? resultOf(live, succeed([])) : emptyList,
    );
    const gate = createLoginGuard({ api, clock: new VirtualClock(), onRefused: () => undefined });
    return recognizeOldServer(gate, listAnswered);
  }

  it.each(['404', '404-page', '405-page'] as const)(
    'is known by %s where the recordings list has answered at sign-in (C22)',
    async (live) => {
      const answered = await open(true, live).activeRecordings(filter);
      expect(answered).toMatchObject({ ok: false, error: { code: 'live-list-unavailable' } });
    },
  );

  it('is known after a restart once the recordings list has answered (C22)', async () => {
    const api = open(false, '404-page');
    expect(await api.activeRecordings(filter)).toMatchObject({ error: { code: 'not-this-server' } });
    await api.listRecordings({}, { page: 0, pageSize: 1 });
    expect(await api.activeRecordings(filter)).toMatchObject({ error: { code: 'live-list-unavailable' } });
  });

  it.each(['page', '500', '403', 'timeout'] as const)('is not seen in %s', async (live) => {
    const answered = await open(true, live).activeRecordings(filter);
    expect(answered).toEqual(resultOf(live, succeed([])));
  });

  it('takes nothing from an answer that is whole', async () => {
    expect(await open(true, '2xx').activeRecordings(filter)).toEqual(succeed([]));
  });
});

it.each([
  [{ directoryNumber: '101', deviceName: null }, { directoryNumber: '101' }],
  [{ directoryNumber: '101', deviceName: 'SEP1' }, { directoryNumber: '101' }],
  [{ directoryNumber: null, deviceName: 'SEP1' }, { deviceName: 'SEP1' }],
  [{ directoryNumber: null, deviceName: null }, { username: 'anna' }],
])('the line %j is looked at by %j', (line, expected) => {
  expect(activeFilterOf({ ...line, mode: 'media-forking' }, 'anna')).toEqual(expected);
});
