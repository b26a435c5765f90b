import { describe, expect, test } from 'vitest';

import {
  readActiveRecordings,
  readDetails,
  readRecordingsPage,
} from '../../../../src-main/infra/api/responses';
import { recordingFileName } from '../../../../src-main/core/saving/file-name';

const id = '6b98303a-b295-473a-adae-000000000001';

const texts: readonly (readonly [name: string, sent: unknown, kept: string | null])[] = [
  ['a number as it is', '+39 02 4454-0000', '+39 02 4454-0000'],
  ['a number that is turned round', '\u202e+39055123', '+39055123'],
  ['embeddings and isolates', '\u202aa\u202bb\u202cc\u202dd\u2066e\u2067f\u2068g\u2069', 'abcdefg'],
  ['marks of direction', '\u200e+39\u200f 055\u061c', '+39 055'],
  ['a byte order mark', '\ufeffAnna', 'Anna'],
  ['NUL, BEL, ESC and DEL', 'An\0n\x07a\x1b[31m\x7f', 'Anna[31m'],
  ['C1 controls', 'An\x80n\x9fa', 'Anna'],
  ['line breaks and tabs', 'Anna\r\n\tRossi\u2028Rome\u2029\x85x', 'Anna Rossi Rome x'],
  ['half a pair', 'A\ud800nna \udc00', 'A\ufffdnna \ufffd'],
  ['a whole pair', 'Anna 😀', 'Anna 😀'],
  ['joined emoji', '👩\u200d💻', '👩\u200d💻'],
  ['Hebrew and Arabic', 'דוד מרים سعاد', 'דוד מרים سعاد'],
  ['nothing but what is left out', '\u202e\0\x1b', null],
  ['an empty text', '', null],
  ['a number in place of text', 39055, '39055'],
];

describe('a name or number of the server is cleaned once, for all (A4)', () => {
  test.each(texts)('%s', (_name, sent, kept) => {
    const row = {
      id,
      startTime: '2018-11-01T16:39:15Z',
      referenceNumber: sent,
      ownerUsername: sent,
      localPartyNumber: sent,
      remotePartyNumber: sent,
    };
    const user = { username: sent, firstName: sent, lastName: sent, phoneNumber: sent, group: sent };
    const cleanUser = {
      username: kept,
      firstName: kept,
      lastName: kept,
      phoneNumber: kept,
      group: kept,
    };
    const list = readRecordingsPage({ totalCount: 1, recordings: [row] }, { page: 0, pageSize: 50 });
    const live = readActiveRecordings([{ id, localParty: user, remoteParty: user }]);
    const details = readDetails({ ...row, owner: user, note: { owner: user, text: sent } }, id);
    if (!list.ok || !live.ok || !details.ok) throw new Error('not read');
    const summary = list.value.recordings[0];
    const numbers = { localPartyNumber: kept, remotePartyNumber: kept, referenceNumber: kept ?? '' };
    expect(summary).toMatchObject({ ...numbers, ownerUsername: kept });
    expect(live.value[0]).toMatchObject({
      localUsername: kept,
      remoteParty: { firstName: kept, lastName: kept, phoneNumber: kept },
    });
    expect(details.value).toMatchObject({ ...numbers, owner: cleanUser, note: { owner: cleanUser } });
    // A file is named after what is shown, but for what no file may be called.
    const shown = (kept ?? '').replace(/[<>:"/\\|?*]/g, '_');
    const fileName = recordingFileName('{start} {remote}', summary!, '.mp3', 'UTC');
    expect(fileName).toBe(`2018-11-01 16.39.15${shown === '' ? '' : ` ${shown}`}.mp3`);
  });

  test('a note keeps its lines', () => {
    const sent = 'first\r\nsecond\u2028third\tword\x1b\u202e';
    const details = readDetails({ startTime: '2018-11-01T16:39:15Z', note: { text: sent } }, id);
    expect(details.ok && details.value.note?.text).toBe('first\nsecond\nthird word');
  });
});
