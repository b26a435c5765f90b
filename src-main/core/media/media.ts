import type { AudioDownload } from './audio-download';
import { TransferError } from './transfer-error';

/* Reads ranges of a recording while it arrives. */

/** Audio that is in memory, or still on its way there. */
export interface Media {
  readonly contentType: string;
  /** Null while the server has not told it and the download still runs. */
  readonly sizeBytes: number | null;
  /** False where the server ended it by closing the connection: that may have been a cut. */
  readonly endIsCertain: boolean;
  /**
   * Bytes `first` to `last` (both included; null: to the end), each as soon as it has arrived.
   * Throws a `TransferError` where the download failed before them.
   */
  read(first: number, last: number | null): AsyncGenerator<Uint8Array, void, undefined>;
  /** The same to be heard and looked at, not to be kept: where an MP3 is damaged there is silence of the same size. */
  readRepaired(first: number, last: number | null): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * What makes it an MP4 in which each second is found, put before what is heard. Null where the bytes alone do, and
   * where it was not whole when it was asked for: the form never changes during a read.
   */
  readonly index: Uint8Array | null;
}

/** What is read: the bytes as they arrived, or as they are heard. */
type Form = 'raw' | 'repaired';

/** @param reading `ended` by the reader when it leaves, also while it waits for bytes */
async function* pieces(
  download: AudioDownload,
  [first, last]: readonly [number, number | null],
  form: Form,
  reading: { ended: boolean },
  left: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { buffer } = download;
  download.readers += 1;
  try {
    let position = first;
    while (!reading.ended && (last === null || position <= last)) {
      const here = form === 'raw' ? buffer.receivedBytes : buffer.audibleBytes();
      const bound = last === null ? here : Math.min(here, last + 1);
      if (position < bound) {
        const piece = buffer.pieceAt(position, bound);
        if (piece === null) return;
        yield form === 'raw' ? piece : buffer.conceal(piece, position);
        position += piece.length;
      } else if (download.status === 'complete') {
        return;
      } else if (download.status === 'failed') {
        throw new TransferError(download.error ?? { code: 'internal', operation: 'download', detail: {} });
      } else {
        await download.nextChange();
      }
    }
  } finally {
    download.readers -= 1;
    left();
  }
}

/** A generator only hears that it is left when it goes on by itself: this one is woken. */
function reader(
  download: AudioDownload,
  range: readonly [number, number | null],
  form: Form,
  left: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reading = { ended: false };
  const generator = pieces(download, range, form, reading, left);
  const leave = generator.return.bind(generator);
  generator.return = (value) => {
    reading.ended = true;
    download.wakeReaders();
    return leave(value);
  };
  return generator;
}

/**
 * Makes what reads a download.
 * @param index tells the seek index that goes before it
 * @param left called when a reader has come to its end or has left
 */
export function createMedia(
  download: AudioDownload,
  index: () => Uint8Array | null,
  left: () => void,
): Media {
  return {
    get contentType() {
      return download.contentType;
    },
    get sizeBytes() {
      return download.sizeBytes;
    },
    get endIsCertain() {
      return download.endIsCertain;
    },
    get index() {
      return index();
    },
    read: (first, last) => reader(download, [first, last], 'raw', left),
    readRepaired: (first, last) => reader(download, [first, last], 'repaired', left),
  };
}
