import type { Settings } from '@shared/ipc/settings';
import { attempt } from '../lib/attempt';
import type { Log } from '../ports/desktop';

/** One part of the settings, and what is to be done when it has changed. */
export interface SettingsPart {
  readonly pick: (settings: Settings) => unknown;
  readonly apply: (settings: Settings) => void;
}

/**
 * Says what is done when a part of the settings has changed.
 * @param pick the part, plain data
 * @param apply gets the new one
 */
export function applies<Part>(pick: (settings: Settings) => Part, apply: (part: Part) => void): SettingsPart {
  return {
    pick,
    apply: (settings) => {
      apply(pick(settings));
    },
  };
}

/**
 * Makes the function that puts settings in force: all of them the first time, then only the parts that differ. A window
 * that is moved must not start anything anew.
 * @param parts in the order in which they are applied
 * @param log told of a part that fails; it is tried again with the next change
 */
export function createSettingsApplier(
  parts: readonly SettingsPart[],
  log: Log,
): (settings: Settings) => void {
  const applied = new Map<SettingsPart, string>();
  return (settings) => {
    for (const part of parts) {
      const text = JSON.stringify(part.pick(settings));
      if (applied.get(part) === text) continue;
      applied.set(part, text);
      const isDone = attempt(log, 'a part of the settings', () => {
        part.apply(settings);
      });
      if (!isDone) applied.delete(part);
    }
  };
}
