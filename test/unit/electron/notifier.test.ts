import { beforeEach, describe, expect, it, vi } from 'vitest';

import { createNotifier } from '../../../src-main/electron/notifier';

const { made, FakeNotification } = vi.hoisted(() => {
  interface Shown {
    title: string;
    click: () => void;
    closed: boolean;
  }
  const made: Shown[] = [];
  class FakeNotification {
    static isSupported = () => true;
    readonly #entry: Shown = { title: '', click: () => undefined, closed: false };
    constructor({ title }: { readonly title: string }) {
      this.#entry.title = title;
      made.push(this.#entry);
    }
    on(name: string, listener: () => void): void {
      if (name === 'click') this.#entry.click = listener;
    }
    show(): void {}
    /** As many notification servers: it tells nobody. */
    close(): void {
      this.#entry.closed = true;
    }
  }
  return { made, FakeNotification };
});

vi.mock('electron', () => ({ Notification: FakeNotification }));

beforeEach(() => {
  made.length = 0;
});

const notice = (tag: string) =>
  ({ tag, title: tag, body: '', urgent: false, action: { kind: 'open-window' } }) as const;

describe('the notices of the OS', () => {
  it('are held up to the newest twenty, where nobody tells that they have gone (S2)', () => {
    const notifier = createNotifier(() => undefined);
    for (let call = 0; call < 800; call += 1) notifier.show(notice(`started-${call}`));
    notifier.clear();
    const closed = made.filter((entry) => entry.closed).map(({ title }) => title);
    expect(closed).toEqual(Array.from({ length: 20 }, (_, index) => `started-${780 + index}`));
  });

  it('that are shown again count as new (S2)', () => {
    const notifier = createNotifier(() => undefined);
    notifier.show(notice('first'));
    for (let call = 0; call < 19; call += 1) notifier.show(notice(`started-${call}`));
    notifier.show(notice('first'));
    notifier.show(notice('last'));
    for (const entry of made) entry.closed = false;
    notifier.clear();
    expect(made.filter((entry) => entry.closed).map(({ title }) => title)).toContain('first');
  });
});
