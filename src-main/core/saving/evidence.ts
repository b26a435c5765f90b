import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import { summaryOf } from '@shared/domain/recording';
import { createArrival } from './arrival';
import type { EvidenceItem, EvidenceOrigin, HashLine } from './evidence-items';
import { hashList, metadataJson } from './evidence-items';
import { numberedName, recordingFileName } from './file-name';
import type { Remains } from './finish';
import { saveWhole } from './finish';
import type { JobWork, SavedFile } from './job';
import type { ArchiveEntry, ArchiveMaker, Digest, PagePrinter, PartFile } from '../ports/saving';
import type { SaveServices } from './recording';
import { summaryPage } from './summary-page';
import { transferAudio, withRetries } from './transfer';

/** What making a package needs. */
export interface EvidenceServices extends SaveServices {
  readonly makeArchive: ArchiveMaker;
  readonly print: PagePrinter;
  readonly digest: Digest;
}

/** What goes into the package, and where it goes. */
export interface EvidenceOrder extends Remains {
  readonly recordingIds: readonly string[];
  readonly folder: string;
  readonly fileName: string;
  readonly template: string;
  readonly origin: EvidenceOrigin;
}

/** Ends the archive from within; the failure itself is kept beside it. */
class Interrupted extends Error {}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Names no two of which are the same on any file system. */
function uniqueNames(): (fileName: string) => string {
  const taken = new Set(['metadata.json', 'summary.pdf', 'sha256sums']);
  return (fileName) => {
    for (let number = 1; ; number += 1) {
      const name = numberedName(fileName, number);
      const key = name.toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return name;
    }
  };
}

/**
 * Makes a package of evidence: a ZIP of the MP3s, `metadata.json`, a one-page `summary.pdf`, and `SHA256SUMS` over all
 * of them. Each recording is fetched into a part file of its own first: a ZIP cannot take back what it holds when a
 * connection is cut. One that cannot be had fails the whole: a package with a gap would be taken for complete.
 */
export async function saveEvidence(
  job: JobWork,
  services: EvidenceServices,
  order: EvidenceOrder,
): Promise<Result<SavedFile>> {
  const found: RecordingDetails[] = [];
  let whole: number | null = null;
  return saveWhole(job, services, order, {
    begin: async () => {
      for (const id of order.recordingIds) {
        const details = await withRetries(job, services, () => services.details(id));
        if (!details.ok) return details;
        found.push(details.value);
      }
      const sizes = found.map(({ sizeBytes }) => sizeBytes);
      whole = sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
      return services.files.create(order.folder, whole, order.fileName);
    },
    fill: async (arrival) => {
      const filled = await fill(job, services, order, found, whole, arrival.part);
      if (!filled.ok) return { filled, mayGoOn: false };
      const verified = filled.value.every(({ verification }) => verification === 'verified');
      const amount = filled.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const verification = verified ? 'verified' : 'unverified';
      return { filled: succeed({ verification, amount, fileName: order.fileName }), mayGoOn: true };
    },
  });
}

async function fill(
  job: JobWork,
  services: EvidenceServices,
  order: EvidenceOrder,
  found: readonly RecordingDetails[],
  whole: number | null,
  archive: PartFile,
): Promise<Result<readonly EvidenceItem[]>> {
  const { origin, template, folder } = order;
  const items: EvidenceItem[] = [];
  const hashes: HashLine[] = [];
  const unique = uniqueNames();
  /** Kept beside the archive, which throws something of its own when it is left or broken off. */
  const ended: { failure: Result<never> | null } = { failure: null };
  let received = 0;

  const stop = (result: Result<never>): never => {
    ended.failure = result;
    throw new Interrupted();
  };

  const small = (fileName: string, bytes: Uint8Array): ArchiveEntry => ({
    name: fileName,
    modifiedAt: origin.createdAt,
    sizeBytes: bytes.length,
    chunks: once(bytes),
  });

  async function* audio(details: RecordingDetails): AsyncGenerator<ArchiveEntry> {
    const created = await services.files.create(folder, details.sizeBytes);
    if (!created.ok) return stop(created);
    const part = created.value;
    try {
      const moved = await transferAudio(job, services, details, createArrival(part), received, whole);
      if (!moved.ok) return stop(moved);
      received += part.sizeBytes;
      const fileName = unique(recordingFileName(template, summaryOf(details), '.mp3', services.timeZone));
      items.push({ details, fileName, sizeBytes: part.sizeBytes, ...moved.value });
      hashes.push({ fileName, sha256: moved.value.sha256 });
      yield { name: fileName, modifiedAt: details.startTime, sizeBytes: part.sizeBytes, chunks: part.read() };
    } finally {
      await part.discard();
    }
  }

  async function* entries(): AsyncGenerator<ArchiveEntry> {
    for (const details of found) yield* audio(details);
    const encoder = new TextEncoder();
    const metadata = encoder.encode(metadataJson(items, origin));
    hashes.push({ fileName: 'metadata.json', sha256: services.digest(metadata) });
    yield small('metadata.json', metadata);
    const summary = await services.print(summaryPage(items, origin, services.timeZone));
    if (!summary.ok) return stop(summary);
    hashes.push({ fileName: 'summary.pdf', sha256: services.digest(summary.value) });
    yield small('summary.pdf', summary.value);
    yield small('SHA256SUMS', encoder.encode(hashList(hashes)));
  }

  const source = entries();
  try {
    for await (const piece of await services.makeArchive(source)) {
      const written = job.signal.aborted ? job.stopped() : await archive.write(piece);
      if (written.ok) continue;
      ended.failure = written;
      break;
    }
  } catch (error) {
    if (ended.failure === null) throw error;
  } finally {
    // The part file that is being packed goes with it.
    await source.return(undefined);
  }
  return ended.failure ?? succeed(items);
}
