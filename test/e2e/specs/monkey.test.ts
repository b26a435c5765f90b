import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, test } from 'vitest';

import { monotonicNow } from '../../tools/desktop/protocol';
import type { FaultInput } from '../../tools/simulator/faults';
import { root } from '../../tools/runtime/processes.mjs';
import { seededRandom } from '../../fixtures/virtual-clock';
import { collectGarbage, mainMemory } from '../harness/memory';
import { signIn } from '../harness/reclight';
import { presetDialogs } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

/** How long it presses, min; `npm test -- --monkey N` lets it be longer. */
const minutes = Number(process.env['RECLIGHT_MONKEY'] ?? 1);
/** What chance begins with; `--seed N` takes another. */
const seed = Number(process.env['RECLIGHT_TEST_SEED'] ?? 20_260_302);

/** For how long a part may be on its way that takes the focus, on a busy computer, ms. */
const partsMs = 15_000;

/** For how long a busy computer may show nothing, ms. */
const blankMs = 30_000;

/** Steps that a failure prints, and complaints after which it is over. */
const printed = 60;
const maxComplaints = 5;

/** So much more may be held at the end than after a third of the time. */
const allowed = { heap: 24 * 1_048_576, nodes: 4_000, external: 96 * 1_048_576 } as const;

let harness: Harness;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-monkey-'));
  harness = await startHarness({ simulator: { recordings: 300 } });
  await presetDialogs(harness.reclight, { path: join(folder, 'kept.mp3'), folder });
});

afterEach(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

type Random = () => number;
const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]!;

const keys = [
  ...['Tab', 'Tab', 'Shift+Tab', 'Enter', 'Enter', 'Space', 'Escape'],
  ...[
    'ArrowDown',
    'ArrowUp',
    'ArrowLeft',
    'ArrowRight',
    'Shift+ArrowDown',
    'PageDown',
    'PageUp',
    'Home',
    'End',
  ],
  ...['m', 'l', 's', 'n', 'p', 'k', '[', ']', '3', '9', 'F5', 'Shift+F10', 'Delete', 'Backspace'],
  ...['Control+f', 'Control+a', 'Control+s', 'Control+c', 'Control+z', 'Control+,'],
] as const;

const hostile = { remotePartyNumber: '\u202e+39\u0000055\ud800' } as const;

const faults: readonly FaultInput['action'][] = [
  { kind: 'latency', ms: 1_500 },
  { kind: 'reset' },
  { kind: 'stall' },
  { kind: 'lostReply' },
  { kind: 'cut', atByte: 900 },
  { kind: 'page', status: 500 },
  { kind: 'page', status: 503, retryAfter: '2' },
  { kind: 'page', status: 403 },
  { kind: 'page', status: 404 },
  { kind: 'redirect' },
  { kind: 'proxyLogin' },
  { kind: 'mangle', how: 'malformed' },
  { kind: 'reshape', set: { 'recordings.0.remotePartyNumber': hostile.remotePartyNumber } },
  { kind: 'changingTotalCount' },
  { kind: 'ignorePaging' },
  { kind: 'repeatRows' },
];

/** What happens next to the server. @returns what it was */
function disturb(random: Random): string {
  const { simulator } = harness;
  const { telephony, recordings } = simulator;
  switch (pick(random, ['fault', 'fault', 'clear', 'call', 'hang up', 'record', 'new', 'new'] as const)) {
    case 'fault': {
      const action = pick(random, faults);
      simulator.faults.add({ action, times: 1 + Math.floor(random() * 4) });
      return `fault ${JSON.stringify(action)}`;
    }
    case 'clear':
      simulator.faults.clear();
      return 'faults cleared';
    case 'call':
      if (telephony.calls().length === 0) {
        telephony.connectCall({ directoryNumber: '101', remote: { phoneNumber: '+390299001122' } });
      }
      return 'call';
    case 'hang up':
      for (const { id } of telephony.calls()) telephony.endCall(id);
      return 'hang up';
    case 'record':
      if (telephony.calls().length > 0 && telephony.live().length === 0) {
        telephony.startRecording({ directoryNumber: '101' });
      }
      return 'recorded by rule';
    case 'new':
      recordings.add({
        startMs: simulator.clock.now() - 1_000,
        durationMs: 4_000 + Math.floor(random() * 60_000),
        direction: 1,
        ownerUsername: 'anna.rossi',
        localPartyNumber: '101',
        ...(random() < 0.3 ? hostile : { remotePartyNumber: '+390299001133' }),
      });
      return 'new recording';
  }
}

/** What the window is like, after everything that is under way in it has been drawn. */
const look = () =>
  harness.reclight.window.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const active = document.activeElement;
    const describe = (element: Element | null) =>
      element === null || element === document.body
        ? null
        : `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40) ?? ''}`;
    return {
      focused: describe(active),
      text: document.body.innerText.trim().length,
      failed: document.querySelector('.part-failure')?.textContent ?? null,
      signedOut: document.querySelector('form.sign-in') !== null,
      pressedBeside: (globalThis as { pressedBeside?: boolean }).pressedBeside === true,
    };
  });

/** Notes from now on whether the mouse was last pressed beside all that can have the focus. */
const watchPresses = () =>
  harness.reclight.window.evaluate(() => {
    addEventListener(
      'mousedown',
      ({ target }) => {
        const control = 'a[href], :is(button, input, select, textarea):enabled, [tabindex]';
        const pressedBeside = !(target instanceof Element) || target.closest(control) === null;
        Object.assign(globalThis, { pressedBeside });
      },
      { capture: true },
    );
  });

/** Clicks one of the controls that are to be seen. */
async function clickSomething(random: Random): Promise<string> {
  const share = random();
  const place = await harness.reclight.window.evaluate((at) => {
    const controls = 'button, input, select, [role="row"], [role="tab"], [role="menuitem"], a[href]';
    const seen = [...document.querySelectorAll<HTMLElement>(controls)].filter((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return hit !== null && element.contains(hit);
    });
    const element = seen[Math.floor(at * seen.length)];
    if (element === undefined) return null;
    const { left, top, width, height } = element.getBoundingClientRect();
    const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return { x: left + width / 2, y: top + height / 2, name: `${element.tagName} ${name.slice(0, 50)}` };
  }, share);
  if (place === null) return 'click on nothing';
  const twice = random() < 0.25;
  await harness.reclight.window.mouse.click(place.x, place.y, { clickCount: twice ? 2 : 1 });
  return `${twice ? 'double-click' : 'click'} ${place.name}`;
}

async function resize(random: Random): Promise<string> {
  const size = [340 + Math.floor(random() * 700), 440 + Math.floor(random() * 500)] as const;
  await harness.reclight.app.evaluate(({ BrowserWindow }, [width, height]) => {
    BrowserWindow.getAllWindows()[0]?.setSize(width, height);
  }, size);
  return `resize ${size.join(' × ')}`;
}

/** Frames of a stack that are looked up, and how much of the code is shown on either side, characters. */
const frames = 4;
const around = 90;

/** A stack with the code that its first frames are in: what is built has no names and one long line. */
function readable(stack: string): string {
  const lines = stack.slice(0, 3_000).split('\n').slice(0, 10);
  const excerpts = [...stack.matchAll(/assets\/([\w.-]+\.js):(\d+):(\d+)/g)]
    .slice(0, frames)
    .map(([, file = '', line, column]) => {
      const code = readFileSync(join(root, 'out/renderer/assets', file), 'utf8').split('\n')[
        Number(line) - 1
      ];
      const at = Number(column) - 1;
      return `      ${file}: …${code?.slice(Math.max(0, at - around), at)}⟨here⟩${code?.slice(at, at + around)}…`;
    });
  return [...lines, ...excerpts].join('\n');
}

/** What window and main process hold, in the same view. */
async function held() {
  const { reclight, simulator } = harness;
  simulator.faults.clear();
  const session = await reclight.window.context().newCDPSession(reclight.window);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session
    .send('Performance.enable')
    .then(() => session.send('Performance.getMetrics'));
  await session.detach();
  await collectGarbage(reclight);
  const metric = (name: string) => metrics.find((entry) => entry.name === name)?.value ?? 0;
  const { external } = await mainMemory(reclight);
  return { heap: metric('JSHeapUsedSize'), nodes: metric('Nodes'), external };
}

test(
  'random presses break nothing and keep nothing (monkey)',
  { timeout: minutes * 60_000 + 120_000 },
  async () => {
    const random = seededRandom(seed);
    const { window, app } = harness.reclight;
    const steps: string[] = [];
    const faulty: string[] = [];
    let story = '';
    const complain = (what: string) => {
      const inForce = harness.simulator.faults.list().map(({ action }) => JSON.stringify(action));
      faulty.push(`after ${steps.length} steps, with the faults [${inForce.join(', ')}]: ${what}`);
      if (faulty.length === 1) story = steps.slice(-printed).join('\n');
    };
    // Also what a part of the window has failed by.
    window.on('pageerror', (error) => {
      complain(`exception: ${readable(error.stack ?? error.message)}`);
    });
    window.on('console', (message) => {
      // What the server refuses is no fault of the window.
      if (message.type() === 'error' && !/Failed to load resource|net::/.test(message.text())) {
        complain(`console: ${readable(message.text())}`);
      }
    });
    window.on('crash', () => {
      complain('the page has crashed');
    });
    await app.evaluate(({ shell }) => {
      // No other program is to come into the way.
      Object.assign(shell, { openExternal: () => Promise.resolve(), showItemInFolder: () => undefined });
      const noted: string[] = [];
      Object.assign(globalThis, { monkeyFailures: noted });
      process.on('unhandledRejection', (reason) => noted.push(`rejection: ${String(reason)}`));
      process.on('uncaughtExceptionMonitor', (error) => noted.push(`exception: ${String(error)}`));
    });

    await watchPresses();
    const began = monotonicNow();
    const lasts = minutes * 60_000;
    let before = await look();
    let early: Awaited<ReturnType<typeof held>> | null = null;
    while (monotonicNow() - began < lasts && faulty.length < maxComplaints) {
      const kind = pick(random, [
        'click',
        'click',
        'key',
        'key',
        'key',
        'key',
        'wheel',
        'server',
        'size',
      ] as const);
      if (before.signedOut && random() < 0.1) {
        harness.simulator.faults.clear();
        steps.push('sign in');
        const given = await signIn(window, harness.anna).then(
          () => true,
          () => false,
        );
        before = await look();
        if (!given && !before.signedOut) complain('nothing to sign in with');
        continue;
      }
      switch (kind) {
        case 'click':
          steps.push(await clickSomething(random));
          break;
        case 'key': {
          const key = pick(random, keys);
          steps.push(`${key} on ${before.focused}`);
          await window.keyboard.press(key);
          break;
        }
        case 'wheel':
          steps.push('wheel');
          await window.mouse.wheel(0, (random() - 0.4) * 4_000);
          break;
        case 'server':
          steps.push(disturb(random));
          break;
        case 'size':
          steps.push(random() < 0.3 ? await resize(random) : 'rest');
          break;
      }
      // A click beside all controls, and Tab past the last one, take the focus away as in any window.
      const isTab = /^(Shift\+)?Tab /.test(steps.at(-1) ?? '');
      const isLost = (now: typeof before) =>
        before.focused !== null && now.focused === null && !isTab && !(kind === 'click' && now.pressedBeside);
      let after = await look();
      // A part may have to be fetched before it is drawn and takes the focus.
      const since = monotonicNow();
      const isLate = (ms: number) => monotonicNow() - since > ms;
      while ((after.text === 0 && !isLate(blankMs)) || (isLost(after) && !isLate(partsMs)))
        after = await look();
      if (after.text === 0) complain('the window is blank');
      if (after.failed !== null && before.failed === null) complain(`a part failed: ${after.failed}`);
      if (isLost(after)) complain(`the focus of ${before.focused} is lost by: ${steps.at(-1)}`);
      before = after;
      if (early === null && monotonicNow() - began > lasts / 3) early = await held();
    }
    const failures = await app.evaluate(
      () => (globalThis as unknown as { monkeyFailures: readonly string[] }).monkeyFailures,
    );
    for (const failure of failures) complain(failure);
    const late = await held();
    const first = early ?? late;
    for (const what of ['heap', 'nodes', 'external'] as const) {
      const more = late[what] - first[what];
      if (more > allowed[what]) complain(`${what} grew by ${more}, from ${first[what]}`);
    }
    console.info(
      `monkey: seed ${seed}, ${steps.length} steps in ${minutes} min, ${JSON.stringify({ first, late })}`,
    );
    if (faulty.length > 0) {
      throw new Error(
        [
          `seed ${seed}`,
          ...faulty.slice(0, maxComplaints),
          `the last steps before the first of them:\n${story}`,
        ].join('\n\n'),
      );
    }
  },
);
