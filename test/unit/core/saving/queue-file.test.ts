import { describe, expect, it } from 'vitest';

import { fail } from '@shared/domain/errors';
import { savesDocument } from '../../../../src-main/core/saving/queue-file';
import { MemoryFile } from '../../../fixtures/memory-file';
import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { createFixture, detailsOf, guid, queueSaves } from '../../../fixtures/saving';

describe('after a restart', () => {
  async function restarted(before: Fixture, username = 'anna'): Promise<Fixture> {
    before.keep.dispose();
    await settle();
    const fixture = createFixture({ queueFile: before.queueFile }, null);
    await fixture.keep.load();
    expect(fixture.troubles.told).toEqual([]);
    fixture.signIn(username);
    await settle();
    return fixture;
  }

  it('what could be read only late is saved then, beside what was queued meanwhile', async () => {
    const before = createFixture();
    await queueSaves(before, 2);
    before.keep.dispose();
    await settle();
    before.queueFile.isHeld = true;
    const fixture = createFixture({ queueFile: before.queueFile }, null);
    const loading = fixture.keep.load();
    await fixture.clock.advance(5_000);
    await loading;
    fixture.signIn();
    await fixture.keep.saveRecordings({ ids: [guid(7), guid(8)] });
    expect(before.queueFile.text).not.toContain(guid(7));
    before.queueFile.isHeld = false;
    await fixture.clock.advance(60_000);
    const ids = fixture.keep.view().jobs.map(({ recordingId }) => recordingId);
    expect(ids).toEqual([7, 8, 1, 2].map(guid));
    for (const id of ids) expect(before.queueFile.text).toContain(id);
    expect(fixture.troubles.told).toEqual(['unreadable saves.json', '-unreadable saves.json']);
  });

  it('the rest goes on by itself, and what was done does not', async () => {
    const before = createFixture();
    await queueSaves(before, 4);
    await before.downloads[0]?.feed('one');
    await before.downloads[0]?.end();
    await before.downloads[1]?.cut('server-error');
    const fixture = await restarted(before);
    expect(fixture.keep.view().jobs.map(({ recordingId }) => recordingId)).toEqual([2, 3, 4].map(guid));
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(2), guid(3)]);
    for (let at = 0; at < 3; at += 1) {
      await fixture.downloads[at]?.feed('rest');
      await fixture.downloads[at]?.end();
    }
    expect([...fixture.files.files.keys()]).toEqual(
      ['R0002', 'R0003', 'R0004'].map((name) => `/saved/${name}.mp3`),
    );
    // Nothing is left for a third run.
    expect((await restarted(fixture)).keep.view().jobs).toEqual([]);
  });

  it('what was cancelled, cleared or signed out of does not come back', async () => {
    const cancelled = createFixture();
    await queueSaves(cancelled, 3);
    cancelled.keep.cancel({});
    await settle();
    expect((await restarted(cancelled)).keep.view().jobs).toEqual([]);

    const cleared = createFixture();
    await queueSaves(cleared, 1);
    await cleared.downloads[0]?.cut('not-allowed');
    cleared.keep.clearFinished();
    expect((await restarted(cleared)).keep.view().jobs).toEqual([]);

    const signedOut = createFixture();
    await queueSaves(signedOut, 3);
    signedOut.signOut();
    await settle();
    expect((await restarted(signedOut)).keep.view().jobs).toEqual([]);
  });

  it('what was refused is not asked for again, what the disk refused waits for somebody who asks', async () => {
    const before = createFixture();
    await queueSaves(before, 3);
    await before.downloads[0]?.cut('not-allowed');
    before.files.writeFailure = fail('disk-full', 'file');
    await before.downloads[1]?.feed('two');
    before.files.writeFailure = null;
    await before.downloads[2]?.feed('three');
    await before.downloads[2]?.end();
    expect(before.keep.view().counts).toMatchObject({ failed: 2, done: 1 });
    const fixture = await restarted(before);
    expect(fixture.keep.view().jobs.map(({ recordingId }) => recordingId)).toEqual([guid(2)]);
  });

  it('what was paused is paused, and what was cancelled and tried again goes on', async () => {
    const before = createFixture();
    await queueSaves(before, 3);
    const [first, , third] = before.keep.view().jobs;
    before.keep.pause({ jobId: first?.id });
    before.keep.cancel({ jobId: third?.id });
    await settle();
    before.keep.retry({ jobId: third?.id });
    const fixture = await restarted(before);
    expect(fixture.keep.view().counts).toMatchObject({ paused: 1, downloading: 2 });
    expect(fixture.keep.view().jobs.find(({ status }) => status === 'paused')?.recordingId).toBe(guid(1));
    expect(fixture.downloads.map(({ id }) => id).sort()).toEqual([guid(2), guid(3)]);
  });

  it('nobody saves what somebody else wanted; who wanted it, does so later', async () => {
    const before = createFixture();
    await queueSaves(before, 3);
    const bens = await restarted(before, 'ben');
    expect(bens.keep.view().jobs).toEqual([]);
    // Ben has something to save, too, and his queue is his own.
    await bens.keep.saveRecordings({ ids: [guid(7), guid(8)] });
    expect((await restarted(bens)).keep.view().counts).toMatchObject({ downloading: 2, queued: 1 });
    const inOneRun = await restarted(bens, 'ben');
    expect(inOneRun.keep.view().jobs.map(({ recordingId }) => recordingId)).toEqual([7, 8].map(guid));
    inOneRun.signIn('anna');
    await settle();
    expect(inOneRun.keep.view().counts).toMatchObject({ downloading: 2, queued: 1 });
    expect(inOneRun.keep.view().jobs.every(({ recordingId }) => (recordingId ?? '') <= guid(3))).toBe(true);
  });

  it('signing out forgets it, although the password was refused before there was a session', async () => {
    const before = createFixture();
    await queueSaves(before, 3);
    before.keep.dispose();
    const locked = createFixture({ queueFile: before.queueFile }, null);
    await locked.keep.load();
    locked.signOut();
    locked.signIn();
    expect(locked.keep.view().jobs).toEqual([]);
    expect((await restarted(locked)).keep.view().jobs).toEqual([]);
  });

  it('a thousand saves that end at once are written down once', async () => {
    const fixture = createFixture();
    for (const from of [0, 500]) {
      await fixture.keep.saveRecordings({ ids: Array.from({ length: 500 }, (_, at) => guid(from + at + 1)) });
    }
    await fixture.clock.advance(0);
    const before = fixture.queueFile.writes.length;
    fixture.keep.cancel({});
    await settle();
    await fixture.clock.advance(0);
    await settle();
    expect(fixture.queueFile.writes.length - before).toBeLessThanOrEqual(2);
    expect(JSON.parse(fixture.queueFile.text ?? '')).toEqual({ version: 1, accounts: [] });
  });

  it('a lost session loses nothing of the queue', async () => {
    const before = createFixture();
    await queueSaves(before, 2);
    before.keep.setSession(null);
    await settle();
    expect((await restarted(before)).keep.view().counts).toMatchObject({ downloading: 2 });
  });

  it('no number and no name is on the disk meanwhile', async () => {
    const fixture = createFixture();
    fixture.dialogs.file = { folder: '/saved', fileName: 'Mrs Smith +3902.mp3' };
    fixture.summaryOf = (id) => ({ ...detailsOf(id), ownerUsername: 'anna' });
    await queueSaves(fixture, 1);
    await settle();
    await queueSaves(fixture, 3);
    await settle();
    expect(fixture.queueFile.text).toContain(guid(3));
    expect(fixture.queueFile.text).toContain('/saved');
    for (const secret of ['Smith', '+3902', 'R0001', 'anna', 'recorder.example.com']) {
      expect(fixture.queueFile.writes.join()).not.toContain(secret);
    }
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no version', '{"version":null,"accounts":[]}'],
    [
      'a save without a folder',
      `{"version":1,"accounts":[{"scope":"x","saves":[{"recordingId":"${guid(1)}","template":"","paused":false}]}]}`,
    ],
    [
      'an id that is none',
      '{"version":1,"accounts":[{"scope":"x","saves":[{"recordingId":"../x","folder":"/","template":"","paused":false}]}]}',
    ],
  ])('a file that is %s is set aside', async (_name, text) => {
    const queueFile = new MemoryFile('saves.json', text);
    const fixture = createFixture({ queueFile }, null);
    await fixture.keep.load();
    expect(fixture.troubles.told).toEqual(['damaged saves.json.damaged']);
    fixture.signIn();
    expect(fixture.keep.view().jobs).toEqual([]);
    expect(queueFile.setAsideTexts).toEqual([text]);
    await queueSaves(fixture, 2);
    expect(queueFile.text).toContain(guid(2));
  });
});

describe('the remembered queue (bounded)', () => {
  it('drops failed saves before those that are still to be made', () => {
    const save = (number: number, failed?: 'disk-full') => ({
      recordingId: guid(number),
      folder: '/saved',
      template: '{date}',
      paused: false,
      ...(failed === undefined ? {} : { failed }),
    });
    const queue = (first: number, count: number, failed?: 'disk-full') => ({
      version: 1 as const,
      accounts: [
        { scope: 'anna', saves: Array.from({ length: count }, (_, at) => save(first + at, failed)) },
      ],
    });
    const { merge } = savesDocument;
    const merged = merge(queue(1, 3_000, 'disk-full'), queue(5_001, 2_000));
    const numbers = merged.accounts[0]?.saves.map(({ recordingId }) => Number(recordingId.slice(-6))) ?? [];
    expect(numbers).toHaveLength(4_000);
    expect(numbers.filter((number) => number > 5_000)).toHaveLength(2_000);
    expect(numbers[0]).toBe(1_001);
  });
});
