/** What kind of sound a recording has. All are synthetic speech. */
export type Voice =
  /** Mono, 24 kHz, constant 40 kbit/s: 300 KB a minute. */
  | 'speech'
  /** Two people, one on each side, 24 kHz, constant 48 kbit/s. */
  | 'stereo'
  /** Mono, 24 kHz, variable bit rate, with a Xing header that tells the length. */
  | 'vbr'
  /** As `vbr`, but without the header: a player can only guess the length. */
  | 'vbr-bare'
  /** Mono, 8 kHz, constant 16 kbit/s. */
  | 'narrow'
  /** Two people, 8 kHz, constant 24 kbit/s. */
  | 'narrow-stereo';

/** How a recording's media is made and served. */
export interface MediaSpec {
  readonly voice: Voice;
  /** Exactly so many bytes, whatever the duration says (for downloads of a given size). */
  readonly exactBytes?: number;
  /** Damages the first 200 bytes of every block of so many bytes. */
  readonly damagedEvery?: number;
  /** The stored file ends here, in the middle of a frame perhaps; size and hash are those of what is left. */
  readonly truncateAt?: number;
  /** Instead of `audio/mpeg`. */
  readonly contentType?: string;
  /** Serves no faster than this. */
  readonly bytesPerSecond?: number;
  /** Answers `Range` with 206 and 416; overrides the service's setting. */
  readonly honourRange?: boolean;
  /** How the end of the body is told: by its length (left out), by a last chunk, or by closing the connection. */
  readonly framing?: 'length' | 'chunked' | 'closing';
  /** Set by the server itself: the uploaded sound to serve. */
  readonly uploadId?: string;
}

/** Ordinary speech; shared, so that 100,000 recordings cost nothing. */
export const plainSpeech: MediaSpec = Object.freeze({ voice: 'speech' });
