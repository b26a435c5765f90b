import { fc } from '../../../fixtures/seed';
import { describe, expect, test } from 'vitest';

import {
  readActiveRecordings,
  readCreated,
  readDetails,
  readRecordingsPage,
  readRefusal,
} from '../../../../src-main/infra/api/responses';
import { createListReader } from '../../../../src-main/infra/api/body-readers';

const id = (number: number) => `6b98303a-b295-473a-adae-${String(number).padStart(12, '0')}`;
const asked = { page: 0, pageSize: 50 };

type Json = Record<string, unknown>;

const user = (): Json => ({
  username: 'anna',
  firstName: 'Anna',
  lastName: 'Rossi',
  phoneNumber: '101',
  group: 'Sales',
  department: 'Rome',
});
const row = (number: number): Json => ({
  id: id(number),
  referenceNumber: `R-${number}`,
  startTime: '2018-11-01T16:39:15.1234567+02:00',
  duration: 'PT1M31.87S',
  direction: 1,
  ownerUsername: 'anna',
  localPartyNumber: '101',
  remotePartyNumber: '+39 02 4454',
});
const entry = (number: number): Json => ({
  id: id(number),
  duration: 'PT31S',
  startedAt: '2018-11-01T16:39:15.0000000+02:00',
  localParty: { username: 'anna' },
  remoteParty: { firstName: 'Giulia', lastName: 'Marchetti', phoneNumber: '+39' },
  isPaused: true,
});
const details = (): Json => ({
  ...row(1),
  pbxCallId: '77',
  pbxInfo: { cluster: 1 },
  owner: user(),
  preservingUser: user(),
  note: { owner: user(), text: 'note' },
  size: 356_112,
  hash: { SHA256: 'ab'.repeat(32) },
});

const missing = Symbol('missing');
/** What a server could put in a field's place. */
const wrongValues: readonly unknown[] = [
  missing,
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  7,
  1e300,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '0',
  '1',
  '-1',
  '7',
  'true',
  'null',
  'x'.repeat(10_000),
  '\u0000\ud800\u202e',
  [],
  [null],
  [[[]]],
  {},
  { id: 1 },
  { toString: 1, valueOf: 2, constructor: 3, length: -1 },
  JSON.parse('{"__proto__": {"id": "x"}}'),
  'PT',
  '-PT5S',
  'PT1e9S',
  'P99999999999999999999Y',
  '00:01:31',
  '99:99:99',
  '2018-11-01',
  '2018-11-01T16:39:15',
  '2018-13-41T99:99:99Z',
  '9999-12-31T23:59:59.9999999Z',
  '6b98303a-b295-473a-adae-19b78aca468',
  '{6b98303a-b295-473a-adae-19b78aca468d}',
];

/** Every path into a value, objects and what they hold. */
function pathsOf(value: unknown, before: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    [...before, name],
    ...pathsOf(part, [...before, name]),
  ]);
}

/** A copy with one field replaced or taken away. */
function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Json) }) as Json;
  if (rest.length === 0 && by === missing) {
    if (Array.isArray(copy)) copy.splice(Number(name), 1);
    else Reflect.deleteProperty(copy, name);
  } else copy[name] = replaced(copy[name], rest, by);
  return copy;
}

/** Up to three fields of an answer, each with a wrong value. */
function faultsIn(example: unknown) {
  const fault = fc.record({
    path: fc.constantFrom(...pathsOf(example)),
    by: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...wrongValues) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
  });
  return fc.array(fault, { minLength: 1, maxLength: 3 });
}

type Fault = { readonly path: readonly string[]; readonly by: unknown };

/** The faults one after the other; one whose place an earlier one took away strikes nothing. */
function spoil(example: unknown, faults: readonly Fault[]): unknown {
  return faults.reduce<unknown>((value, { path, by }) => {
    const reaches = path.slice(0, -1).every((_, at) => {
      const parent = path.slice(0, at + 1).reduce<unknown>((part, name) => {
        return typeof part === 'object' && part !== null ? (part as Json)[name] : undefined;
      }, value);
      return typeof parent === 'object' && parent !== null;
    });
    return reaches ? replaced(value, path, by) : value;
  }, example);
}

const runs = { numRuns: 2_000 } as const;

describe('any wrong value in any field', () => {
  test('of one row of the list costs no other row and no light (D3)', () => {
    const example = row(2);
    fc.assert(
      fc.property(faultsIn(example), (faults) => {
        const body = { totalCount: 3, recordings: [row(1), spoil(example, faults), row(3)] };
        const page = readRecordingsPage(body, asked);
        if (!page.ok) throw new Error(page.field);
        const { recordings, unreadable = 0, totalCount } = page.value;
        expect(totalCount).toBe(3);
        expect(recordings.length + unreadable).toBe(3);
        const ids = recordings.map((recording) => recording.id);
        expect([ids[0], ids.at(-1)]).toEqual([id(1), id(3)]);
        for (const recording of recordings) {
          expect(Number.isFinite(recording.startTime)).toBe(true);
          expect(recording.durationMs).toBeGreaterThanOrEqual(0);
          expect(['unknown', 'incoming', 'outgoing']).toContain(recording.direction);
        }
      }),
      runs,
    );
  });

  test('of one live entry costs no other entry (D3)', () => {
    const example = entry(2);
    fc.assert(
      fc.property(faultsIn(example), (faults) => {
        const list = readActiveRecordings([entry(1), spoil(example, faults), entry(3)]);
        if (!list.ok) throw new Error(list.field);
        const ids = list.value.map((recording) => recording.id);
        expect([ids[0], ids.at(-1)]).toEqual([id(1), id(3)]);
        expect(list.value[0]).toEqual(
          list.value.at(-1)?.id === id(3) ? { ...list.value.at(-1), id: id(1) } : null,
        );
      }),
      runs,
    );
  });

  test('of the only live entry never makes a list of none of it (D3)', () => {
    const example = entry(1);
    fc.assert(
      fc.property(faultsIn(example), (faults) => {
        const list = readActiveRecordings([spoil(example, faults)]);
        if (list.ok) expect(list.value).toHaveLength(1);
      }),
      runs,
    );
  });

  test('of a whole list answer throws nothing, and shows no empty list for a full one (D3)', () => {
    const example = { totalCount: 2, recordings: [row(1), row(2)] };
    fc.assert(
      fc.property(faultsIn(example), (faults) => {
        const body = spoil(example, faults) as Json;
        const page = readRecordingsPage(body, asked);
        const sent = Array.isArray(body['recordings']) ? body['recordings'].length : null;
        if (page.ok) {
          expect(page.value.recordings.length + (page.value.unreadable ?? 0)).toBe(sent ?? 0);
          expect(Number.isSafeInteger(page.value.totalCount)).toBe(true);
          if (sent === null) expect(body['totalCount']).toSatisfy((told) => Number(told) === 0);
        } else expect(sent).toBeNull();
      }),
      runs,
    );
  });

  test('of the details costs no more than the field', () => {
    const example = details();
    fc.assert(
      fc.property(faultsIn(example), (faults) => {
        const body = spoil(example, faults) as Json;
        const read = readDetails(body, id(9));
        const isStruck = faults.some(({ path }) => path[0] === 'startTime');
        if (!isStruck) expect(read.ok).toBe(true);
        if (!read.ok) return;
        expect(
          [id(1), id(9)].includes(read.value.id) || isStruck || faults.some(({ path }) => path[0] === 'id'),
        ).toBe(true);
        if (faults.every(({ path }) => path[0] !== 'note')) expect(read.value.note?.text).toBe('note');
        if (faults.every(({ path }) => path[0] !== 'owner')) expect(read.value.owner?.lastName).toBe('Rossi');
      }),
      runs,
    );
  });

  test('of a created id or a refusal throws nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...wrongValues), fc.jsonValue()), (value) => {
        const created = readCreated({ id: value });
        if (created.ok) expect(created.value.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        readCreated(value);
        readRefusal(value);
        const { reason } = readRefusal({ reason: value, username: value, message: value });
        if (reason !== undefined) expect(Number.isSafeInteger(reason)).toBe(true);
      }),
      runs,
    );
  });
});

describe('a live list', () => {
  test('of more entries than a line can have is refused, so that the light is unknown (G1)', () => {
    const entries = Array.from({ length: 2_001 }, (_, number) => entry(number));
    expect(readActiveRecordings(entries)).toEqual({ ok: false, field: 'size' });
    expect(readActiveRecordings(entries.slice(1))).toMatchObject({ ok: true });
  });

  test.each([[[{}]], [[null]], [[[]]], [['x', 7]], [[{ Id: 'x' }]]])(
    'of %j is no empty one (D3)',
    (entries) => {
      expect(readActiveRecordings(entries)).toEqual({ ok: false, field: '0.id' });
    },
  );
});

/** Reads a body in pieces of the given sizes, one after the other and over again. */
function readInPieces(body: string, sizes: readonly number[], page = asked) {
  const reader = createListReader(page);
  const bytes = new TextEncoder().encode(body);
  let at = 0;
  for (let piece = 0; at < bytes.length; piece += 1) {
    const size = sizes[piece % sizes.length] ?? bytes.length;
    // As the network gives them: parts of one buffer that is used again.
    const part = Buffer.from(bytes.subarray(at, at + size));
    if (!reader.add(part)) return 'refused';
    part.fill(0x20);
    at += size;
  }
  return reader.finish('application/json');
}

describe('a list that is read as it arrives', () => {
  const key = fc.constantFrom('recordings', 'totalCount', 'Recordings', 'x', 'a"b', '\\', ']', '}');
  const body = fc.record({
    before: fc.dictionary(key, fc.jsonValue(), { maxKeys: 3 }),
    rows: fc.array(fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant(row(1))), { maxLength: 8 }),
    indent: fc.constantFrom(undefined, 1, '\t'),
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
  });

  test('is what JSON.parse makes of it, in pieces of any size (G1)', () => {
    fc.assert(
      fc.property(body, ({ before, rows, indent, sizes }) => {
        const rest = Object.fromEntries(
          Object.entries(before).filter(([name]) => name.toLowerCase() !== 'recordings'),
        );
        const text = JSON.stringify({ ...rest, recordings: rows, totalCount: 7 }, null, indent);
        const read = readInPieces(text, sizes);
        if (read === 'refused') throw new Error(read);
        const parsed = JSON.parse(text) as Json;
        expect(read.json).toEqual({ totalCount: 7, recordings: parsed['recordings'] });
      }),
      runs,
    );
  });

  test('is no JSON where JSON.parse finds none', () => {
    const good = JSON.stringify({ totalCount: 1, recordings: [row(1)] });
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (end, sizes) => {
          const read = readInPieces(good.slice(0, end), sizes);
          if (read === 'refused') throw new Error(read);
          expect(read.json).toBeUndefined();
        },
      ),
      runs,
    );
  });

  const rowsOf = (count: number) => Array.from({ length: count }, (_, number) => row(number));
  const sizes = [65_536];
  const pageOf = (text: string, page: number) => {
    const read = readInPieces(text, sizes, { page, pageSize: 50 });
    if (read === 'refused') throw new Error(read);
    return readRecordingsPage(read.json, { page, pageSize: 50 });
  };

  test('and that the server does not page is passed on whole while it is short, and cut to the page else (G1)', () => {
    const short = JSON.stringify({ totalCount: 2_000, recordings: rowsOf(2_000) });
    expect(pageOf(short, 3)).toMatchObject({
      ok: true,
      value: { totalCount: 2_000, recordings: { length: 2_000 } },
    });
    const long = JSON.stringify({ totalCount: 5_000, recordings: rowsOf(5_000) });
    for (const page of [0, 1, 39, 99]) {
      const read = pageOf(long, page);
      if (!read.ok) throw new Error(read.field);
      expect(read.value.totalCount).toBe(5_000);
      expect(read.value.recordings.map((recording) => recording.id)).toEqual(
        Array.from({ length: 50 }, (_, at) => id(page * 50 + at)),
      );
    }
    expect(pageOf(long, 100)).toEqual({ ok: true, value: { totalCount: 5_000, recordings: [] } });
  });

  test('is refused where it is a page of another size than was asked for, too long to be shown (G1)', () => {
    const text = JSON.stringify({ totalCount: 9_000, recordings: rowsOf(5_000) });
    expect(pageOf(text, 1)).toEqual({ ok: false, field: 'body' });
  });

  test('is refused above 100,000 rows, as soon as they are counted (G1)', () => {
    const reader = createListReader(asked);
    const text = new TextEncoder().encode('{},'.repeat(10_000));
    expect(reader.add(new TextEncoder().encode('{"recordings":['))).toBe(true);
    for (let times = 0; times < 10; times += 1) expect(reader.add(text)).toBe(true);
    expect(reader.add(text)).toBe(false);
  });

  test('is refused above 64 MB, whatever it is made of (G1)', () => {
    const megabyte = new Uint8Array(1024 * 1024).fill(0x20);
    const reader = createListReader(asked);
    reader.add(new TextEncoder().encode('{"recordings":['));
    let taken = 0;
    while (reader.add(megabyte)) taken += 1;
    expect(taken).toBe(63);
  });

  test('counts a row that is too large as unreadable, and keeps the others (G1)', () => {
    const rows = [row(0), { ...row(1), referenceNumber: 'x'.repeat(20_000) }, row(2)];
    expect(pageOf(JSON.stringify({ totalCount: 3, recordings: rows }), 0)).toMatchObject({
      ok: true,
      value: { totalCount: 3, recordings: [{ id: id(0) }, { id: id(2) }], unreadable: 1 },
    });
  });
});
