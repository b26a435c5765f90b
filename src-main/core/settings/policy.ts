import * as v from 'valibot';

import { policyGroups } from '@shared/ipc/setting-table';
import type { Settings } from '@shared/ipc/settings';
import { settingsPatchSchema } from '@shared/ipc/settings';
import { parseJsonText } from '../lib/json-text';

type PolicyGroup = (typeof policyGroups)[number];

const policyEntries = Object.fromEntries(
  policyGroups.map((group) => [group, settingsPatchSchema.entries[group]]),
) as Pick<typeof settingsPatchSchema.entries, PolicyGroup>;

/**
 * The administrator's settings (`--policy=FILE`): what they set is in force whatever the user chose, and cannot be
 * changed in the window. Bounds are those of the user's own settings.
 */
const policySchema = v.strictObject({
  /** Filled in at sign-in, and the only server one can sign in to. */
  serverAddress: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(2_048))),
  ...policyEntries,
});

/** See {@link policySchema}. */
export type Policy = v.InferOutput<typeof policySchema>;

/** What reading a policy gave. */
export type LoadedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  /** The field at fault, or an empty text where the file is no JSON or cannot be read. */
  | { readonly ok: false; readonly field: string };

/** The file that `--policy=FILE` names, or null. */
export function policyPathOf(argv: readonly string[]): string | null {
  const prefix = '--policy=';
  const argument = argv.findLast((candidate) => candidate.startsWith(prefix));
  const path = argument?.slice(prefix.length) ?? '';
  return path === '' ? null : path;
}

/**
 * Reads a policy. A wrong one is refused whole: half a policy is none that an administrator has written.
 * @param text of the file; null where it could not be read
 */
export function parsePolicy(text: string | null): LoadedPolicy {
  if (text === null) return { ok: false, field: '' };
  let parsed: unknown;
  try {
    parsed = parseJsonText(text);
  } catch {
    return { ok: false, field: '' };
  }
  // A list would pass for an object without fields, and the administrator would not hear of the mistake.
  if (Array.isArray(parsed)) return { ok: false, field: '' };
  const checked = v.safeParse(policySchema, parsed);
  return checked.success
    ? { ok: true, policy: checked.output }
    : { ok: false, field: v.getDotPath(checked.issues[0]) ?? '' };
}

/** The user's settings with the administrator's laid over them. */
export function applyPolicy(settings: Settings, policy: Policy): Settings {
  const laid: Settings = { ...settings };
  if (policy.serverAddress !== undefined) {
    laid.account = { ...settings.account, serverAddress: policy.serverAddress };
  }
  for (const group of policyGroups)
    Object.assign(laid, { [group]: { ...settings[group], ...policy[group] } });
  return laid;
}

/** The settings that the administrator has fixed, as `group.name`. */
export function managedSettings(policy: Policy): readonly string[] {
  const names = policyGroups.flatMap((group) =>
    Object.keys(policy[group] ?? {}).map((name) => `${group}.${name}`),
  );
  return policy.serverAddress === undefined ? names : ['account.serverAddress', ...names];
}
