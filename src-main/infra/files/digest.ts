import { createHash } from 'node:crypto';

import type { Digest } from '../../core/ports/saving';
import type { StartDigest } from '../../core/ports/files';

/** SHA-256, upper-case hexadecimal. */
export const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest('hex').toUpperCase();

/** The same in pieces. */
export const startSha256: StartDigest = () => {
  const hash = createHash('sha256');
  return {
    add: (piece) => {
      hash.update(piece);
    },
    finish: () => hash.digest('hex').toUpperCase(),
  };
};
