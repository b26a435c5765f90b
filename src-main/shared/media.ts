import type { CodedError } from './errors';

/** The privileged scheme under which a window hears a recording. */
export const mediaScheme = 'media';

/**
 * The address a window gives to its `<audio>` element; answered by the main process from memory.
 * @param id the recording's GUID
 */
export function mediaAddress(id: string): string {
  return `${mediaScheme}://recording/${id.toLowerCase()}`;
}

/**
 * The recording that a media address means, or null where it is no such address.
 * @param address an absolute URL
 */
export function recordingIdOf(address: string): string | null {
  const match = /^media:\/\/recording\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(address);
  return match?.[1]?.toLowerCase() ?? null;
}

/** How far a recording's audio has come. */
export interface MediaProgress {
  readonly status: 'absent' | 'downloading' | 'complete' | 'failed';
  readonly receivedBytes: number;
  /** Null while the server has not told it and the download still runs. */
  readonly sizeBytes: number | null;
  /** Why it failed; the audio element itself gives no reason. */
  readonly error: CodedError | null;
}
