import { describe, expect, it } from 'vitest';

import type { FollowedProgress, MediaProgress } from '@shared/domain/media';
import { createProgressFeed } from '../../../../src-main/core/media/progress-feed';
import { guid } from '../../../fixtures/examples';
import { VirtualClock } from '../../../fixtures/virtual-clock';

const id = guid(1).toUpperCase();
const start: MediaProgress = {
  status: 'downloading',
  receivedBytes: 0,
  sizeBytes: 1_000,
  error: null,
  sound: null,
};
const sound = { seconds: 1, steady: true, changesAt: null };

/** A feed over a library of which a test says how far one recording has come. */
function setUp() {
  const clock = new VirtualClock();
  const sent: FollowedProgress[] = [];
  const written: string[] = [];
  const listeners = new Set<(id: string) => void>();
  let progress = start;
  let visible = true;
  let broken = false;
  const feed = createProgressFeed({
    clock,
    log: { write: (_level, message) => written.push(message) },
    media: {
      progress: () => progress,
      onProgress: (listener) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
    isVisible: () => visible,
    send: (followed) => {
      if (broken) throw new Error('gone');
      sent.push(followed);
    },
  });
  return {
    clock,
    feed,
    sent,
    written,
    listeners,
    bytes: () => sent.map((followed) => followed.progress.receivedBytes),
    change: (next: Partial<MediaProgress>, of = id.toLowerCase()) => {
      progress = { ...progress, ...next };
      for (const listener of listeners) listener(of);
    },
    setVisible: (next: boolean) => {
      visible = next;
    },
    breakWindow: () => {
      broken = true;
    },
  };
}

describe('progress feed', () => {
  it('sends the progress at once when a recording is followed', () => {
    const { feed, sent } = setUp();
    feed.follow(id, 7);
    expect(sent).toEqual([{ id, ticket: 7, progress: start }]);
  });

  it('sends nothing before a recording is followed, and nothing of another one', () => {
    const { feed, sent, change } = setUp();
    change({ receivedBytes: 1 });
    expect(sent).toEqual([]);
    feed.follow(id, 1);
    change({ status: 'complete' }, guid(2));
    expect(sent).toHaveLength(1);
  });

  it('sends growth once in 400 ms, and the last of it always', async () => {
    const { clock, feed, bytes, change } = setUp();
    feed.follow(id, 1);
    for (let received = 1; received <= 9; received += 1) {
      change({ receivedBytes: received });
      await clock.advance(100);
    }
    expect(bytes()).toEqual([0, 4, 8]);
    await clock.advance(10_000);
    expect(bytes()).toEqual([0, 4, 8, 9]);
    change({ receivedBytes: 10 });
    expect(bytes()).toEqual([0, 4, 8, 9, 10]);
    expect(clock.pending()).toBe(0);
  });

  it('sends nothing where nothing has changed', async () => {
    const { clock, feed, sent, change } = setUp();
    feed.follow(id, 1);
    await clock.advance(1_000);
    change({ sound });
    await clock.advance(1_000);
    change({ sound: { ...sound } });
    await clock.advance(1_000);
    expect(sent).toHaveLength(2);
  });

  it.each<[string, Partial<MediaProgress>]>([
    ['that it failed', { status: 'failed', error: { code: 'internal', operation: 'download', detail: {} } }],
    ['that it is whole', { status: 'complete' }],
    ['that seconds are not found', { sound: { ...sound, steady: false } }],
    ['that the sample rate changes', { sound: { ...sound, changesAt: 3 } }],
  ])('sends at once, also to a hidden window, %s', (_what, change) => {
    const { feed, sent, change: put, setVisible } = setUp();
    put({ sound });
    feed.follow(id, 1);
    setVisible(false);
    put({ receivedBytes: 5, ...change });
    expect(sent.at(-1)).toEqual({
      id,
      ticket: 1,
      progress: { ...start, sound, receivedBytes: 5, ...change },
    });
    expect(sent).toHaveLength(2);
  });

  it('sends a hidden window no growth, and what it missed once it is shown', async () => {
    const { clock, feed, bytes, change, setVisible } = setUp();
    feed.follow(id, 1);
    change({ receivedBytes: 1 });
    setVisible(false);
    await clock.advance(1_000);
    change({ receivedBytes: 2 });
    await clock.advance(1_000);
    expect(bytes()).toEqual([0]);
    setVisible(true);
    feed.refresh();
    expect(bytes()).toEqual([0, 2]);
  });

  it.each(['complete', 'failed'] as const)('ends with the recording that is %s', async (status) => {
    const { clock, feed, sent, change } = setUp();
    feed.follow(id, 1);
    change({ receivedBytes: 1 });
    change({ receivedBytes: 2, status });
    change({ receivedBytes: 0, status: 'absent' });
    await clock.advance(1_000);
    feed.refresh();
    expect(sent.map(({ progress: { status: told } }) => told)).toEqual(['downloading', status]);
    expect(clock.pending()).toBe(0);
  });

  it('tells again what is whole or has failed to the one who follows again', () => {
    const { feed, sent, change } = setUp();
    change({ status: 'failed' });
    feed.follow(id, 1);
    feed.follow(id, 2);
    expect(sent.map(({ ticket, progress: { status } }) => [ticket, status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
  });

  it('is ended with the ticket that is followed, and with no other', async () => {
    const { clock, feed, bytes, change } = setUp();
    feed.follow(id, 1);
    feed.follow(id, 2);
    feed.unfollow(1);
    change({ receivedBytes: 1 });
    await clock.advance(400);
    expect(bytes()).toEqual([0, 0, 1]);
    change({ receivedBytes: 2 });
    feed.unfollow(2);
    change({ receivedBytes: 3 });
    await clock.advance(1_000);
    expect(bytes()).toEqual([0, 0, 1]);
    expect(clock.pending()).toBe(0);
  });

  it.each(['stop', 'dispose'] as const)('sends nothing after %s', async (end) => {
    const { clock, feed, sent, change } = setUp();
    feed.follow(id, 1);
    change({ receivedBytes: 1 });
    feed[end]();
    change({ status: 'complete' });
    await clock.advance(1_000);
    expect(sent).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  it('lets the library alone once it is disposed of', () => {
    const { feed, listeners } = setUp();
    feed.dispose();
    expect(listeners.size).toBe(0);
  });

  it('notes a window that cannot be told, and does not break the download', () => {
    const { feed, change, written, breakWindow } = setUp();
    feed.follow(id, 1);
    breakWindow();
    change({ status: 'complete' });
    expect(written).toEqual(['sending the progress of a recording failed']);
  });
});
