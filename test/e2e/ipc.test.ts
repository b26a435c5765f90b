import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ChannelName } from '../../src-main/shared/ipc-contract';
import { channelPrefix, ipcContract } from '../../src-main/shared/ipc-contract';
import { badArguments } from '../contract/bad-arguments';
import type { Stage } from './support/stage';
import { setStage } from './support/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage({ signedIn: false });
});

afterAll(async () => {
  await stage.close();
});

const channels = Object.keys(ipcContract) as ChannelName[];

describe.each(channels)('%s', (channel) => {
  test('refuses every bad argument and stays as it was', async () => {
    const bad = badArguments(channel);
    expect(bad.length).toBeGreaterThan(3);
    const answers = await stage.reclight.window.evaluate(
      async ([name, values]) => {
        const call = self.reclight[name as 'getSnapshot'] as (args: unknown) => Promise<unknown>;
        const results: unknown[] = [];
        for (const value of values as readonly unknown[]) results.push(await call(value));
        return results;
      },
      [channel, bad] as const,
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer, JSON.stringify(bad[index])).toMatchObject({
        ok: false,
        error: { code: 'invalid-argument', operation: 'ipc' },
      });
    }
    await stage.reclight.window.getByRole('form', { name: 'Sign in' }).waitFor();
  });
});

/** Opens a hidden window with our preload script at some other place, and asks from there. */
async function askFrom(page: string, inFrame: boolean): Promise<Record<string, unknown>> {
  return stage.reclight.app.evaluate(
    async ({ BrowserWindow, app, session }, [address, framed, prefix, names]) => {
      const { join } = process.getBuiltinModule('node:path');
      const window = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: join(app.getAppPath(), 'out/preload/index.cjs'),
          // A session without our restrictions, or the page would not load at all.
          session: session.fromPartition('foreign'),
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
      void prefix;
    },
    [page, inFrame, channelPrefix, channels] as const,
  );
}

describe('a message from elsewhere is refused on every channel', () => {
  test.each([
    ['a foreign origin', false],
    ['a frame inside a foreign page', true],
  ])('%s', async (_name, inFrame) => {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(inFrame ? '<iframe src="/inner"></iframe>' : '<p>foreign</p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const answers = await askFrom(`http://127.0.0.1:${port}/`, inFrame);
      expect(Object.keys(answers).sort()).toEqual([...channels].sort());
      for (const answer of Object.values(answers)) {
        expect(answer).toMatchObject({ ok: false, error: { code: 'not-allowed', operation: 'ipc' } });
      }
    } finally {
      server.close();
    }
  });

  test('our own page in a frame of our own window', async () => {
    const answer = await stage.reclight.app.evaluate(async ({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0];
      // frame-ancestors forbids it: the frame stays empty, and an empty frame has no API to ask with.
      return window?.webContents.executeJavaScript(`new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = 'app://reclight/index.html';
        frame.onload = () => {
          let reachable = false;
          try { reachable = 'reclight' in frame.contentWindow; } catch { reachable = false; }
          frame.remove();
          resolve(reachable);
        };
        document.body.append(frame);
      })`) as Promise<boolean>;
    });
    expect(answer).toBe(false);
  });
});

describe('the window is closed in', () => {
  test.each([
    ['Node', 'typeof require + typeof process + typeof module', 'undefinedundefinedundefined'],
    ['raw IPC', "Object.keys(window.reclight).includes('ipcRenderer') || 'ipcRenderer' in window", false],
    [
      'inline script',
      "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = true'; try { document.head.append(s); } catch {} return window.ran === true; })()",
      false,
    ],
    ['eval', "(() => { try { return (0, eval)('1') === 1; } catch { return false; } })()", false],
    ['network', "fetch('http://127.0.0.1:9/').then(() => true, () => false)", false],
    ['new windows', "window.open('https://example.invalid') === null", true],
    [
      'permissions',
      'navigator.mediaDevices.getUserMedia({ audio: true }).then(() => true, () => false)',
      false,
    ],
  ])('%s', async (_name, script, expected) => {
    const answer = await stage.reclight.app.evaluate(
      ({ BrowserWindow }, text) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text) as Promise<unknown>,
      script,
    );
    expect(answer).toEqual(expected);
  });

  test('navigation', async () => {
    const { window } = stage.reclight;
    const before = window.url();
    await window.evaluate(() => {
      location.href = 'https://example.invalid/';
    });
    await window.getByRole('form', { name: 'Sign in' }).waitFor();
    expect(window.url()).toBe(before);
  });

  test('a strict content security policy comes as a header', async () => {
    const { window } = stage.reclight;
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
