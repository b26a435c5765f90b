import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import type { SaveVerification } from '@shared/domain/saves';
import type { MediaLibrary } from './library';
import type { Clock } from '../ports/clock';
import type { StartDigest } from '../ports/files';

/** What comparing needs. */
export interface VerifierOptions {
  readonly media: Pick<MediaLibrary, 'open' | 'progress'>;
  readonly details: (id: string) => Promise<Result<RecordingDetails>>;
  readonly startDigest: StartDigest;
  readonly clock: Clock;
}

/**
 * Compares the audio that is in memory with the hash that the server tells (API reference §4, §5). Downloads nothing.
 * Answers null where the audio is not whole in memory or the server tells no hash; fails as `details` does.
 */
export type Verifier = (id: string) => Promise<Result<SaveVerification | null>>;

/** After so much, whatever else is due comes first: the light must not wait for a hash, bytes. */
const turnBytes = 1_048_576;

/** Makes the comparison. */
export function createVerifier({ media, details, startDigest, clock }: VerifierOptions): Verifier {
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(0, resolve);
    });

  const hashOf = async (id: string): Promise<string | null> => {
    if (media.progress(id).status !== 'complete') return null;
    const opened = await media.open(id);
    if (!opened.ok) return null;
    const digest = startDigest();
    let sinceTurn = 0;
    try {
      for await (const piece of opened.value.read(0, null)) {
        digest.add(piece);
        sinceTurn += piece.length;
        if (sinceTurn < turnBytes) continue;
        sinceTurn = 0;
        await turn();
      }
    } catch {
      // The memory was emptied meanwhile.
      return null;
    }
    return digest.finish();
  };

  return async (id) => {
    const told = await details(id);
    if (!told.ok) return told;
    const { sha256 } = told.value;
    const hash = sha256 === null ? null : await hashOf(id);
    return succeed(hash === null ? null : hash === sha256 ? 'verified' : 'unverified');
  };
}
