import { fail, type Operation, type Result } from '@shared/domain/errors';

/**
 * Calls the main process; a call that is not answered has failed, too, and can be retried.
 * @param operation what it is about
 * @param ask calls one of the window API's functions
 */
export async function answered<Value>(
  operation: Operation,
  ask: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  try {
    return await ask();
  } catch {
    return fail('internal', operation);
  }
}
