import type { WindowApi } from '@shared/ipc/contract';
import { windowErrorNames, type WindowErrorName, type WindowPart } from '@shared/ipc/window-failure';

/** Reports that a part of the window has failed. */
export type FailureReporter = (error: unknown, part: WindowPart) => void;

function nameOf(error: unknown): WindowErrorName {
  const name = error instanceof Error ? error.name : '';
  return windowErrorNames.find((known) => known === name) ?? 'other';
}

/**
 * Makes what reports failures to the main process's log: the part and the kind of error, never its message, which could
 * hold a number or a name. Each is reported once as long as the page lives.
 * @param api `window.reclight`
 */
export function createFailureReporter(api: Pick<WindowApi, 'reportWindowFailure'>): FailureReporter {
  const reported = new Set<string>();
  return (error, part) => {
    const name = nameOf(error);
    const key = `${part} ${name}`;
    if (reported.has(key)) return;
    reported.add(key);
    void api.reportWindowFailure({ part, error: name });
  };
}
