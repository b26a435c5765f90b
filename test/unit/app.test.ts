import { describe, expect, test } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import { scopeHash } from '@shared/domain/scope-hash';
import { guid } from '../fixtures/examples';
import { MemoryFile } from '../fixtures/memory-file';
import type { VirtualAppOptions } from '../fixtures/virtual-app';
import { VirtualApp } from '../fixtures/virtual-app';
import { VirtualClock } from '../fixtures/virtual-clock';
import type { Fate, RequestRecord } from '../fixtures/virtual-server';
import { VirtualServer } from '../fixtures/virtual-server';
import { answering } from '../fixtures/networks';
import { agent, line } from '../fixtures/recorder';

/* The light first: the whole main process before a server of which only the live list is quick. */

const recordingTooltip = /^RecLight – Recording /u;
const slowMs = 20_000;

/** Half of the time there, half of it back. */
const taking = (ms: number): Fate => ({ kind: 'ok', outMs: ms / 2, backMs: ms / 2 });

/** 20 ms for the live list, and so long for everything else. */
const quickLight =
  (restMs: number) =>
  ({ kind }: RequestRecord): Fate =>
    taking(kind === 'active' ? 20 : restMs);

function setUp(options: Partial<VirtualAppOptions> = {}) {
  const clock = new VirtualClock();
  const server = new VirtualServer(clock);
  const app = new VirtualApp({ clock, api: server.apiFor(agent), username: agent, line, ...options });
  server.setNetwork(quickLight(slowMs));
  const kinds = () => server.log.map(({ kind }) => kind);
  const firstAt = (kind: RequestRecord['kind']) => server.log.find((record) => record.kind === kind)?.at;
  return { clock, server, app, kinds, firstAt };
}

describe('at the start', () => {
  test.each([100, 8_000, 15_000, 19_000, 60_000])(
    'the tray shows the recording within 1 s although the list takes %i ms (C9)',
    async (listMs) => {
      const { clock, server, app, kinds } = setUp();
      server.setNetwork(quickLight(listMs));
      server.beginRecording(server.connectCall('101', agent));
      await app.start();
      await clock.advance(1_000);
      expect(app.model?.tooltip).toMatch(recordingTooltip);
      expect(kinds()[0]).toBe('active');
      expect(kinds()).toContain('list');
      app.dispose();
    },
  );

  test('Record is sent at once while the first list is awaited (C9)', async () => {
    const { clock, server, app, firstAt } = setUp();
    server.connectCall('101', agent);
    await app.start();
    await clock.advance(2_000);
    app.press('record');
    await clock.advance(300);
    expect(firstAt('start')).toBe(2_000);
    app.dispose();
  });

  test('the light comes first where no line is set and one is looked for among the recordings (C9)', async () => {
    const nowhere: Line = { directoryNumber: null, deviceName: null, mode: 'media-forking' };
    const { clock, server, app, kinds } = setUp({ line: nowhere });
    server.beginRecording(server.connectCall('101', agent));
    await app.start();
    await clock.advance(1_000);
    expect(app.model?.tooltip).toMatch(recordingTooltip);
    expect(kinds()[0]).toBe('active');
    app.dispose();
  });

  test('neither saves that cannot be read yet nor a keychain that is silent hold up the light (C9)', async () => {
    const savesFile = new MemoryFile('saves.json');
    savesFile.read = () => new Promise(() => {});
    const { clock, server, app } = setUp({ savesFile, keychainAvailable: () => new Promise(() => {}) });
    server.beginRecording(server.connectCall('101', agent));
    void app.start();
    await clock.advance(1_000);
    expect(app.model?.tooltip).toMatch(recordingTooltip);
    app.dispose();
  });

  test('the saves of who signs out before they are read are dropped, whoever has signed in since (C9)', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const save = { recordingId: id, folder: '/saved', template: '{start}', paused: true };
    const scope = scopeHash('https://recorder.example', agent);
    const text = JSON.stringify({ version: 1, accounts: [{ scope, saves: [save] }] });
    const savesFile = new MemoryFile('saves.json', text);
    let read: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    savesFile.read = async () => {
      await reading;
      return savesFile.text;
    };
    const { clock, server, app } = setUp({ savesFile });
    server.setNetwork(quickLight(20));
    const starting = app.start();
    await clock.advance(2_000);
    await app.commands?.signOut({});
    const signingIn = app.commands?.signIn({
      serverAddress: 'https://recorder.example',
      username: 'other',
      password: 'p',
      remember: false,
      line,
    });
    await clock.advance(2_000);
    expect(await signingIn).toMatchObject({ ok: true });
    read();
    await clock.advance(2_000);
    await starting;
    await app.settled();
    expect(savesFile.text).not.toContain(id);
    app.dispose();
  });

  test('a look while the first poll is in flight costs no further request', async () => {
    const requestsOf = async (look: (app: VirtualApp) => void) => {
      const { clock, app, kinds } = setUp();
      await app.start();
      await clock.advance(5);
      look(app);
      await clock.advance(500);
      app.dispose();
      return kinds();
    };
    const unseen = await requestsOf(() => undefined);
    expect(await requestsOf((app) => app.lookAtTray())).toEqual(unseen);
  });
});

describe('after a sleep', () => {
  async function wakeUp() {
    const all = setUp();
    const { clock, server, app } = all;
    server.setNetwork(quickLight(20));
    await app.start();
    await clock.advance(10_000);
    app.suspend();
    clock.sleepMachine(30 * 60_000);
    server.connectCall('101', agent);
    server.setNetwork(quickLight(slowMs));
    server.log.length = 0;
    app.resume();
    return all;
  }

  test.each([
    ['window', (app: VirtualApp) => app.showWindow()],
    ['tray', (app: VirtualApp) => app.lookAtTray()],
  ] as const)(
    'a look at the %s shows the state within 1 s, and Record is sent while the list hangs (C9)',
    async (_where, look) => {
      const { clock, server, app, kinds, firstAt } = await wakeUp();
      server.beginRecording(server.callOn('101')!);
      look(app);
      await clock.advance(1_000);
      expect(app.model?.tooltip).toMatch(recordingTooltip);
      expect(kinds()[0]).toBe('active');
      server.endRecording(server.callOn('101')!);
      await clock.advance(5_000);
      expect(app.model?.tooltip).toBe('RecLight – Not recording');
      const pressedAt = clock.monotonicNow();
      app.press('record');
      await clock.advance(300);
      expect(firstAt('start')).toBe(pressedAt);
      app.dispose();
    },
  );

  test('Record that is pressed at once waits for the one poll alone (C9)', async () => {
    const { clock, app, kinds, firstAt } = await wakeUp();
    const wokenAt = clock.monotonicNow();
    app.showWindow();
    app.press('record');
    await clock.advance(300);
    expect(firstAt('start')).toBeLessThanOrEqual(wokenAt + 100);
    expect(kinds()[0]).toBe('active');
    app.dispose();
  });

  test('a password that was changed meanwhile costs one failed log-in, whatever is wanted', async () => {
    const { clock, server, app } = await wakeUp();
    server.setNetwork(() => answering('unauthorized', { status: 401 }));
    app.showWindow();
    app.lookAtTray();
    app.press('record');
    await clock.advance(60_000);
    expect(server.log).toHaveLength(1);
    expect(app.model?.icon).toBe('locked');
    app.dispose();
  });
});

describe('during an outage', () => {
  test('a look asks at once, but not before the time that the server asked for', async () => {
    const { clock, server, app } = setUp();
    await app.start();
    await clock.advance(10_000);
    server.setNetwork(() => answering('rate-limited', { status: 429, retryAfterMs: 120_000 }));
    await clock.advance(60_000);
    expect(app.model?.icon).toBe('unknown');
    const before = server.count('active');
    app.lookAtTray();
    await clock.advance(500);
    expect(server.count('active')).toBe(before);
    await clock.advance(180_000);
    server.setNetwork(() => answering('service-down', { status: 504 }));
    await clock.advance(180_000);
    const inOutage = server.count('active');
    app.lookAtTray();
    await clock.advance(50);
    expect(server.count('active')).toBe(inOutage + 1);
    app.dispose();
  });
});

describe('with slow polling', () => {
  test('a list that is asked for long after the last poll holds up neither Record nor the next poll (C8)', async () => {
    const slow = { polling: { activeMs: 2_000, visibleMs: 60_000, hiddenMs: 60_000 } };
    const { clock, server, app } = setUp({ settings: slow });
    server.setNetwork(quickLight(20));
    await app.start();
    await clock.advance(1_000);
    server.connectCall('101', agent);
    const polls = server.count('active');
    // The list of the start is old only after a minute.
    while (server.count('active') === polls) await clock.advance(1_000);
    await clock.advance(25_000);
    server.setNetwork(quickLight(19_500));
    server.log.length = 0;
    app.lookAtTray();
    await clock.advance(2_000);
    expect(server.log.map(({ kind }) => kind)).toEqual(['active', 'list']);
    const pressedAt = clock.monotonicNow();
    app.press('record');
    await clock.advance(300);
    expect(server.log.find(({ kind }) => kind === 'start')?.at).toBe(pressedAt);
    app.dispose();
  });
});

describe('a change of the settings', () => {
  test('does what is different, and nothing else: moving the window applies nothing (C6)', async () => {
    const { clock, app } = setUp();
    await app.start();
    await clock.advance(1_000);
    expect(app.applied).toContain('theme system');
    const before = app.applied.length;
    for (let x = 0; x < 50; x += 1) app.moveWindow(x);
    app.changeSettings({ player: { volume: 0.5 } });
    app.changeSettings({ polling: { hiddenMs: 30_000 } });
    await clock.advance(1_000);
    expect(app.applied.slice(before)).toEqual([]);
    app.changeSettings({ appearance: { theme: 'dark' } });
    app.changeSettings({ hotkeys: { pause: 'F9' } });
    await clock.advance(1_000);
    expect(app.applied.slice(before)).toEqual(['theme dark', '+F9']);
    app.dispose();
  });
});

test('every mark that is set tells the windows that there is one (F5)', async () => {
  const { clock, server, app } = setUp();
  server.setNetwork(() => taking(20));
  server.beginRecording(server.connectCall('101', agent));
  await app.start();
  await clock.advance(2_000);
  const revision = async () => {
    const answer = await app.commands?.getSnapshot({});
    return answer?.ok === true ? answer.value.marks.revision : null;
  };
  const before = await revision();
  await app.commands?.markMoment({});
  await clock.advance(100);
  expect(await revision()).toBe((before ?? 0) + 1);
  app.dispose();
});

test('a shortcut that another program has is asked for when the user comes, not at random', async () => {
  const { clock, app } = setUp({ isTaken: (accelerator) => accelerator.endsWith('F9') });
  await app.start();
  await clock.advance(1_000);
  const asked = () => app.applied.splice(0).filter((change) => change.startsWith('?')).length;
  expect(asked()).toBe(1);
  app.showWindow();
  expect(asked()).toBe(0);
  app.focusWindow(true);
  expect(asked()).toBe(1);
  app.focusWindow(false);
  app.suspend();
  app.resume();
  await clock.advance(60_000);
  expect(asked()).toBe(0);
  app.focusWindow(true);
  expect(asked()).toBe(1);
  await app.commands?.retryHotkeys({});
  expect(asked()).toBe(1);
  app.dispose();
});

describe('what was removed a moment ago', () => {
  const id = '00000000-0000-4000-8000-000000000001';

  /** An app in which a mark was deleted just now. */
  async function deleted() {
    const { clock, app } = setUp();
    await app.start();
    await clock.advance(30_000);
    const { commands } = app;
    await commands?.addMark({ id, offsetMs: 5_000 });
    await commands?.deleteMark({ id, markId: 1 });
    const removals = async () => {
      const answer = await commands?.getSnapshot({});
      return answer?.ok === true ? answer.value.removals : [];
    };
    return { clock, app, commands, removals };
  }

  test('is gone for good once the user signs out (undo)', async () => {
    const { app, commands, removals } = await deleted();
    expect(await removals()).toMatchObject([{ kind: 'mark', count: 1 }]);
    await commands?.signOut({});
    expect(await removals()).toEqual([]);
    await app.settled();
    expect(app.marksFile.text).not.toContain(id);
    app.dispose();
  });

  test('is gone for good once RecLight quits, which waits for the disk (undo)', async () => {
    const { app } = await deleted();
    expect(app.marksFile.text).toContain(id);
    app.dispose();
    await app.settled();
    expect(app.marksFile.text).not.toContain(id);
  });

  test('comes back for who undoes it (undo)', async () => {
    const { clock, app, commands, removals } = await deleted();
    const [removal] = await removals();
    expect(await commands?.undoRemoval({ id: removal?.id ?? 0 })).toMatchObject({ ok: true });
    await clock.advance(60_000);
    expect(await commands?.listMarks({ id })).toMatchObject({ value: [{ offsetMs: 5_000 }] });
    app.dispose();
  });
});

describe('the progress of the recording that the window plays', () => {
  const id = guid(1);
  const bytes = (app: VirtualApp) => app.progress.map(({ progress: { receivedBytes } }) => receivedBytes);

  /** A window that plays a recording, of which one byte comes each second. */
  async function play() {
    const clock = new VirtualClock();
    const server = new VirtualServer(clock);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (;;) {
        await clock.sleep(1_000);
        yield new Uint8Array(1);
      }
    }
    const api = Object.assign(server.apiFor(agent), {
      downloadRecording: () =>
        Promise.resolve(succeed({ contentType: 'audio/wav', sizeBytes: 1_000, chunks: chunks() })),
    });
    const app = new VirtualApp({ clock, api, username: agent, line });
    await app.start();
    await clock.advance(60_000);
    app.showWindow();
    void app.commands?.openMedia({ id, ask: 1 });
    void app.commands?.followMedia({ id, ticket: 5 });
    await clock.advance(2_500);
    return { clock, app };
  }

  test('is pushed to it', async () => {
    const { app } = await play();
    expect(app.progress.every((followed) => followed.id === id && followed.ticket === 5)).toBe(true);
    expect(bytes(app)).toEqual([0, 1, 2]);
    app.dispose();
  });

  test('waits while nobody can see it', async () => {
    const { app, clock } = await play();
    app.hideWindow();
    await clock.advance(5_000);
    expect(bytes(app)).toEqual([0, 1, 2]);
    app.showWindow();
    expect(bytes(app)).toEqual([0, 1, 2, 7]);
    app.dispose();
  });

  test('is not told to a page that is loaded in place of the one that played', async () => {
    const { app, clock } = await play();
    app.reloadPage();
    await clock.advance(5_000);
    expect(bytes(app)).toEqual([0, 1, 2]);
    app.dispose();
  });

  test('ends with the player', async () => {
    const { app, clock } = await play();
    void app.commands?.unfollowMedia({ ticket: 5 });
    await clock.advance(5_000);
    expect(bytes(app)).toEqual([0, 1, 2]);
    app.dispose();
  });
});
