import { createCipheriv } from 'node:crypto';

/**
 * Bytes without any pattern, the same each time.
 * @param length how many
 */
export function seededBytes(length: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(length));
}
