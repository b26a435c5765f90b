import type { CodedError } from '@shared/domain/errors';

/** A stream that broke after its request had succeeded: what its reader's loop throws. */
export class TransferError extends Error {
  /** Why, as everywhere else. */
  readonly coded: CodedError;

  /** @param coded why the stream broke; its code is the error's message */
  constructor(coded: CodedError) {
    super(coded.code);
    this.name = 'TransferError';
    this.coded = coded;
  }
}
