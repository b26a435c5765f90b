import { assertNever } from '@shared/assert-never';
import type { WarningView } from '@shared/ipc/snapshot';
import { documentKinds } from '../documents';
import type { DocumentTrouble } from '../lib/document-store';

/** The warning for a problem with one of our files: settings have warnings of their own. */
export function documentWarning(trouble: DocumentTrouble, name: string): WarningView['kind'] {
  const isSettings = name === documentKinds.settings.name;
  switch (trouble) {
    case 'unreadable':
      return 'file-unreadable';
    case 'newer':
      return 'file-newer';
    case 'damaged':
      return isSettings ? 'settings-damaged' : 'state-damaged';
    case 'unwritable':
      return isSettings ? 'settings-unwritable' : 'state-unwritable';
    default:
      return assertNever(trouble);
  }
}
