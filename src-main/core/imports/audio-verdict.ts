/** What RecLight can send. */
export type AudioCodec = 'pcm-16' | 'pcm-8' | 'a-law' | 'mu-law' | 'mp3';

/** What was wrong with an accepted file, and how it was read all the same. */
export type AudioRepair =
  /** The recorder never wrote the size of the data: it follows from the file's size. */
  | 'data-size-missing'
  /** The file ends before its data do: what is there counts. */
  | 'data-cut-short'
  /** The data end within a sample: that one is left out. */
  | 'partial-block'
  /** A chunk of odd size lacks its pad byte. */
  | 'pad-byte-missing'
  /** Bytes without meaning follow the data. */
  | 'bytes-behind-data'
  /** The last MP3 frame is not whole: it is left out. */
  | 'last-frame-cut'
  /** Bytes between MP3 frames are no sound: they count as no time. */
  | 'damage-skipped';

/** When a recorder says that a recording began, as it wrote it: wall time without a zone. */
export interface BroadcastOrigin {
  /** `yyyy-mm-dd` */
  readonly date: string;
  /** `hh:mm:ss` */
  readonly time: string;
}

/** A file that can be sent. */
export interface AcceptedAudio {
  readonly verdict: 'accepted';
  readonly container: 'wave' | 'rf64' | 'mp3';
  readonly codec: AudioCodec;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** Per channel. */
  readonly samples: number;
  /** Rounded to the nearest millisecond. */
  readonly durationMs: number;
  /** Where the sound begins, bytes. */
  readonly dataOffset: number;
  /** Of the sound that counts, bytes. */
  readonly dataLength: number;
  /** Each at most once. */
  readonly repairs: readonly AudioRepair[];
  readonly origin: BroadcastOrigin | null;
  /** Whether older servers refuse the codec (docs/api.md, "Newer servers"). */
  readonly needsNewerServer: boolean;
}

/** Why a header cannot be meant. */
export type HeaderFault =
  | 'zero-rate'
  | 'rate-too-high'
  | 'zero-channels'
  | 'bits-per-sample'
  | 'block-align'
  | 'format-missing'
  | 'data-missing'
  | 'too-many-chunks';

/** A file that is not sent. */
export type RefusedAudio =
  /** The file has no bytes. */
  | { readonly verdict: 'refused'; readonly reason: 'empty' }
  /** The file is whole and holds no sample. */
  | { readonly verdict: 'refused'; readonly reason: 'no-sound' }
  | { readonly verdict: 'refused'; readonly reason: 'not-audio' }
  /** `codec` is a name for people, such as `PCM-24` or `Ogg`. */
  | { readonly verdict: 'refused'; readonly reason: 'other-codec'; readonly codec: string }
  /** The file ends before its sound begins. */
  | { readonly verdict: 'refused'; readonly reason: 'truncated' }
  | { readonly verdict: 'refused'; readonly reason: 'invalid-header'; readonly fault: HeaderFault }
  /** `limit` is the largest size that is sent, bytes. */
  | { readonly verdict: 'refused'; readonly reason: 'too-large'; readonly limit: number }
  | { readonly verdict: 'refused'; readonly reason: 'unreadable' }
  /** The file became shorter while it was looked at. */
  | { readonly verdict: 'refused'; readonly reason: 'changed' };

/** What a look at a file found. */
export type AudioVerdict = AcceptedAudio | RefusedAudio;

/** Refuses for a reason that needs no more words. */
export function refuse(
  reason: Exclude<RefusedAudio['reason'], 'other-codec' | 'invalid-header' | 'too-large'>,
): RefusedAudio {
  return { verdict: 'refused', reason };
}

/** Refuses a codec by its name. */
export function refuseCodec(codec: string): RefusedAudio {
  return { verdict: 'refused', reason: 'other-codec', codec };
}

/** Refuses a header. */
export function refuseHeader(fault: HeaderFault): RefusedAudio {
  return { verdict: 'refused', reason: 'invalid-header', fault };
}

/** Tells how long samples last, ms, rounded. @param sampleRate Hz */
export function toMilliseconds(samples: number, sampleRate: number): number {
  return Math.round((samples * 1_000) / sampleRate);
}
