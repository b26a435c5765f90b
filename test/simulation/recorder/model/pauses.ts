import type { RequestRecord, VirtualRecording } from '../../../fixtures/virtual-server';
import type { Presses } from './presses';
import type { Scene } from './scene';
import { runs } from './scene';

/** Resumes by itself are at least so far apart, ms. */
const apartMs = 20_000;
/** From this on a pause is too long for having been asked for here, ms of a computer that hears the server. */
const overdueMs = 90_000;

/** I8: a pause that was asked for here ends by itself where the settings say so: in time, and without a hail of tries. */
export class Pauses {
  readonly #resumes = new Map<VirtualRecording, number>();
  /** Since when the settings, the network and the sign-in have been as they are. */
  #calmSince = 0;
  #wasPausedHere = new Set<VirtualRecording>();

  constructor(
    readonly scene: Scene,
    readonly presses: Presses,
  ) {}

  /** Something else than time has happened. */
  disturb(): void {
    this.#calmSince = this.scene.now();
  }

  sent({ kind, argument }: RequestRecord): void {
    const { scene } = this;
    const recording = scene.server.recordingOf(argument);
    if (recording === null) return;
    if (kind === 'pause') {
      this.#wasPausedHere.add(recording);
      this.disturb();
    }
    if (kind !== 'resume') return;
    const now = scene.now();
    const isPressed = now - this.presses.lastOf('resume') < 60_000;
    const last = this.#resumes.get(recording) ?? -Infinity;
    if (!isPressed && now - last < apartMs)
      scene.fail(`I8: resumed by itself twice within ${Math.round(now - last)} ms`);
    this.#resumes.set(recording, now);
  }

  check(isSeen: boolean): void {
    const { scene } = this;
    if (scene.policy.autoResumeMs === null || !scene.isAwake() || !isSeen || !scene.server.canPause) {
      this.disturb();
      return;
    }
    const since = Math.max(this.#calmSince, scene.disturbedAt);
    for (const recording of this.#wasPausedHere) {
      if (!runs(recording) || (recording.resumedAt ?? -Infinity) > (recording.pausedAt ?? -Infinity)) {
        this.#wasPausedHere.delete(recording);
        continue;
      }
      if (!recording.isPaused || !scene.isInView(recording) || !scene.isOwn(recording)) continue;
      const tried = this.#resumes.get(recording) ?? -Infinity;
      const from = Math.max(since, tried, recording.pausedAt ?? 0);
      if (recording.ids.length === 1 && scene.now() - from > overdueMs)
        scene.fail(`I8: the pause of ${recording.id}, asked for here, never ends by itself`);
    }
  }
}
