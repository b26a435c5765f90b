import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ChannelName } from '@shared/ipc/contract';
import { ipcContract } from '@shared/ipc/contract';
import { badArguments } from '../../contract/bad-arguments';
import type { Sender } from '../harness/ipc';
import { askAs } from '../harness/ipc';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness({ signedIn: false });
});

afterAll(async () => {
  await harness.close();
});

const channels = Object.keys(ipcContract) as ChannelName[];

describe.each(channels)('%s', (channel) => {
  test('refuses every bad argument and stays as it was', async () => {
    const bad = badArguments(channel);
    expect(bad.length).toBeGreaterThan(3);
    const answers = await harness.reclight.window.evaluate(
      async ([name, values]) => {
        const call = self.reclight[name as 'getSnapshot'] as (args: unknown) => Promise<unknown>;
        const results: unknown[] = [];
        for (const value of values as readonly unknown[]) results.push(await call(value));
        return results;
      },
      [channel, bad] as const,
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer, inspect(bad[index])).toMatchObject({
        ok: false,
        error: { code: 'invalid-argument', operation: 'ipc' },
      });
    }
    await harness.reclight.window.getByRole('form', { name: 'Sign in' }).waitFor();
  });
});

/**
 * Opens a hidden window with our preload script that RecLight does not know, and asks from there.
 * @param page what it shows
 * @param inFrame whether the first frame inside of the page asks
 */
async function askFrom(page: string, inFrame: boolean): Promise<Record<string, unknown>> {
  return harness.reclight.app.evaluate(
    async ({ BrowserWindow, app, session }, [address, framed, names]) => {
      const { join } = process.getBuiltinModule('node:path');
      const window = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: join(app.getAppPath(), 'out/preload/index.cjs'),
          // A session without our restrictions, or a foreign page would not load at all.
          session: address.startsWith('app:') ? session.defaultSession : session.fromPartition('foreign'),
          sandbox: true,
          contextIsolation: true,
          nodeIntegrationInSubFrames: framed,
        },
      });
      await window.loadURL(address);
      const frame = framed ? window.webContents.mainFrame.frames[0] : window.webContents.mainFrame;
      const answers = (await frame?.executeJavaScript(`(async () => {
        const answers = {};
        for (const name of ${JSON.stringify(names)}) {
          answers[name] = await window.reclight[name]({});
        }
        return answers;
      })()`)) as Record<string, unknown>;
      window.destroy();
      return answers;
    },
    [page, inFrame, channels] as const,
  );
}

const ours = 'app://reclight/index.html';
const refused = { ok: false, error: { code: 'not-allowed', operation: 'ipc' } };

describe('a message from elsewhere is refused on every channel', () => {
  test.each([
    ['a foreign origin', false],
    ['a frame inside a foreign page', true],
  ])('%s', async (_name, inFrame) => {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(inFrame ? '<iframe srcdoc="<p>inner</p>"></iframe>' : '<p>foreign</p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const answers = await askFrom(`http://127.0.0.1:${port}/`, inFrame);
      expect(Object.keys(answers).sort()).toEqual([...channels].sort());
      for (const answer of Object.values(answers)) expect(answer).toMatchObject(refused);
    } finally {
      server.close();
    }
  });

  test('our own page in a window that we do not know', async () => {
    const answers = await askFrom(ours, false);
    expect(Object.keys(answers).sort()).toEqual([...channels].sort());
    for (const answer of Object.values(answers)) expect(answer).toMatchObject(refused);
  });

  // One thing is wrong in each, so that no check can be taken for another.
  test.each<[string, Sender]>([
    ['our page in a window that we do not know', { isKnown: false, frame: { url: ours, isInside: false } }],
    ['a frame that is gone from our window', { isKnown: true, frame: null }],
    ['our page in a frame of our window', { isKnown: true, frame: { url: ours, isInside: true } }],
    [
      'a foreign page in our window',
      { isKnown: true, frame: { url: 'https://x.example/', isInside: false } },
    ],
  ])('%s', async (_name, sender) => {
    const { app } = harness.reclight;
    const answers = await askAs(app, sender, channels);
    expect(Object.keys(answers).sort()).toEqual([...channels].sort());
    for (const answer of Object.values(answers)) expect(answer).toMatchObject(refused);
    // The same message is heard where nothing is wrong with its sender, and then refused for what it asks.
    const heard = await askAs(app, { isKnown: true, frame: { url: ours, isInside: false } }, channels);
    for (const answer of Object.values(heard)) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
    }
  });

  test('our own page in a frame of our own window', async () => {
    const answer = await harness.reclight.window.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const frame = document.createElement('iframe');
          frame.src = 'app://reclight/index.html';
          frame.onload = () => {
            try {
              resolve('reclight' in (frame.contentWindow ?? {}) ? 'reachable' : 'empty');
            } catch (error) {
              // The policy forbids frames: what is there instead is an opaque error page.
              resolve(error instanceof DOMException ? error.name : 'other');
            }
            frame.remove();
          };
          document.body.append(frame);
        }),
    );
    expect(answer).toBe('SecurityError');
  });
});

describe('the window is closed in', () => {
  // Each is asked from a timer: what a debugger evaluates by itself is exempt from the page's policy.
  const attempts: readonly (readonly [string, () => unknown, unknown])[] = [
    ['Node', () => [typeof require, typeof process, typeof module].join(), 'undefined,undefined,undefined'],
    ['raw IPC', () => Object.keys(self.reclight).some((name) => /ipc|send|invoke/i.test(name)), false],
    [
      'inline script',
      () => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.head.append(script);
        return 'ran' in self;
      },
      'TypeError',
    ],
    ['eval', () => (0, eval)('1') as unknown, 'EvalError'],
    ['network', () => fetch('http://127.0.0.1:9/'), 'TypeError'],
    ['new windows', () => self.open('https://example.invalid'), null],
    // There is no microphone here to be refused; what needs no device is refused all the same.
    [
      'permissions',
      async () => (await navigator.permissions.query({ name: 'notifications' })).state,
      'denied',
    ],
    ['storage of its own', () => Object.keys(localStorage).length, 0],
  ];

  test.each(attempts)('%s', async (_name, attempt, expected) => {
    const { window } = harness.reclight;
    const handle = await window.evaluateHandle(`(${attempt.toString()})`);
    const answer = await window.evaluate(
      (ask) =>
        new Promise((resolve) => {
          setTimeout(() => {
            void (async () => {
              try {
                resolve(await (ask as () => unknown)());
              } catch (error) {
                resolve(error instanceof Error || error instanceof DOMException ? error.name : 'other');
              }
            })();
          }, 0);
        }),
      handle,
    );
    expect(answer).toEqual(expected);
  });

  test('navigation', async () => {
    const { app, window } = harness.reclight;
    // Asked of the main process: a debugger waits for a navigation that never comes.
    const url = await app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const asked = new Promise((resolve) => contents?.once('will-frame-navigate', resolve));
      void contents?.executeJavaScript("void (location.href = 'https://example.invalid/')");
      await asked;
      return contents?.getURL();
    });
    expect(url).toBe('app://reclight/index.html');
    expect(window.url()).toBe('app://reclight/index.html');
  });

  test('a strict content security policy comes as a header', async () => {
    const { window } = harness.reclight;
    const [response] = await Promise.all([
      window.waitForResponse((answer) => answer.url().endsWith('index.html')),
      window.reload(),
    ]);
    const policy = (await response.headerValue('content-security-policy')) ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toContain('unsafe');
  });
});
