import type { Result } from '@shared/domain/errors';
import { fail } from '@shared/domain/errors';
import { systemCode } from '../../core/lib/system-code';

/**
 * What a failed call of the file system means to someone who saves a file.
 * @param error what it rejected with; its message, which names the path, is not kept
 */
export function fileFailure(error: unknown): Result<never> {
  const code = systemCode(error);
  const detail = code === null ? {} : { message: code };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('disk-full', 'file', detail);
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
    case 'ENXIO':
      return fail('folder-gone', 'file', detail);
    case 'ENAMETOOLONG':
      return fail('name-too-long', 'file', detail);
    case 'EEXIST':
      return fail('file-exists', 'file', detail);
    default:
      return fail('file-unwritable', 'file', detail);
  }
}
