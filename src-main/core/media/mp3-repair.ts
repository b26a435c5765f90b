import type { Mp3Header } from '@shared/domain/mp3-header';
import {
  areOfOneKind,
  id3TagBytes,
  isDescription,
  mp3HeaderBytes,
  readMp3Header,
} from '@shared/domain/mp3-header';
import type { Pace } from './mp3-pace';
import { createPaceCounter } from './mp3-pace';

/** What is not found so far behind the tag is no MP3, bytes: Chromium's own reader looks no further. */
const searchBytes = 65_536;

/** A tag within the sound is passed over; what claims to be a larger one is damage, bytes. */
const largestTagWithin = 1_000_000;

/** The old tag at the end of a file has one length, bytes. */
const closingTagBytes = 128;

/**
 * Finds the damage in an MP3 while it arrives, and covers it with silent frames, byte for byte. Chromium opens no file
 * whose beginning is damaged more than once, and counts a damaged stretch as no time when it plays and as its bytes'
 * time when it seeks: concealed, a recording opens, and all that shows a time agrees. What the encoder says of the file
 * is concealed as well: it leads seeks to other places, and is wrong where recordings were joined. What is no MP3 stays
 * as it is.
 */
export interface Mp3Repair {
  /** The next bytes, as they come. */
  push(bytes: Uint8Array): void;
  /** There is no more: what has not been judged counts as whole. */
  end(): void;
  /** There is more after all: judges on from where it stood before the end. */
  resume(): void;
  /** Bytes before this one have been judged, and can be concealed. */
  judgedBytes(): number;
  /** The time of what has been judged; null where that is no sound. */
  pace(): Pace | null;
  /**
   * @param piece bytes of the recording, all of them settled; never written to
   * @param position where they begin
   * @returns the same bytes where nothing is damaged, else a concealed copy
   */
  conceal(piece: Uint8Array, position: number): Uint8Array;
}

/** A concealed stretch; its bytes are not kept. */
interface Patch {
  readonly first: number;
  /** Excluded. */
  end: number;
  /** Of the silent frames that it is made of; null: zeros, too short for a frame. */
  readonly frame: { readonly header: Uint8Array; readonly size: number } | null;
}

type Stage = 'tag' | 'begin' | 'frames' | 'tags' | 'gap' | 'off';

type Frame = NonNullable<Patch['frame']>;

/** The first patch that ends behind a position; as many as there are where none does. */
function patchAt(patches: readonly Patch[], position: number): number {
  let low = 0;
  let high = patches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((patches[middle]?.end ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The silent frame that goes with a sound one: without checksum, and all behind its header is zero. */
function silenceLike(bytes: Uint8Array, at: number, size: number, known: Frame | null): Frame {
  const version = (bytes[at + 1] ?? 0) | 1;
  const same =
    known?.header[1] === version && known.header[2] === bytes[at + 2] && known.header[3] === bytes[at + 3];
  if (same) return known;
  const header = bytes.slice(at, at + mp3HeaderBytes);
  header[1] = version;
  return { header, size };
}

/**
 * Bytes of a tag, old or new, that begins here behind sound.
 * @returns 0 where none does, null where it cannot be told yet
 */
function tagBytes(bytes: Uint8Array): number | null {
  const isClosing = bytes[0] === 0x54 && bytes[1] === 0x41 && bytes[2] === 0x47;
  return isClosing ? closingTagBytes : id3TagBytes(bytes);
}

/** Whether a frame begins here: `waits` where more must come before that can be told. */
function findFrame(held: Uint8Array, at: number, followers: number): Mp3Header | 'waits' | 'none' {
  if (at + mp3HeaderBytes > held.length) return 'waits';
  const header = readMp3Header(held, at);
  if (header === null) return 'none';
  let after = at + header.size;
  for (let follower = 0; follower < followers; follower += 1) {
    if (after + mp3HeaderBytes > held.length) return 'waits';
    const next = readMp3Header(held, after);
    if (next === null || !areOfOneKind(header, next)) return 'none';
    after += next.size;
  }
  return header;
}

/** Makes a repair for one recording. */
export function createMp3Repair(): Mp3Repair {
  const patches: Patch[] = [];
  const counter = createPaceCounter();
  /** Holds, from `from` on, what is not judged yet. */
  let held: Uint8Array = new Uint8Array(0);
  let from = 0;
  /** Where in the recording that begins. */
  let base = 0;
  let stage: Stage = 'tag';
  /** Of the tag, still to be passed over. */
  let toPass = 0;
  /** How far a search has come in what is not judged. */
  let looked = 0;
  let last: Frame | null = null;
  /** Where it stood before the end. */
  let ended: { readonly held: Uint8Array; readonly base: number; readonly stage: Stage } | null = null;

  const settle = (bytes: number) => {
    from += bytes;
    base += bytes;
  };
  const concealNext = (bytes: number, frame: Patch['frame']) => {
    if (bytes > 0) {
      const header = frame === null ? null : readMp3Header(frame.header, 0);
      if (header !== null) counter.count(header, bytes / header.size, base, base + bytes);
      const previous = patches.at(-1);
      if (previous?.end === base && previous.frame === frame) previous.end += bytes;
      else patches.push({ first: base, end: base + bytes, frame });
    }
    settle(bytes);
  };
  const giveUp = () => {
    stage = 'off';
    settle(held.length - from);
    held = new Uint8Array(0);
    from = 0;
  };

  const passTag = (): boolean => {
    if (toPass === 0) {
      const size = id3TagBytes(held.subarray(from));
      if (size === 0) stage = 'begin';
      if (size === null || size === 0) return size === 0;
      toPass = size;
    }
    const passing = Math.min(toPass, held.length - from);
    toPass -= passing;
    settle(passing);
    return toPass === 0;
  };

  /** Three frames in a row are a beginning; silence up to there stands right before it. */
  const findBegin = (): boolean => {
    const found = findFrame(held, from + looked, 2);
    if (found === 'waits') return false;
    if (found === 'none') {
      looked += 1;
      if (looked > searchBytes) giveUp();
      return true;
    }
    last = silenceLike(held, from + looked, found.size, last);
    const rest = looked % found.size;
    const silence = looked - rest;
    concealNext(rest, null);
    concealNext(silence, last);
    if (isDescription(held, from, found)) concealNext(found.size, last);
    looked = 0;
    stage = 'frames';
    return true;
  };

  /**
   * The last of those that follow the frame at hand with the same header, byte for byte: most of what there is needs no
   * closer look, and whoever waits for the first sound waits for this.
   */
  const lastAlike = (size: number): number => {
    const [version, rates, mode] = [held[from + 1], held[from + 2], held[from + 3]];
    const end = held.length - mp3HeaderBytes;
    let at = from;
    for (let next = at + size; next <= end; next += size) {
      const alike =
        held[next] === 0xff &&
        held[next + 1] === version &&
        held[next + 2] === rates &&
        held[next + 3] === mode;
      if (!alike) break;
      at = next;
    }
    return at;
  };

  const passFrames = (header: Mp3Header, bytes: number) => {
    counter.count(header, bytes / header.size, base, base + bytes);
    settle(bytes);
  };

  const followFrames = (): boolean => {
    const found = findFrame(held, from, 1);
    if (found === 'waits') return false;
    if (found === 'none') {
      const header = readMp3Header(held, from);
      if (header !== null && tagBytes(held.subarray(from + header.size)) !== 0) {
        passFrames(header, header.size);
        stage = 'tags';
        looked = 0;
      } else {
        stage = 'gap';
        looked = 1;
      }
      return true;
    }
    last = silenceLike(held, from, found.size, last);
    const alike = lastAlike(found.size);
    // What follows the last one has still to be seen.
    passFrames(found, alike > from ? alike - from : found.size);
    return true;
  };

  /** Tags between joined recordings are neither sound nor silence; what follows the last sound stays as it is. */
  const passTags = (): boolean => {
    const size = tagBytes(held.subarray(from + looked));
    if (size === null) return false;
    if (size > 0) {
      looked += size;
      if (looked > largestTagWithin) {
        stage = 'gap';
        looked = 0;
      }
      return true;
    }
    const found = findFrame(held, from + looked, 1);
    if (found === 'waits') return false;
    if (found !== 'none') concealNext(looked, null);
    stage = found === 'none' ? 'gap' : 'frames';
    return true;
  };

  /** Covers frame by frame, for it may be long until sound comes again. */
  const crossGap = (): boolean => {
    if (last !== null && looked >= last.size) {
      looked -= last.size;
      concealNext(last.size, last);
      return true;
    }
    const found = findFrame(held, from + looked, 1);
    if (found === 'waits') return false;
    if (found === 'none') looked += 1;
    else {
      concealNext(looked, null);
      stage = 'frames';
    }
    return true;
  };

  const steps = {
    tag: passTag,
    begin: findBegin,
    frames: followFrames,
    tags: passTags,
    gap: crossGap,
    off: () => false,
  };
  return {
    push: (bytes) => {
      if (stage === 'off') {
        base += bytes.length;
        return;
      }
      const left = held.subarray(from);
      held = new Uint8Array(left.length + bytes.length);
      held.set(left);
      held.set(bytes, left.length);
      from = 0;
      while (steps[stage]());
    },
    end: () => {
      ended ??= { held: held.subarray(from), base, stage };
      giveUp();
    },
    resume: () => {
      if (ended === null) return;
      ({ held, base, stage } = ended);
      ended = null;
    },
    judgedBytes: () => base,
    pace: () => {
      // Nothing follows the last frame that could confirm it.
      const header = ended?.stage === 'frames' ? readMp3Header(ended.held, 0) : null;
      return counter.read(
        header !== null && ended !== null && header.size <= ended.held.length ? header : null,
      );
    },
    conceal: (piece, position) => {
      let at = patchAt(patches, position);
      let concealed = piece;
      for (; at < patches.length; at += 1) {
        const patch = patches[at];
        if (patch === undefined || patch.first >= position + piece.length) break;
        if (concealed === piece) concealed = piece.slice();
        const end = Math.min(patch.end, position + piece.length);
        for (let byte = Math.max(patch.first, position); byte < end; byte += 1) {
          const inFrame = patch.frame === null ? 0 : (byte - patch.first) % patch.frame.size;
          concealed[byte - position] = patch.frame?.header[inFrame] ?? 0;
        }
      }
      return concealed;
    },
  };
}
