import type { Log } from '../ports/desktop';
import type { Policy } from './policy';
import { parsePolicy, policyPathOf } from './policy';

/** What reading the policy needs. */
export interface PolicyFileOptions {
  /** The text of the file; null if it cannot be read. */
  readonly read: (path: string) => Promise<string | null>;
  /** Puts a valid policy in force. */
  readonly apply: (policy: Policy) => void;
  /** Called where it is not valid. @param field at fault; undefined where the file as a whole is */
  readonly invalid: (field: string | undefined) => void;
  readonly log: Log;
}

/** Puts the policy in force that the command line names, if it names one. */
export async function loadPolicy(argv: readonly string[], options: PolicyFileOptions): Promise<void> {
  const path = policyPathOf(argv);
  if (path === null) return;
  const loaded = parsePolicy(await options.read(path));
  if (loaded.ok) {
    options.apply(loaded.policy);
    return;
  }
  options.log.write('error', 'the policy is not valid and is not applied', { field: loaded.field });
  options.invalid(loaded.field === '' ? undefined : loaded.field);
}
