import type { Settings } from '@shared/ipc/settings';
import type { CommandLineRequest } from './command-line';
import { parseCommandLine } from './command-line';

/** What a start is to do. */
export interface StartPlan {
  readonly showsWindow: boolean;
  /** What to do once a user is signed in. */
  readonly requests: readonly CommandLineRequest[];
}

/** What the command line and the settings want of a start. */
export function planStart(
  argv: readonly string[],
  { account, appearance }: Pick<Settings, 'account' | 'appearance'>,
): StartPlan {
  const asked = parseCommandLine(argv);
  // The tray shows nothing useful to a user who is not signed in.
  const isWanted = appearance.showAtStart || !account.remember || asked.includes('show');
  return {
    showsWindow: isWanted && !asked.includes('hide'),
    // The window is shown or not by then, and the user may have changed that since.
    requests: asked.filter((request) => request !== 'show' && request !== 'hide'),
  };
}

/** What a second start asks of the running RecLight: without a request, to show itself. */
export function requestsOfSecondStart(argv: readonly string[]): readonly CommandLineRequest[] {
  const asked = parseCommandLine(argv);
  return asked.length === 0 ? ['show'] : asked;
}
