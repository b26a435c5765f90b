/**
 * What keeping recordings needs of the world. Folders are opaque texts that come from the OS's own dialogs and go back
 * to the file system: a window never names one.
 */
import type { Result } from '@shared/domain/errors';
import type { Disposable } from './clock';

/** A place for one file. */
export interface SaveTarget {
  readonly folder: string;
  /** With its extension, without a folder. */
  readonly fileName: string;
}

/** What a file is, for the dialog's filter. */
export type SaveFileKind = 'mp3' | 'csv' | 'xlsx' | 'zip';

/** The OS's dialogs; both answer null where the user closed them. */
export interface SaveDialogs {
  /**
   * Asks where one file goes. `suggested` is a safe name; `folder` the one chosen last, or null. The file is of one of
   * the kinds, by its extension: the first one where it has none of them.
   */
  chooseFile(options: {
    readonly title: string;
    readonly kinds: readonly { readonly kind: SaveFileKind; readonly name: string }[];
    readonly suggested: string;
    readonly folder: string | null;
  }): Promise<SaveTarget | null>;
  chooseFolder(options: {
    readonly title: string;
    readonly button: string;
    readonly folder: string | null;
  }): Promise<string | null>;
  /** Shows a file in the OS's file manager. */
  showFile(target: SaveTarget): void;
}

/**
 * A file that is being written next to where it will be, under a name that shows that it is not whole. Failures are
 * `disk-full`, `folder-gone`, `file-exists`, `name-too-long` or `file-unwritable`, with the system's own code as `detail.message`.
 */
export interface PartFile extends Disposable {
  /** Bytes taken so far. */
  readonly sizeBytes: number;
  /** Whether it was handed to the disk, all of it: after a failed `commit` nothing but its name is missing. */
  readonly isWhole: boolean;
  /** Takes a piece; answers when there is room for the next one. The piece must not be changed afterwards. */
  write(piece: Uint8Array): Promise<Result<null>>;
  /** SHA-256 of everything taken so far, upper-case hexadecimal. */
  digest(): string;
  /** Back to an empty file. */
  restart(): Promise<Result<null>>;
  /** The last bytes that were written, at most `bytes` of them; empty where they cannot be read. */
  tail(bytes: number): Promise<Uint8Array>;
  /** What was written, in pieces. */
  read(): AsyncIterable<Uint8Array>;
  /**
   * Hands the file to the disk, and only then gives it its name; a name that is taken becomes `name (2)`. May be tried
   * again where it failed: what has arrived stays until it is discarded.
   * @returns the name it got
   */
  commit(fileName: string): Promise<Result<string>>;
  /** Removes it, unless it was committed. */
  discard(): Promise<void>;
  /** The same at once, for when the process ends. */
  dispose(): void;
}

/** The file system, as far as keeping recordings goes. */
export interface SaveFiles extends Disposable {
  /**
   * Begins a file, without following or overwriting anything that is there.
   * @param expectedBytes where known: a disk without that much room is `disk-full` at once
   * @param fileName what it will be called: one that is too long is refused at once
   */
  create(folder: string, expectedBytes: number | null, fileName?: string): Promise<Result<PartFile>>;
  /** Removes what a former run that was killed has left half-written in a folder; only files of ours. */
  sweep(folder: string): Promise<void>;
}

/** A file of an archive; its size and content are known before it is asked for. */
export interface ArchiveEntry {
  readonly name: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A column of a sheet. */
export interface SheetColumn {
  readonly heading: string;
  /** `text` must be kept as text; `word` needs no such care, because no spreadsheet reads it as a number; the others are in ms. */
  readonly format: 'text' | 'word' | 'moment' | 'length' | 'seconds';
  /** In characters. */
  readonly width: number;
}

/** Makes a workbook (.xlsx) of one sheet, whose rows are asked for as the workbook is read. */
export type WorkbookMaker = (
  name: string,
  columns: readonly SheetColumn[],
  rows: AsyncIterable<readonly (string | number | null)[]>,
) => Promise<AsyncIterable<Uint8Array>>;

/** Makes an archive of entries, each asked for when the one before has been read. */
export type ArchiveMaker = (entries: AsyncIterable<ArchiveEntry>) => Promise<AsyncIterable<Uint8Array>>;

/** SHA-256 of a few bytes, upper-case hexadecimal. */
export type Digest = (bytes: Uint8Array) => string;

/**
 * Prints a page as PDF.
 * @param html a whole document without scripts and without anything to load
 */
export type PagePrinter = (html: string) => Promise<Result<Uint8Array>>;
