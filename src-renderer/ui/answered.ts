import { fail, type Operation, type Result } from '../../src-main/shared/domain/errors';

/**
 * Asks the main process; a question that nobody answers has failed, too, and can be asked again.
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
