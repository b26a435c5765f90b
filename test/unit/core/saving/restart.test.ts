import { describe, expect, it } from 'vitest';

import { fail } from '@shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import { MemoryFile } from '../../../fixtures/memory-file';
import type { Fixture } from '../../../fixtures/saving';
import { guid, createFixture } from '../../../fixtures/saving';

async function queued(count: number): Promise<Fixture> {
  const fixture = createFixture();
  await fixture.keep.saveRecordings({ ids: Array.from({ length: count }, (_, at) => guid(at + 1)) });
  await settle();
  return fixture;
}

/** The next run; an unclean one finds what was on the disk at some moment. */
async function startedWith(text: string | null): Promise<Fixture> {
  const fixture = createFixture({ queueFile: new MemoryFile('saves.json', text) }, null);
  await fixture.keep.load();
  fixture.signIn();
  await settle();
  return fixture;
}

async function quit(fixture: Fixture): Promise<string | null> {
  fixture.keep.dispose();
  await fixture.keep.settled();
  return fixture.queueFile.text;
}

describe('saves that are paused', () => {
  it('stay so over any number of clean ends (C24)', async () => {
    const fixture = await queued(3);
    fixture.keep.pause({});
    let text = await quit(fixture);
    for (let start = 0; start < 5; start += 1) {
      const next = await startedWith(text);
      expect(next.keep.view().counts).toMatchObject({ paused: 3 });
      await next.clock.advance(60_000);
      expect(next.downloads).toEqual([]);
      text = await quit(next);
    }
  });

  it('stay so over any number of kills, whatever had been written by then (C24)', async () => {
    const fixture = await queued(3);
    fixture.keep.pause({});
    await fixture.clock.advance(0);
    await settle();
    const texts = new Set([fixture.queueFile.text]);
    for (const text of texts) {
      if (texts.size > 10) break;
      const next = await startedWith(text);
      expect(next.keep.view().counts).toMatchObject({ paused: 3 });
      await next.clock.advance(60_000);
      expect(next.downloads).toEqual([]);
      for (const written of next.queueFile.writes) texts.add(written);
    }
  });

  it('stay so although the session was lost meanwhile (C24)', async () => {
    const fixture = await queued(3);
    fixture.keep.pause({});
    fixture.keep.setSession(null);
    await settle();
    const next = await startedWith(await quit(fixture));
    expect(next.keep.view().counts).toMatchObject({ paused: 3 });
    expect(next.downloads).toEqual([]);
  });
});

describe('saves whose files could not be written', () => {
  it('are not begun again by a start, but by who asks (C25)', async () => {
    const fixture = await queued(2);
    fixture.files.writeFailure = fail('disk-full', 'file', { message: 'ENOSPC' });
    await fixture.downloads[0]?.feed('one');
    await fixture.downloads[1]?.feed('two');
    await settle();
    expect(fixture.keep.view().counts).toMatchObject({ failed: 2 });
    let text = await quit(fixture);
    for (let start = 0; start < 3; start += 1) {
      const next = await startedWith(text);
      await next.clock.advance(60_000);
      expect(next.downloads).toEqual([]);
      const codes = next.keep.view().jobs.map(({ status, error }) => [status, error?.code]);
      expect(codes).toEqual([
        ['failed', 'disk-full'],
        ['failed', 'disk-full'],
      ]);
      text = await quit(next);
    }
    const last = await startedWith(text);
    expect(last.keep.retry({})).toMatchObject({ ok: true });
    await settle();
    expect(last.downloads).toHaveLength(2);
  });
});

describe('a queue that could be read only late', () => {
  /** The next run, in which another program holds the file until it is let go. */
  async function heldStart(before: Fixture) {
    await quit(before);
    const { queueFile } = before;
    queueFile.isHeld = true;
    const fixture = createFixture({ queueFile }, null);
    const loading = fixture.keep.load();
    await fixture.clock.advance(5_000);
    await loading;
    fixture.signIn();
    const free = async () => {
      queueFile.isHeld = false;
      await fixture.clock.advance(60_000);
    };
    return { fixture, free };
  }

  it('begins nothing that the disk has refused', async () => {
    const before = await queued(2);
    before.files.writeFailure = fail('disk-full', 'file', { message: 'ENOSPC' });
    await before.downloads[0]?.feed('one');
    before.keep.pause({});
    await settle();
    const { fixture, free } = await heldStart(before);
    await free();
    expect(fixture.keep.view().counts).toMatchObject({ failed: 1, paused: 1 });
    expect(fixture.downloads).toEqual([]);
  });

  it('is saved by its user’s next sign-in where the password was refused meanwhile', async () => {
    const { fixture, free } = await heldStart(await queued(2));
    fixture.keep.setSession(null);
    await free();
    fixture.signIn();
    await fixture.keep.saveRecordings({ ids: [guid(7), guid(8)] });
    await settle();
    const ids = fixture.keep.view().jobs.map(({ recordingId }) => recordingId);
    expect([...ids].sort()).toEqual([1, 2, 7, 8].map(guid));
    for (const id of ids) expect(fixture.queueFile.text).toContain(id);
  });

  it('is dropped where its user has signed out meanwhile, but not what they have asked for since', async () => {
    const { fixture, free } = await heldStart(await queued(2));
    fixture.signOut();
    fixture.signIn();
    await fixture.keep.saveRecordings({ ids: [guid(2), guid(8)] });
    await free();
    const ids = fixture.keep.view().jobs.map(({ recordingId }) => recordingId);
    expect([...ids].sort()).toEqual([2, 8].map(guid));
    expect(fixture.queueFile.text).not.toContain(guid(1));
  });

  it('is dropped at the end where it could not be read before', async () => {
    const { fixture } = await heldStart(await queued(2));
    fixture.signOut();
    fixture.queueFile.isHeld = false;
    await quit(fixture);
    expect(fixture.queueFile.text).not.toContain(guid(1));
  });

  it('keeps what was to be saved into another folder than meanwhile', async () => {
    const { fixture, free } = await heldStart(await queued(2));
    fixture.dialogs.folder = '/elsewhere';
    await fixture.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    await free();
    expect(fixture.keep.view().jobs).toHaveLength(4);
    expect(fixture.queueFile.text?.split('"/saved"')).toHaveLength(3);
  });
});
