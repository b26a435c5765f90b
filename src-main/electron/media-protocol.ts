import type { Session } from 'electron';

import type { CodedError } from '@shared/domain/errors';
import { mediaRequestOf, mediaScheme } from '@shared/domain/media';
import { parseRange } from '../core/media/http-range';
import type { MediaLibrary } from '../core/media/library';
import type { Media } from '../core/media/media';

/** A stream that reads only as fast as the player takes it. */
function streamOf(chunks: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(error);
        }
      },
      cancel: async () => {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function statusOf({ code, detail }: CodedError): number {
  if (code === 'signed-out' || code === 'locked') return 403;
  // What failed although its answer was no refusal must not look like a recording without sound.
  return detail.status === undefined || detail.status < 400 ? 502 : detail.status;
}

/** What is heard of a recording behind its index, bytes `first` to `last`, both included. */
async function* repairedBehind(
  index: Uint8Array,
  media: Media,
  [first, last]: readonly [number, number],
): AsyncGenerator<Uint8Array, void, undefined> {
  if (first < index.length) yield index.subarray(first, last + 1);
  if (last >= index.length) yield* media.readRepaired(Math.max(0, first - index.length), last - index.length);
}

/** A recording as its element is given it. */
function formOf(media: Media) {
  const { contentType, sizeBytes, index } = media;
  if (index === null || sizeBytes === null) {
    return {
      contentType,
      sizeBytes,
      readRepaired: (first: number, last: number) => media.readRepaired(first, last),
    };
  }
  return {
    contentType: 'audio/mp4',
    sizeBytes: index.length + sizeBytes,
    readRepaired: (first: number, last: number) => repairedBehind(index, media, [first, last]),
  };
}

function answer(media: Media, range: string | null, page: string): Response {
  const { contentType, sizeBytes, readRepaired } = formOf(media);
  const headers = {
    // Without it the sound of one side would be silence: a page may not look into another origin's audio.
    'Access-Control-Allow-Origin': page,
    'Access-Control-Expose-Headers': 'Content-Range, Content-Length, Accept-Ranges',
    'Content-Type': contentType,
    'Cache-Control': 'no-store',
    'Accept-Ranges': 'bytes',
  };
  // Without a length nothing can be promised about ranges until the whole has come.
  if (sizeBytes === null) return new Response(streamOf(media.readRepaired(0, null)), { headers });
  const wanted = parseRange(range, sizeBytes);
  switch (wanted.kind) {
    case 'unsatisfiable':
      return new Response(null, {
        status: 416,
        headers: { ...headers, 'Content-Range': `bytes */${sizeBytes}` },
      });
    case 'whole':
      return new Response(streamOf(readRepaired(0, sizeBytes - 1)), {
        headers: { ...headers, 'Content-Length': String(sizeBytes) },
      });
    case 'part':
      return new Response(streamOf(readRepaired(wanted.first, wanted.last)), {
        status: 206,
        headers: {
          ...headers,
          'Content-Length': String(wanted.last - wanted.first + 1),
          'Content-Range': `bytes ${wanted.first}-${wanted.last}/${sizeBytes}`,
        },
      });
  }
}

/**
 * Lets windows hear recordings under `media://recording/{id}`, from memory: a seek is answered at once, and never by
 * a second download (API reference §5).
 * @param session of the windows
 * @param media what is in memory
 * @param page the address of the one page that may hear it
 */
export function serveMedia(session: Session, media: MediaLibrary, page: string): void {
  const { protocol, host } = new URL(page);
  session.protocol.handle(mediaScheme, async (request) => {
    const asked = mediaRequestOf(request.url);
    if (request.method !== 'GET' || asked === null) return new Response(null, { status: 404 });
    const opened = await media.open(asked.id, asked.ask ?? undefined);
    if (!opened.ok) return new Response(null, { status: statusOf(opened.error) });
    return answer(opened.value, request.headers.get('range'), `${protocol}//${host}`);
  });
}
