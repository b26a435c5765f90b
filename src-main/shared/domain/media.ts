import type { CodedError } from './errors';

/** The privileged scheme under which a window hears a recording. */
export const mediaScheme = 'media';

/**
 * The address a window gives to its `<audio>` element; answered by the main process from memory.
 * @param id the recording's GUID
 * @param ask tells one wish of the user from the next: a download that failed is begun again only for another wish,
 * and not because the element tries again by itself
 */
export function mediaAddress(id: string, ask?: number): string {
  const address = `${mediaScheme}://recording/${id.toLowerCase()}`;
  return ask === undefined ? address : `${address}?ask=${ask}`;
}

/** What a media address means. */
export interface MediaRequest {
  /** In lower case. */
  readonly id: string;
  readonly ask: number | null;
}

const mediaPattern =
  /^media:\/\/recording\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\?ask=(\d{1,15}))?$/i;

/**
 * What a media address means, or null where it is no such address.
 * @param address an absolute URL
 */
export function mediaRequestOf(address: string): MediaRequest | null {
  const match = mediaPattern.exec(address);
  if (match?.[1] === undefined) return null;
  return { id: match[1].toLowerCase(), ask: match[2] === undefined ? null : Number(match[2]) };
}

/** The next bytes of a recording's audio. */
export interface MediaPiece {
  /** Empty at the end, and where the download broke off. */
  readonly bytes: Uint8Array;
}

/** What has been counted of an MP3, frame by frame: what it says of itself is not believed. */
export interface CountedSound {
  /** How long it is as far as it has come, s. */
  readonly seconds: number;
  /** Whether an element that has been given it finds each second: where not, it does once it is asked for anew, whole. */
  readonly steady: boolean;
  /** Where its sample rate or its number of channels changes, which players may not follow, s; null where they do not. */
  readonly changesAt: number | null;
}

/** How far a recording's audio has come. */
export interface MediaProgress {
  readonly status: 'absent' | 'downloading' | 'complete' | 'failed';
  readonly receivedBytes: number;
  /** Null while the server has not told it and the download still runs. */
  readonly sizeBytes: number | null;
  /** Why it failed; the audio element itself gives no reason. */
  readonly error: CodedError | null;
  /** Null while nothing is known, and where it is no MP3. */
  readonly sound: CountedSound | null;
}

/** The progress of the recording that a window follows, as it is pushed to that window. */
export interface FollowedProgress {
  /** By which the window knows what it follows. */
  readonly ticket: number;
  /** The recording's, as the window wrote it. */
  readonly id: string;
  readonly progress: MediaProgress;
}
