import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { RecorderView } from '@shared/ipc/snapshot';
import type { Removals } from '../removals';
import type { RecorderService } from './contract';

/**
 * The user has seen that a recording was not found: out of sight at once, forgotten once it cannot be undone any more.
 * @param id of the recording
 */
export function dismissUnconfirmed(
  recorder: Pick<RecorderService, 'dismissUnconfirmed'>,
  removals: Removals,
  id: string,
): Result<null> {
  const key = id.toLowerCase();
  if (!removals.isHidden('unconfirmed', key)) {
    removals.begin({
      kind: 'unconfirmed',
      ids: [key],
      recordingId: null,
      carryOut: () => void recorder.dismissUnconfirmed(id),
    });
  }
  return succeed(null);
}

/** The view without the recordings whose dismissal can still be undone. */
export function withoutDismissed(view: RecorderView, removals: Removals): RecorderView {
  const unconfirmed = view.unconfirmed.filter(
    ({ id }) => !removals.isHidden('unconfirmed', id.toLowerCase()),
  );
  return unconfirmed.length === view.unconfirmed.length ? view : { ...view, unconfirmed };
}
