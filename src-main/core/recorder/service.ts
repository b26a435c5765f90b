import { assertNever } from '@shared/assert-never';
import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import { scopeHash } from '@shared/domain/scope-hash';
import type { RecorderView, UnconfirmedView } from '@shared/ipc/snapshot';
import { createEmitter } from '../lib/emitter';
import type { Disposable } from '../ports/clock';
import type { RecorderNotice, RecorderPorts, RecorderService, RecorderSession } from './contract';
import type { MachineEffect, MachineEventBody } from './events';
import { nextWake, transition } from './machine';
import type { MarksStore } from '../marks/store';
import { createMarksStore } from '../marks/store';
import { isLockedOut } from './outcome';
import { isServerAnswering, pollTimeoutMs } from './poll-schedule';
import { toView } from './projection';
import { isCompleted, lineToStop, readActive } from './poll-result';
import type { RememberedEnded } from './remembered';
import { createMemory, toUnconfirmedView } from './remembered';
import { createRequests } from './requests';
import { createSaveCheck } from '../save-check/service';
import { initialState } from './state';

/** Time limits of the other requests, ms. Commands get longer than polls: giving up on one costs certainty. */
const timeouts = { start: 15_000, stop: 15_000, toggle: 10_000, probe: 8_000, look: 10_000 } as const;

/** Effects that ask the server, or are about a server. */
type RequestKind =
  | 'poll'
  | 'start'
  | 'stop'
  | 'stop-line'
  | 'toggle-pause'
  | 'probe-pause'
  | 'check-end'
  | 'drop-connections'
  | 'remember-pause';

/** The recording light, with the marked moments it keeps. */
export interface Recorder extends RecorderService {
  readonly marks: MarksStore;
  /** Resolves when all that must survive a restart is written. */
  settled(): Promise<void>;
}

/**
 * Makes the recording light: feeds the machine with events, does what it decides, and keeps one timer for all its
 * deadlines. Nothing happens before `load` and `setSession`.
 */
export function createRecorderService(ports: RecorderPorts): Recorder {
  const { clock, random, log } = ports;
  const memory = createMemory(ports.stateFile);
  const marks = createMarksStore(ports.marksFile, log);
  const requests = createRequests(clock);
  const changes = createEmitter<[]>(log);
  const notices = createEmitter<[RecorderNotice]>(log);
  const recordingsChanges = createEmitter<[]>(log);

  let state = initialState();
  let session: RecorderSession | null = null;
  let wake: { readonly at: number; readonly timer: Disposable } | null = null;
  let disposed = false;
  let seenView: {
    readonly of: typeof state;
    readonly ended: readonly RememberedEnded[];
    readonly view: RecorderView;
  } | null = null;

  const changed = () => {
    if (!disposed) changes.emit();
  };
  const notify = (notice: RecorderNotice) => {
    if (disposed) return;
    notices.emit(notice);
    if (notice.kind === 'saved' || notice.kind === 'unconfirmed') recordingsChanges.emit();
  };
  /** Under which id a recording was completed, by the one under which it ran. */
  const completions = new Map<string, string>();
  const completedAs = (from: string, to: string) => {
    completions.set(from.toLowerCase(), to);
    marks.move(from, to);
  };
  const searching = createSaveCheck({ clock, random, memory, notify, changed, completedAs });
  /** The poll under way, if any. */
  let poll: Disposable | null = null;

  /** Lets something happen, and does what follows. */
  const dispatch = (event: MachineEventBody): Result<null> => {
    if (disposed) return succeed(null);
    if (event.kind !== 'tick') catchUp();
    const before = state;
    const result = transition(state, { ...event, now: clock.monotonicNow(), chance: random() });
    state = result.state;
    for (const effect of result.effects) perform(effect);
    // It holds numbers of the previous user; the next session starts from the file.
    if (state.session.kind === 'locked' && before.session.kind === 'open') searching.setSession(null);
    schedule();
    if (state !== before) changed();
    return result.refusal === null ? succeed(null) : { ok: false, error: result.refusal };
  };

  /** After an unannounced sleep the timer is late: stale facts must not be shown until it fires. */
  const catchUp = () => {
    if (wake === null || clock.monotonicNow() <= wake.at) return;
    wake.timer.dispose();
    wake = null;
    dispatch({ kind: 'tick' });
  };

  /** One timer for everything; it is only replaced when its time changes. */
  const schedule = () => {
    if (disposed) return;
    const look = isServerAnswering(state) ? searching.nextAt() : null;
    const machine = nextWake(state);
    const at = look === null ? machine : machine === null ? look : Math.min(look, machine);
    if (at === wake?.at) return;
    wake?.timer.dispose();
    wake = null;
    if (at === null) return;
    const timer = clock.schedule(Math.max(0, at - clock.monotonicNow()), () => {
      wake = null;
      dispatch({ kind: 'tick' });
      lookForEnded();
    });
    wake = { at, timer };
  };

  const lookForEnded = () => {
    if (session === null || !isServerAnswering(state)) return;
    const search = searching.takeDue();
    if (search === null) return;
    const { api } = session;
    requests.send(
      'details',
      timeouts.look * 2,
      (options) => searching.look(search, api, { ...options, timeoutMs: timeouts.look }),
      (result) => {
        searching.answered(search, result);
        if (!result.ok) observe(result);
        schedule();
      },
    );
    schedule();
  };

  /** A refused log-in ends everything, whichever request found it out. */
  const observe = (result: Result<unknown>) => {
    if (!result.ok && isLockedOut(result.error)) dispatch({ kind: 'locked', error: result.error });
  };

  const perform = (effect: MachineEffect): void => {
    switch (effect.kind) {
      case 'abort-all':
        requests.abortAll();
        searching.abort();
        return;
      case 'notify':
        notify(effect.notice);
        return;
      case 'look-for':
        searching.lookFor(effect.recording);
        return;
      case 'under-way':
        searching.underWay(effect.recordings, effect.settled);
        return;
      case 'unanswered':
        searching.unanswered(effect.commands);
        return;
      case 'renamed':
        marks.move(effect.from, effect.to);
        searching.renamed(effect.from, effect.to);
        return;
      case 'same-as':
        // What it is the same as may have been completed under yet another id by now.
        marks.move(effect.from, completions.get(effect.to.toLowerCase()) ?? effect.to);
        searching.forget(effect.from);
        return;
      case 'abort-poll':
        poll?.dispose();
        return;
      case 'mark':
        marks.add(effect.id, effect.offsetMs);
        return;
      default:
        if (session !== null) ask(effect, session);
    }
  };

  const ask = (
    effect: Extract<MachineEffect, { kind: RequestKind }>,
    { api, line, username, serverAddress }: RecorderSession,
  ): void => {
    switch (effect.kind) {
      case 'poll': {
        const { sequence, scope, known } = effect;
        const question = { line, username, scope, known };
        poll = requests.send(
          'active',
          scope === 'all' ? 2 * pollTimeoutMs : pollTimeoutMs,
          (options) => readActive(api, question, { ...options, timeoutMs: pollTimeoutMs }),
          (result) => dispatch({ kind: 'poll-answered', sequence, result, fingerprint: api.fingerprint() }),
        );
        return;
      }
      case 'start': {
        const { sequence } = effect;
        const named = line.directoryNumber !== null || line.deviceName !== null;
        requests.send(
          'start',
          timeouts.start,
          (options) => api.startRecording(named ? line : null, options),
          (result) => dispatch({ kind: 'start-answered', sequence, result }),
        );
        return;
      }
      case 'stop': {
        const { sequence, id } = effect;
        requests.send(
          'stop',
          timeouts.stop,
          (options) => api.stopRecording(id, options),
          (result) => dispatch({ kind: 'stop-answered', sequence, result }),
        );
        return;
      }
      case 'stop-line': {
        const { sequence } = effect;
        requests.send(
          'stop',
          timeouts.stop,
          (options) => api.stopLine(lineToStop(line), options),
          (result) => dispatch({ kind: 'line-stop-answered', sequence, result }),
        );
        return;
      }
      case 'toggle-pause': {
        const { sequence, id, want } = effect;
        requests.send(
          want === 'paused' ? 'pause' : 'resume',
          timeouts.toggle,
          (options) =>
            want === 'paused' ? api.pauseRecording(id, options) : api.resumeRecording(id, options),
          (result) => dispatch({ kind: 'toggle-answered', sequence, result }),
        );
        return;
      }
      case 'probe-pause': {
        const { sequence } = effect;
        requests.send(
          'probe',
          timeouts.probe,
          (options) => api.probePause(options),
          (result) => dispatch({ kind: 'probe-answered', sequence, result, fingerprint: api.fingerprint() }),
        );
        return;
      }
      case 'check-end': {
        const { sequence, id } = effect;
        requests.send(
          'details',
          timeouts.look,
          (options) => isCompleted(api, id, options),
          (result) => dispatch({ kind: 'end-check-answered', sequence, id, result }),
        );
        return;
      }
      case 'drop-connections':
        requests.after(api.dropIdleConnections().catch(() => undefined));
        return;
      case 'remember-pause': {
        const server = scopeHash(serverAddress);
        const { fingerprint, supported } = effect;
        const others = memory.get().pause.filter((entry) => entry.server !== server);
        memory.set({ pause: [...others, { server, fingerprint, supported }] });
        return;
      }
      default:
        assertNever(effect);
    }
  };

  const readLate = memory.onReadLate((onDisk) => {
    // After a lock the next sign-in starts from the file.
    if (session !== null && state.session.kind === 'open') {
      searching.setSession(session);
      const [before, interrupted] = [searching.before(onDisk), searching.interrupted(onDisk)];
      dispatch({ kind: 'remembered-late', before, interrupted });
    }
    seenView = null;
    schedule();
    changed();
  });

  const view = (): RecorderView => {
    catchUp();
    const ended = memory.get().unconfirmed;
    if (seenView?.of !== state || seenView.ended !== ended) {
      seenView = { of: state, ended, view: toView(state, unconfirmedOf(ended, session)) };
    }
    return seenView.view;
  };

  return {
    marks,
    load: async () => {
      await Promise.all([memory.load(), marks.load()]);
      seenView = null;
      changed();
    },
    settled: async () => {
      await memory.settled();
      await marks.settled();
    },
    view,
    onChange: changes.on,
    onNotice: notices.on,
    onRecordingsChanged: recordingsChanges.on,
    setSession: (next) => {
      if (disposed) return;
      if (next === null) {
        dispatch({ kind: 'session-closed' });
        session = null;
        searching.setSession(null);
        marks.setAccount(null);
        seenView = null;
        return;
      }
      const former = session;
      if (former !== null && state.session.kind === 'open') {
        const isSameUser =
          former.api === next.api &&
          former.username === next.username &&
          former.serverAddress === next.serverAddress;
        if (isSameUser) {
          session = next;
          searching.changeLine(next);
          dispatch({ kind: 'line-changed', line: next.line });
          return;
        }
        // What is under way belongs to the one who leaves.
        dispatch({ kind: 'session-closed' });
      }
      session = next;
      searching.setSession(next);
      marks.setAccount(scopeHash(next.serverAddress, next.username));
      seenView = null;
      const server = scopeHash(next.serverAddress);
      dispatch({
        kind: 'session-opened',
        line: next.line,
        username: next.username,
        before: searching.before(memory.get()),
        interrupted: searching.interrupted(memory.get()),
        pause: memory.get().pause.find((entry) => entry.server === server) ?? null,
      });
    },
    lock: (error) => {
      dispatch({ kind: 'locked', error });
    },
    setPolicy: (policy) => {
      dispatch({ kind: 'policy-set', policy });
    },
    setWindowVisible: (visible) => {
      dispatch({ kind: 'window-visibility', visible });
    },
    suspend: () => {
      dispatch({ kind: 'suspended' });
    },
    resume: () => {
      dispatch({ kind: 'resumed' });
    },
    pollSoon: () => {
      dispatch({ kind: 'woken' });
    },
    record: () => dispatch({ kind: 'record-pressed' }),
    stop: (id) => dispatch({ kind: 'stop-pressed', id: id ?? null }),
    pause: (id) => dispatch({ kind: 'pause-pressed', id: id ?? null }),
    resumeRecording: (id) => dispatch({ kind: 'resume-pressed', id: id ?? null }),
    recordNextCall: () => dispatch({ kind: 'record-next-pressed' }),
    cancelWaiting: () => dispatch({ kind: 'cancel-waiting-pressed' }),
    tryNow: () => dispatch({ kind: 'try-now-pressed' }),
    markMoment: () => dispatch({ kind: 'mark-pressed' }),
    dismissError: () => dispatch({ kind: 'error-dismissed' }),
    dismissUnconfirmed: (id) => {
      if (session !== null) searching.dismiss(id, scopeHash(session.serverAddress, session.username));
      return succeed(null);
    },
    dispose: () => {
      if (disposed) return;
      disposed = true;
      wake?.timer.dispose();
      wake = null;
      requests.dispose();
      marks.dispose();
      readLate.dispose();
    },
  };
}

function unconfirmedOf(
  ended: readonly RememberedEnded[],
  session: RecorderSession | null,
): readonly UnconfirmedView[] {
  if (session === null) return [];
  const scope = scopeHash(session.serverAddress, session.username);
  return ended.filter((entry) => entry.scope === scope).map(toUnconfirmedView);
}
