import { describe, expect, it } from 'vitest';

import { guessStart, readFileName } from '../../../../src-main/core/imports/recorded-at';

const rome = 'Europe/Rome';
const modifiedMs = Date.UTC(2024, 4, 20, 9, 0, 0);
const guess = (fileName: string, timeZone = rome) =>
  guessStart({ fileName, modifiedMs, durationMs: 90_500, origin: null }, timeZone);
const iso = (ms: number) => new Date(ms).toISOString();

describe('the name of a file', () => {
  it.each<[string, string | null, string | null]>([
    ['2024-05-17 14.02.33.wav', '2024-05-17T14:02:33.000Z', null],
    ['2024-05-17 14-02-33.wav', '2024-05-17T14:02:33.000Z', null],
    ['2024-05-17T14:02:33.wav', '2024-05-17T14:02:33.000Z', null],
    ['Recording 2024-05-17 at 14.02.wav', '2024-05-17T14:02:00.000Z', null],
    ['2024_05_17_14_02_33.mp3', '2024-05-17T14:02:33.000Z', null],
    ['20240517140233.wav', '2024-05-17T14:02:33.000Z', null],
    ['VOICE_20240517_140233.wav', '2024-05-17T14:02:33.000Z', null],
    ['Call_+390212345678_20240517-140233.wav', '2024-05-17T14:02:33.000Z', '+390212345678'],
    ['20240517-140233_+390212345678.wav', '2024-05-17T14:02:33.000Z', '+390212345678'],
    ['Call_00390212345_20240517-140233.wav', '2024-05-17T14:02:33.000Z', '00390212345'],
    ['Call 231 2024-05-17 14.02.33.wav', '2024-05-17T14:02:33.000Z', '231'],
    ['Call_20240517-140233.wav', '2024-05-17T14:02:33.000Z', null],
    ['+390212345678.wav', null, '+390212345678'],
    ['REC001.wav', null, null],
    ['REC_0001.wav', null, null],
    ['recall_123.wav', null, null],
    ['2024-02-30 14.02.33.wav', null, null],
    ['2024-05-17 25.02.33.wav', null, null],
    ['19700101-000000.wav', null, null],
    ['+39022024051714.wav', null, '+39022024051714'],
    ['', null, null],
  ])('%s', (name, wall, remoteNumber) => {
    const facts = readFileName(name);
    expect(facts.remoteNumber).toBe(remoteNumber);
    const { wall: read } = facts;
    const asUtc =
      read && iso(Date.UTC(read.year, read.month - 1, read.day, read.hour, read.minute, read.second));
    expect(asUtc).toBe(wall);
  });

  it('of any length is read at once', () => {
    expect(readFileName(`${'2024-05-17 '.repeat(9_999)}call_`)).toEqual({ wall: null, remoteNumber: null });
  });
});

describe('the start of a recording', () => {
  it('comes from the recorder first', () => {
    const origin = { date: '2024-01-17', time: '14:02:33' };
    const facts = { fileName: '2024-05-17 14.02.33.wav', modifiedMs, durationMs: 1, origin };
    expect(guessStart(facts, rome)).toEqual({
      source: 'broadcast-origin',
      start: { kind: 'one', atMs: Date.UTC(2024, 0, 17, 13, 2, 33) },
    });
  });

  it.each([
    [rome, 12],
    ['UTC', 14],
    ['America/New_York', 18],
    ['Asia/Tokyo', 5],
  ])('comes from the name in the zone %s', (zone, hour) => {
    expect(guess('2024-05-17 14.02.33.wav', zone)).toEqual({
      source: 'file-name',
      start: { kind: 'one', atMs: Date.UTC(2024, 4, 17, hour, 2, 33) },
    });
  });

  it('comes from the time of the last change, less the length', () => {
    expect(guess('REC001.wav')).toEqual({
      source: 'modification-time',
      start: { kind: 'one', atMs: modifiedMs - 90_500 },
    });
  });

  it.each([
    ['2024-10-27 01.59.59', 'one', '2024-10-26T23:59:59.000Z', null],
    ['2024-10-27 02.00.00', 'repeated', '2024-10-27T00:00:00.000Z', '2024-10-27T01:00:00.000Z'],
    ['2024-10-27 02.59.59', 'repeated', '2024-10-27T00:59:59.000Z', '2024-10-27T01:59:59.000Z'],
    ['2024-10-27 03.00.00', 'one', '2024-10-27T02:00:00.000Z', null],
    ['2024-03-31 01.59.59', 'one', '2024-03-31T00:59:59.000Z', null],
    ['2024-03-31 02.30.00', 'skipped', '2024-03-31T01:30:00.000Z', null],
    ['2024-03-31 03.00.00', 'one', '2024-03-31T01:00:00.000Z', null],
  ])('says what daylight saving makes of %s', (name, kind, at, later) => {
    const { start } = guess(`${name}.wav`);
    expect(start.kind).toBe(kind);
    expect(iso(start.atMs)).toBe(at);
    expect(start.kind === 'repeated' ? iso(start.laterMs) : null).toBe(later);
  });

  it('is not guessed in a zone that is none', () => {
    expect(() => guess('2024-05-17 14.02.33.wav', 'Europe/Nowhere')).toThrow(RangeError);
  });
});
