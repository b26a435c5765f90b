import type { DocumentContext, OpenDocument } from './lib/document-store';
import { openDocument } from './lib/document-store';
import { savesDocument } from './saving/queue-file';
import { marksDocument } from './marks/store';
import { rememberedDocument } from './recorder/remembered';
import type { DocumentFile } from './ports/files';
import { refusedCredentialsDocument } from './account/refused-credentials';
import { settingsDocument } from './settings/service';

/** Every file that RecLight keeps in the user data folder. */
export const documentKinds = {
  settings: settingsDocument,
  latch: refusedCredentialsDocument,
  recorder: rememberedDocument,
  marks: marksDocument,
  saves: savesDocument,
} as const;

/** One of {@link documentKinds}. */
export type DocumentName = keyof typeof documentKinds;

/** A file for each document. */
export type DocumentFiles = Readonly<Record<DocumentName, DocumentFile>>;

/** Makes a file for each document. @param make gets what the table says of it */
export function mapDocuments(make: (kind: { readonly name: string }) => DocumentFile): DocumentFiles {
  const files = Object.entries(documentKinds).map(([name, kind]) => [name, make(kind)]);
  return Object.fromEntries(files) as DocumentFiles;
}

/** The documents, opened; none is read yet. */
export type Documents = {
  readonly [Name in DocumentName]: OpenDocument<ReturnType<(typeof documentKinds)[Name]['empty']>>;
};

/** Opens every document. */
export function openDocuments(files: DocumentFiles, context: DocumentContext): Documents {
  return {
    settings: openDocument(documentKinds.settings, files.settings, context),
    latch: openDocument(documentKinds.latch, files.latch, context),
    recorder: openDocument(documentKinds.recorder, files.recorder, context),
    marks: openDocument(documentKinds.marks, files.marks, context),
    saves: openDocument(documentKinds.saves, files.saves, context),
  };
}
