import type { Result } from '@shared/domain/errors';

/** A SHA-256 of bytes that come in pieces. */
export interface RunningDigest {
  add(piece: Uint8Array): void;
  /** Upper-case hexadecimal; nothing is added afterwards. */
  finish(): string;
}

/** Begins a digest. */
export type StartDigest = () => RunningDigest;

/** One small file of ours in the user data folder, replaced whole or not at all. */
export interface DocumentFile {
  readonly fileName: string;
  /** Its text; null where there is none. Rejects only when it exists, or may exist, and cannot be read. */
  read(): Promise<string | null>;
  /** Atomic: after a crash the file holds the old text or the new one. Not to be called while another write runs. */
  write(text: string): Promise<Result<null>>;
  /** Renames a damaged file, to a name that overwrites no earlier one. @returns the new name without its folder */
  setAside(): Promise<string>;
}
