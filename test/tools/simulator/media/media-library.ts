import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Recording } from '../recording';
import { Clips } from './clips';
import { type ByteSource, createSpeech } from './speech';
import type { UploadedMedia } from './uploaded-media';

/** A recording's media, ready to be served. */
export interface Media {
  readonly contentType: string;
  readonly source: ByteSource;
}

/** Finds the bytes of each recording, their size and their SHA-256. */
export class MediaLibrary {
  private readonly clips = new Clips();
  private readonly hashes = new WeakMap<Recording, Promise<string>>();

  constructor(private readonly uploads: UploadedMedia) {}

  /** The media of a recording; an uploaded one is encoded first where need be. */
  async open(recording: Recording): Promise<Media> {
    const { media } = recording;
    const contentType = media.contentType ?? 'audio/mpeg';
    if (media.uploadId !== undefined) {
      const source = await this.uploads.open(media.uploadId);
      if (source) return { contentType, source };
    }
    const variant = Number.parseInt(recording.id.slice(0, 6), 16) || 0;
    const clip = this.clips.get(media.voice, variant);
    return { contentType, source: createSpeech(clip, recording.durationMs, variant >> 4, media) };
  }

  /** SHA-256 of exactly the bytes that are served, in upper case; computed once. */
  sha256(recording: Recording): Promise<string> {
    const known = this.hashes.get(recording);
    if (known) return known;
    const fresh = this.hash(recording);
    this.hashes.set(recording, fresh);
    return fresh;
  }

  private async hash(recording: Recording): Promise<string> {
    const { source } = await this.open(recording);
    const hash = createHash('sha256');
    let sinceTurn = 0;
    for await (const piece of source.pieces(0, source.size)) {
      hash.update(piece);
      sinceTurn += piece.length;
      // A three-hour recording must not hold up every other request while it is hashed.
      if (sinceTurn > 4_000_000) {
        sinceTurn = 0;
        await turn();
      }
    }
    return hash.digest('hex').toUpperCase();
  }
}
