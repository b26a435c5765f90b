import type { Mp3Header } from '@shared/domain/mp3-header';
import {
  areOfOneKind,
  id3TagBytes,
  isDescription,
  mp3HeaderBytes,
  readMp3Header,
} from '@shared/domain/mp3-header';
import type { AudioRepair, AudioVerdict } from './audio-verdict';
import { refuse, toMilliseconds } from './audio-verdict';
import type { BoundedReader } from './byte-source';
import { fourLetters } from './byte-source';
import { largestReadBytes, mostTags, mp3SearchBytes } from './limits';

/** The old tag at the end of a file has one length, bytes. */
const closingTagBytes = 128;

/** Frames of one kind in a row that make a beginning; fewer where the file ends first. */
const beginningFrames = 3;

/** No MP3 frame and no header of a tag is longer, bytes. */
const longestFrame = 4_096;

/** Looks at any place of a file through the piece that is at hand. */
interface Window {
  /** Makes the bytes from here on available: `longestFrame` of them, or what there is up to the file's end. */
  show(at: number): Promise<void>;
  /** Whether they are. */
  shows(at: number): boolean;
  bytes(): Uint8Array;
  offset(): number;
}

function createWindow(reader: BoundedReader): Window {
  let bytes: Uint8Array = new Uint8Array(0);
  let offset = 0;
  const shows = (at: number) =>
    at >= offset && Math.min(at + longestFrame, reader.size) <= offset + bytes.length;
  return {
    shows,
    show: async (at) => {
      if (shows(at)) return;
      bytes = await reader.read(at, largestReadBytes);
      offset = at;
    },
    bytes: () => bytes,
    offset: () => offset,
  };
}

/**
 * Passes over the ID3v2 tags at the beginning of a file.
 * @returns where they end, bytes: behind the file where it was cut short
 * @throws ReadFailure
 */
export async function passTags(reader: BoundedReader): Promise<number> {
  let at = 0;
  for (let count = 0; count < mostTags && at < reader.size; count += 1) {
    const size = id3TagBytes(await reader.read(at, 10));
    // What may be a tag and ends before it can be told is none.
    if (size === null || size === 0) break;
    at += size;
  }
  return at;
}

/** Bytes of a tag that begins here; 0 where none does. */
function tagBytes(bytes: Uint8Array, at: number): number {
  return fourLetters(bytes, at).startsWith('TAG') ? closingTagBytes : (id3TagBytes(bytes.subarray(at)) ?? 0);
}

/** Follows the frames of an MP3. */
function createFrameReader(reader: BoundedReader) {
  const window = createWindow(reader);

  const headerAt = async (at: number): Promise<Mp3Header | null> => {
    if (!window.shows(at)) await window.show(at);
    return readMp3Header(window.bytes(), at - window.offset());
  };

  /** Whether frames of its kind follow a frame, or the end of the file. */
  const isFollowed = async (at: number, header: Mp3Header, followers: number): Promise<boolean> => {
    let after = at + header.size;
    for (let follower = 0; follower < followers; follower += 1) {
      if (after + mp3HeaderBytes > reader.size) return after <= reader.size;
      const next = await headerAt(after);
      if (next === null) return tagBytes(window.bytes(), after - window.offset()) > 0;
      if (!areOfOneKind(header, next)) return false;
      after += next.size;
    }
    return true;
  };

  /** The next frame, which others follow; null where there is none before `end`. */
  const search = async (from: number, end: number, followers: number, kind: Mp3Header | null) => {
    let at = from;
    while (at < end) {
      if (!window.shows(at)) await window.show(at);
      const found = window.bytes().indexOf(0xff, at - window.offset());
      if (found < 0) {
        at = window.offset() + window.bytes().length;
        continue;
      }
      at = window.offset() + found;
      if (at >= end) break;
      const header = await headerAt(at);
      const isFrame =
        header !== null &&
        (kind === null || areOfOneKind(kind, header)) &&
        (await isFollowed(at, header, followers));
      if (isFrame) return { at, header };
      at += 1;
    }
    return null;
  };

  return { window, headerAt, search };
}

/**
 * Counts the frames of an MP3. What the encoder says of its length is not believed; its frame counts as no time.
 * @param start where the tags end, bytes
 * @returns null where it is no MP3
 * @throws ReadFailure
 */
export async function inspectMp3(reader: BoundedReader, start: number): Promise<AudioVerdict | null> {
  const { window, headerAt, search } = createFrameReader(reader);
  const first = await search(start, Math.min(reader.size, start + mp3SearchBytes), beginningFrames - 1, null);
  if (first === null) {
    // One frame that the end of the file cuts is an MP3 still.
    const lone = await headerAt(start);
    return lone !== null && start + lone.size > reader.size ? refuse('truncated') : null;
  }
  const kind = first.header;
  const repairs = new Set<AudioRepair>();
  if (first.at > start) repairs.add('damage-skipped');
  let samples = 0;
  let at = first.at;
  let end = at;
  if (!window.shows(at)) await window.show(at);
  if (isDescription(window.bytes(), at - window.offset(), kind)) at += kind.size;
  while (at < reader.size) {
    const header = await headerAt(at);
    if (header !== null && areOfOneKind(kind, header)) {
      if (at + header.size > reader.size) {
        repairs.add('last-frame-cut');
        break;
      }
      samples += header.samples;
      at += header.size;
      end = at;
      continue;
    }
    const tag = tagBytes(window.bytes(), at - window.offset());
    const next = await search(at + tag, reader.size, 1, kind);
    if (next === null) {
      if (at + tag < reader.size) repairs.add('bytes-behind-data');
      break;
    }
    if (next.at > at + tag) repairs.add('damage-skipped');
    at = next.at;
  }
  if (samples === 0) return refuse(repairs.has('last-frame-cut') ? 'truncated' : 'no-sound');
  return {
    verdict: 'accepted',
    container: 'mp3',
    codec: 'mp3',
    sampleRate: kind.sampleRate,
    channels: kind.channels,
    samples,
    durationMs: toMilliseconds(samples, kind.sampleRate),
    dataOffset: first.at,
    dataLength: end - first.at,
    repairs: [...repairs],
    origin: null,
    needsNewerServer: true,
  };
}
