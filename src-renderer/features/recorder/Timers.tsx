import type { ActiveRecordingView } from '@shared/ipc/snapshot';
import { formatElapsed } from '@shared/text/format';
import { useReading, useTick } from '../../services/context';
import { countdownPhase, elapsedMs, secondsSince, secondsUntil, tickPhase } from '../../services/time';

/**
 * How long a recording has run: what the server said, carried on by the monotonic clock.
 * @param props.recording of the newest snapshot
 * @param props.className look
 */
export function ElapsedTimer({
  recording,
  className,
}: {
  readonly recording: ActiveRecordingView;
  readonly className: string;
}) {
  const reading = useReading();
  const now = useTick(recording.ticking ? tickPhase(recording, reading) : null);
  return (
    <span role="timer" className={className}>
      {formatElapsed(elapsedMs(recording, reading, now))}
    </span>
  );
}

/**
 * The time left until an instant, as a clock shows it.
 * @param props.untilMono of the newest snapshot
 * @param props.className look
 */
export function Countdown({
  untilMono,
  className,
}: {
  readonly untilMono: number;
  readonly className: string;
}) {
  const reading = useReading();
  const now = useTick(countdownPhase(untilMono, reading));
  return (
    <span role="timer" className={className}>
      {formatElapsed(secondsUntil(untilMono, reading, now) * 1_000)}
    </span>
  );
}

/** Whole seconds until an instant of the newest snapshot; counts down by itself. */
export function useSecondsUntil(mono: number | null): number | null {
  const reading = useReading();
  const now = useTick(mono === null ? null : countdownPhase(mono, reading));
  return mono === null ? null : secondsUntil(mono, reading, now);
}

/** Whole seconds since an instant of the newest snapshot; counts up by itself. */
export function useSecondsSince(mono: number): number {
  const reading = useReading();
  const now = useTick(countdownPhase(mono, reading));
  return secondsSince(mono, reading, now);
}
