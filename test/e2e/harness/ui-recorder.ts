import { expect } from 'vitest';

import { monotonicNow } from '../../tools/desktop/protocol';
import type { Harness } from './harness';

/** The recorder as the window showed it, from a moment until it showed something else. */
export interface Shown {
  /** Epoch ms; counted by monotonic clocks, so that a clock that is moved does not move it. */
  readonly at: number;
  readonly until: number;
  /** The state's name; `nothing` where there is no recorder. */
  readonly state: string;
  readonly text: string;
  /** Seconds, as the timers show them. */
  readonly timers: readonly number[];
  /** How old what is shown called itself at `at`, by the user's own clock: seconds; null where it did not say. */
  readonly age: number | null;
}

/** A tooltip of the tray icon. */
export interface Tooltip {
  /** Epoch ms. */
  readonly at: number;
  /** Without the product's name and the running time. */
  readonly state: string;
  /** Seconds; null where there is none. */
  readonly timer: number | null;
}

/** What the window showed, what the tray showed, and what the server was asked, since a step of a test began. */
export interface Seen {
  readonly window: readonly Shown[];
  readonly tray: readonly Tooltip[];
  readonly requests: Harness['simulator']['requests']['entries'];
  /** All requests, also those before the step. */
  readonly allRequests: Harness['simulator']['requests']['entries'];
  /** ms */
  readonly lasted: number;
  /** How far lists are behind, ms. */
  readonly lagMs: number;
  /** The first id of the recording that was ever known under this one. */
  readonly originOf: (id: string) => string;
}

/** A step of a test: whatever is shown during it is kept, however short it was there. */
export interface Step {
  window(): Promise<Seen['window']>;
  tray(): Promise<Seen['tray']>;
  requests(): Seen['requests'];
  lasted(): Seen['lasted'];
  seen(): Promise<Seen>;
}

/** What a page notes of itself. */
interface Note {
  readonly at: number;
  readonly state: string;
  readonly text: string;
  readonly timers: readonly string[];
  /** The user's clock, seconds of the local day. */
  readonly clock: number;
}

/** Runs in the window: notes every change of the recorder. Answers all notes, and how late it is. */
function watch(): { notes: Note[]; now: number } {
  const page = self as unknown as { witnessed?: Note[] };
  const now = () => performance.timeOrigin + performance.now();
  if (page.witnessed === undefined) {
    const notes: Note[] = [];
    page.witnessed = notes;
    const look = () => {
      const region = document.querySelector('section[aria-label="Recorder"]');
      const clock = new Date();
      const note = {
        at: now(),
        state: region?.querySelector('[role=status]')?.textContent ?? 'nothing',
        text: region?.textContent ?? '',
        timers: [...(region?.querySelectorAll('[role=timer]') ?? [])].map(({ textContent }) => textContent),
        clock:
          clock.getHours() * 3_600 +
          clock.getMinutes() * 60 +
          clock.getSeconds() +
          clock.getMilliseconds() / 1_000,
      };
      const last = notes.at(-1);
      if (last?.state !== note.state || last.text !== note.text) notes.push(note);
    };
    look();
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  }
  return { notes: page.witnessed, now: now() };
}

/** By way of the main process: it reaches the page that took the place of a crashed one, too. */
async function notesOf({ reclight }: Harness): Promise<ReturnType<typeof watch>> {
  const answer: unknown = await reclight.app.evaluate(
    ({ BrowserWindow }, script) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script) as Promise<unknown>,
    `(${watch.toString()})()`,
  );
  return answer as ReturnType<typeof watch>;
}

const clockPattern = /(\d+):(\d\d):(\d\d)\s*([AP]M)?/;

function secondsOfDay(text: string): number {
  const [, hours, minutes, seconds, half] = clockPattern.exec(text) ?? [];
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'PM' ? 12 : 0);
  return hour * 3_600 + Number(minutes) * 60 + Number(seconds);
}

const day = 86_400;

function ageOf({ text, clock }: Note): number | null {
  // The newest list lacks the recording: the window counts whole seconds since one showed it.
  const lastSeen = /last seen (?:just now|(\d+) s ago)/.exec(text);
  if (lastSeen !== null) return Number(lastSeen[1] ?? 0);
  const asOf = new RegExp(`(?:as of|\\bat) (${clockPattern.source})`).exec(text)?.[1];
  if (asOf === undefined) return null;
  // The nearest such time: a day may have ended in between, and a clock may have been put back.
  return ((clock - secondsOfDay(asOf) + 1.5 * day) % day) - day / 2;
}

/** `1:02:03` in seconds. */
function secondsOf(timer: string): number {
  return timer.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

const tooltipPattern = /^RecLight – (.+?)(?: (\d[\d:]*\d))?(?: and \d+ more)?$/;

function tooltipOf(value: string, at: number): Tooltip {
  const [, state, timer] = tooltipPattern.exec(value) ?? [];
  return { at, state: state ?? value, timer: timer === undefined ? null : secondsOf(timer) };
}

/** What came since `at`, with what was there at that moment. */
function since<Entry extends { readonly at: number }>(entries: readonly Entry[], at: number): Entry[] {
  const first = entries.findIndex((entry) => entry.at > at);
  return first < 0 ? entries.slice(-1) : entries.slice(Math.max(0, first - 1));
}

/** Begins a step: from now on everything that is shown is kept. */
export async function begin(harness: Harness): Promise<Step> {
  const { simulator, desktop } = harness;
  await notesOf(harness);
  const at = Date.now();
  const began = monotonicNow();
  const last = simulator.requests.entries.at(-1)?.sequence ?? 0;

  const window = async () => {
    const { notes, now } = await notesOf(harness);
    const all = notes.map((note, index): Shown => {
      const { at: noted, state, text, timers } = note;
      const until = notes[index + 1]?.at ?? now;
      return { at: noted, until, state, text, timers: timers.map(secondsOf), age: ageOf(note) };
    });
    return since(all, at);
  };
  const tray = async () => {
    const shown: Tooltip[] = [];
    for (const change of await desktop.trayHistory()) {
      // A new icon has nothing to do with the one before.
      if (change.what === 'removed') shown.length = 0;
      if (change.what === 'tooltip') shown.push(tooltipOf(change.value, at + change.at - began));
    }
    return since(shown, at);
  };
  const requests = () => simulator.requests.filter(({ sequence }) => sequence > last);
  const lasted = () => monotonicNow() - began;
  return {
    window,
    tray,
    requests,
    lasted,
    seen: async () => ({
      window: await window(),
      tray: await tray(),
      requests: requests(),
      allRequests: simulator.requests.entries,
      lasted: lasted(),
      lagMs: simulator.timing.visibleAfterMs + simulator.timing.lingersMs,
      originOf: (id) => simulator.telephony.originOf(id),
    }),
  };
}

/** On the way to a state: how long it shows depends on the server, and a tray may never get to it. */
const passing: ReadonlySet<string> = new Set(['Starting…', 'Stopping…', 'Signed out']);

function expectPath(where: string, states: readonly string[], path: readonly string[]): void {
  const inTurn = states.filter((state, index) => state !== states[index - 1]);
  const lasting = (list: readonly string[]) => list.filter((state) => !passing.has(state));
  expect(lasting(inTurn), `all that the ${where} showed: ${inTurn.join(' → ')}`).toEqual(lasting(path));
  expect(path, `all that the ${where} showed`).toEqual(
    expect.arrayContaining(inTurn.filter((state) => passing.has(state))),
  );
}

/** The tray showed these states, one after the other, and no other in between. */
export function expectTray(tray: Seen['tray'], path: readonly string[]): void {
  expectPath(
    'tray',
    tray.map(({ state }) => state),
    path,
  );
}

/**
 * Window and tray showed these states, one after the other, and no other in between.
 * @param inTray where it has its own names for them
 */
export function expectShown({ window, tray }: Seen, path: readonly string[], inTray = path): void {
  expectPath(
    'window',
    window.map(({ state }) => state),
    path,
  );
  expectTray(tray, inTray);
}

/** For how long an answer may be shown as true, seconds: with a visible window at the default pace. */
const boundOf: Readonly<Record<string, number>> = {
  Recording: 10,
  Paused: 10,
  'Stopping…': 10,
  'Not recording': 15,
  'Starting…': 15,
  'Waiting for a call…': 15,
  'Not visible to you': 180,
};

const timed: ReadonlySet<string> = new Set(['Recording', 'Paused', 'Stopping…', 'Waiting for a call…']);

/** A clock without fractions, and the way of a snapshot to the screen of a busy computer; seconds. */
const slack = { before: 0.5, after: 2.5 } as const;

/** How long a question may wait for a command to be answered before it is given up, seconds; its time is the older. */
const maxQueueLength = 8;

/**
 * Whatever was shown says when it was true; that was when the server answered; it was never shown for longer than its
 * bound; and no timer stands beside a state that has none.
 */
export function expectFresh({ window, allRequests }: Seen): void {
  const answered = allRequests.filter(
    ({ route, status }) => route === 'active' && (status === 200 || status === 403),
  );
  const wrong: string[] = [];
  for (const { at, until, state, timers, age, text } of window) {
    const complain = (what: string) => wrong.push(`${what}: ${text}`);
    if (!timed.has(state) && timers.length > 0) complain('a timer runs');
    const bound = boundOf[state];
    if (bound === undefined) continue;
    if (age === null) {
      complain('no time of the state');
      continue;
    }
    const trueAt = at - age * 1_000;
    if (age < -slack.before) complain(`of the future by ${-age} s`);
    if ((until - trueAt) / 1_000 > bound + slack.after) complain(`stale, ${(until - trueAt) / 1_000} s`);
    const isEvidence = answered.some(
      (request) =>
        request.at >= trueAt - slack.before * 1_000 &&
        request.at <= Math.min(at + 50, trueAt + (maxQueueLength + slack.after) * 1_000),
    );
    if (!isEvidence) complain('the server was not asked then');
  }
  expect(wrong).toEqual([]);
}

/**
 * The one running timer, in window and tray, was the server's own at every moment, and never went back.
 * @param startedAt when the recording began, epoch ms
 * @param endedAt when it ended: a list that still shows it then has its timer stand still, a second early
 */
export function expectTimer(
  { window, tray }: Pick<Seen, 'window' | 'tray'>,
  startedAt: number,
  endedAt = Number.POSITIVE_INFINITY,
): void {
  const readings = {
    window: window.flatMap(({ at, timers }) => timers.map((timer) => ({ at, timer }))),
    tray: tray.flatMap(({ at, timer }) => (timer === null ? [] : [{ at, timer }])),
  };
  for (const [where, list] of Object.entries(readings)) {
    const wrong = list.filter(({ at, timer }, index) => {
      const ahead = timer + 0.5 - (at - startedAt) / 1_000;
      const behind = (Math.min(at, endedAt) - startedAt) / 1_000 - timer - 0.5;
      const goesBack = at <= endedAt && timer < (list[index - 1]?.timer ?? 0);
      return ahead > 2 || behind > 2 || goesBack;
    });
    expect(wrong, `the timer in the ${where}`).toEqual([]);
  }
}

/**
 * What was ordered of the server: `POST start 201`, with the recording's id where it was named.
 * @param originOf tells the id of a recording that was named by another one
 */
export function commands(
  requests: Seen['requests'],
  originOf: Seen['originOf'] = (id) => id.toLowerCase(),
): readonly string[] {
  return requests
    .filter(({ method }) => method === 'POST' || method === 'DELETE')
    .map(({ method, route, path, status }) =>
      [method, route, status, ...(route === 'stopById' ? [originOf(path.split('/').at(-1) ?? '')] : [])].join(
        ' ',
      ),
    );
}

/** How often what runs was asked for. */
export function polls(requests: Seen['requests']): Seen['requests'] {
  return requests.filter(({ route }) => route === 'active');
}

/**
 * What runs was asked for at a gentle pace, one question at a time; nothing was ordered but this.
 * @param ordered as {@link commands} tells it; of an id it only matters which recording it is of
 */
export function expectCalm(
  { requests, lasted, lagMs, originOf }: Seen,
  ordered: readonly string[] = [],
): void {
  const wanted = ordered.map((line) => line.replace(/[\da-f]{8}-[\da-f-]{27}$/i, originOf));
  expect(commands(requests, originOf)).toEqual(wanted);
  const asked = polls(requests);
  // At most every 0.8 s, while a command awaits its confirmation; the line and the user's others are two questions. The
  // end of a recording is proven by two more lists, half a second apart. A list that is behind is asked for until it is not.
  expect(asked.length).toBeLessThanOrEqual(6 + (lasted + 2 * lagMs) / 800);
  const together = asked.filter((request, index) => {
    const before = asked[index - 1];
    return (
      before !== undefined && before.monotonic + (before.durationMs ?? Infinity) > request.monotonic + 50
    );
  });
  expect(together, 'asked while another question was open').toEqual([]);
}
