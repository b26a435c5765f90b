import type { RecorderView } from '@shared/ipc/snapshot';
import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import type { VirtualRecording } from '../../../fixtures/virtual-telephony';
import type { Presses } from './presses';
import type { Requests, SentStart } from './requests';
import type { Scene } from './scene';
import { runs } from './scene';

/** What cut something off that was under way. */
export type Interruption = 'sign-out' | 'line change' | 'sleep' | 'quit';

/** Something that was under way when it was cut off: it is reported, or goes on. */
interface Duty {
  readonly what: 'start' | 'wait';
  readonly by: Interruption;
  readonly at: number;
  readonly username: string;
  readonly start: SentStart | null;
  isFulfilled: boolean;
}

/** How long around a start another recording may have begun that can be taken for its effect, ms. */
const alikeMs = { before: 2_000, after: 21_000 } as const;

/** How long the user is signed in again before a report is overdue, ms. */
const reportedWithinMs = 60_000;

/** I6: nothing under way is forgotten, and nobody else is told of it. */
export class Duties {
  readonly #duties: Duty[] = [];

  constructor(
    readonly scene: Scene,
    readonly requests: Requests,
    readonly presses: Presses,
  ) {}

  /** Called just before it happens. */
  interrupted(by: Interruption): void {
    const { scene, requests } = this;
    const { username } = scene;
    if (username === null || scene.locked) return;
    const duty = { by, at: scene.now(), username, isFulfilled: false };
    if (scene.view().waiting !== null) this.#duties.push({ ...duty, what: 'wait', start: null });
    for (const start of requests.starts) {
      if (start.endedAt !== null || start.username !== username) continue;
      this.#duties.push({ ...duty, what: 'start', start });
    }
  }

  noticed(notice: RecorderNotice): void {
    for (const duty of this.#duties) {
      if (duty.isFulfilled || !this.#isTold(duty, notice)) continue;
      const { username } = this.scene;
      if (username === null || username === duty.username) {
        duty.isFulfilled = true;
        continue;
      }
      // What others are refused or see on a shared line is their own affair.
      if (notice.kind === 'unconfirmed' || notice.kind === 'saved')
        this.scene.fail(`I6: ${username} is told of a ${duty.what} of ${duty.username}`);
    }
  }

  check(view: RecorderView): void {
    const { scene } = this;
    for (const duty of this.#duties) {
      if (duty.isFulfilled || scene.username !== duty.username) continue;
      duty.isFulfilled = this.#goesOn(duty, view);
      const from = Math.max(duty.at, scene.disturbedAt);
      if (duty.isFulfilled || !scene.isAwake() || view.status === 'unknown' || view.status === 'connecting')
        continue;
      if (scene.now() - from <= reportedWithinMs) continue;
      duty.isFulfilled = true;
      scene.fail(`I6: a ${duty.what} was under way at a ${duty.by}, and nobody is told what became of it`);
    }
  }

  #isTold({ what, start }: Duty, notice: RecorderNotice): boolean {
    if (what === 'wait') return notice.kind === 'waiting-ended';
    // Record next call took a start over that was under way: the end of the waiting answers both.
    if (notice.kind === 'waiting-ended') return true;
    // Whoever has taken the start back hears that something runs all the same.
    if (notice.kind === 'refused')
      return notice.error.operation === 'start' || notice.error.code === 'still-recording';
    const effect = start === null ? null : this.requests.effectOf(start);
    if (effect === null) return false;
    switch (notice.kind) {
      case 'started':
      case 'stopped':
      case 'ended':
        return notice.recordingId !== null && effect.ids.includes(notice.recordingId);
      case 'unconfirmed':
        return effect.ids.includes(notice.recording.id);
      case 'saved':
        return this.scene.server.completed.some(
          (row) => row.recording === effect && row.id === notice.recording.id,
        );
      default:
        return false;
    }
  }

  #goesOn({ what, by, at, start }: Duty, view: RecorderView): boolean {
    const { scene, presses } = this;
    if (what === 'wait') return view.waiting !== null || scene.ownOnLine() !== null;
    if (start === null || (start.endedAt === null && start.epoch === scene.epoch)) return start === null;
    // Another recording that began about then cannot be told from its effect.
    const isAlike = ({ begunAt }: VirtualRecording) =>
      begunAt >= start.at - alikeMs.before && begunAt <= start.at + alikeMs.after;
    const shownAsOurs = view.recordings.flatMap(({ id, startedHere }) =>
      startedHere ? (scene.server.recordingOf(id) ?? []) : [],
    );
    if (shownAsOurs.some(isAlike)) return true;
    const effect = this.requests.effectOf(start);
    // The user has changed their mind: that nothing runs is what they want, and need not be told.
    const isHeardOut = by === 'sleep' || by === 'line change';
    if ((effect === null || !runs(effect)) && presses.isTakenBack() && isHeardOut)
      return start.endedAt !== null;
    // An own recording that is shown on the line is what Record asked for, although the start began nothing.
    const standIn = effect === null ? scene.ownOnLine() : null;
    if (standIn !== null && view.recordings.some(({ id }) => scene.server.recordingOf(id) === standIn))
      return true;
    // Whoever quits before the answer is told of what was begun; that nothing was begun is seen.
    if (effect === null) return by === 'quit' && scene.now() > at + reportedWithinMs / 2;
    // A call that follows at once, with the same party, is shown as the one before it.
    if (scene.server.everRecorded.some((other) => scene.seemsToContinue(effect, other))) return true;
    return view.recordings.some(({ id, startedHere }) => startedHere && effect.ids.includes(id));
  }
}
