import { createHash } from 'node:crypto';

import type { Digest } from '../../core/keep/ports';

/** SHA-256, upper-case hexadecimal. */
export const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest('hex').toUpperCase();
