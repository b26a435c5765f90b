import type { CodedError, Operation } from '../shared/errors';

/** Thrown while a stream is read: the transfer failed after it had begun. */
export class TransferError extends Error {
  override readonly name = 'TransferError';

  /** @param coded why; its words are not part of the message, so that no log holds them by accident */
  constructor(readonly coded: CodedError) {
    super(coded.code);
  }
}

/**
 * The failure that something thrown stands for; what is no {@link TransferError} counts as a bug of ours.
 * @param thrown from a `catch`
 * @param operation what was under way
 */
export function codedErrorOf(thrown: unknown, operation: Operation): CodedError {
  return thrown instanceof TransferError ? thrown.coded : { code: 'internal', operation, detail: {} };
}
