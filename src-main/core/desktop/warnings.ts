import type { WarningView } from '@shared/ipc/snapshot';

/** Things to be told that belong to no command, until the user dismisses them. */
export interface Warnings {
  /** Adds one; a second of the same kind and file replaces the first. */
  add(kind: WarningView['kind'], fileName?: string | undefined): void;
  /** What it told is over. */
  remove(kind: WarningView['kind'], fileName?: string | undefined): void;
  dismiss(id: string): void;
  view(): readonly WarningView[];
}

function idOf(kind: WarningView['kind'], fileName: string | undefined): string {
  return `${kind}:${fileName ?? ''}`.slice(0, 64);
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
  const dismiss = (id: string): void => {
    set(warnings.filter((warning) => warning.id !== id));
  };
  return {
    add: (kind, fileName) => {
      const warning: WarningView = { id: idOf(kind, fileName), kind, fileName: fileName ?? null };
      set([...warnings.filter(({ id }) => id !== warning.id), warning]);
    },
    remove: (kind, fileName) => {
      const id = idOf(kind, fileName);
      if (warnings.some((warning) => warning.id === id)) dismiss(id);
    },
    dismiss,
    view: () => warnings,
  };
}
