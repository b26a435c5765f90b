import type { WarningView } from '../shared/snapshot';

/** Things to be told that belong to no command, until the user dismisses them. */
export interface Warnings {
  /** Adds one; a second of the same kind and file replaces the first. */
  add(kind: WarningView['kind'], fileName?: string | undefined): void;
  dismiss(id: string): void;
  view(): readonly WarningView[];
}

/**
 * Makes the warnings.
 * @param changed called after every change
 */
export function createWarnings(changed: () => void): Warnings {
  let warnings: readonly WarningView[] = [];
  const set = (next: readonly WarningView[]): void => {
    warnings = next;
    changed();
  };
  return {
    add: (kind, fileName) => {
      const warning: WarningView = {
        id: `${kind}:${fileName ?? ''}`.slice(0, 64),
        kind,
        fileName: fileName ?? null,
      };
      set([...warnings.filter(({ id }) => id !== warning.id), warning]);
    },
    dismiss: (id) => {
      set(warnings.filter((warning) => warning.id !== id));
    },
    view: () => warnings,
  };
}
