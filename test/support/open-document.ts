import type {
  DocumentContext,
  DocumentKind,
  DocumentTrouble,
  OpenDocument,
} from '../../src-main/core/document';
import { openDocument } from '../../src-main/core/document';
import type { DocumentFile } from '../../src-main/core/ports';
import { silentLog } from './memory-file';
import { VirtualClock } from './virtual-clock';

/** What a document has told, in order: `unreadable marks.json`, and `-unreadable marks.json` once it is over. */
export class Troubles {
  readonly told: string[] = [];

  /** Surroundings that are told here. */
  context(clock: DocumentContext['clock']): DocumentContext {
    return {
      clock,
      log: silentLog,
      trouble: (trouble: DocumentTrouble, name, keptAs) => {
        this.told.push(`${trouble} ${keptAs ?? name}`);
      },
      solved: (trouble, name) => {
        this.told.push(`-${trouble} ${name}`);
      },
    };
  }
}

/** Opens a document for a test that is about something else. */
export function openTestDocument<Value extends object>(
  kind: DocumentKind<Value>,
  file: DocumentFile,
  clock: DocumentContext['clock'] = new VirtualClock(),
  troubles: Troubles = new Troubles(),
): OpenDocument<Value> {
  return openDocument(kind, file, troubles.context(clock));
}
