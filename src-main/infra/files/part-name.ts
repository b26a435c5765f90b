import { createHash, randomBytes } from 'node:crypto';

/**
 * The name of a file that is not whole: `.reclight-{guid}.part`. The GUID tells, without a second file, whose it is:
 * eight digits of the process's number, twelve of the computer's name, twelve of chance.
 */
const pattern = /^\.reclight-([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-[0-9a-f]{12}\.part$/;

/** Who has begun a file. */
export interface PartOwner {
  readonly pid: number;
  /** The computer's name. */
  readonly host: string;
}

function hostDigits(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 12);
}

/** A new unique name. */
export function partName({ pid, host }: PartOwner): string {
  const who = hostDigits(host);
  const guid = [
    pid.toString(16).padStart(8, '0'),
    who.slice(0, 4),
    who.slice(4, 8),
    who.slice(8, 12),
    randomBytes(6).toString('hex'),
  ].join('-');
  return `.reclight-${guid}.part`;
}

/**
 * Whose half-written file a name means, or null where it is none of RecLight's.
 * @param host the computer that asks
 */
export function ownerOf(
  fileName: string,
  host: string,
): { readonly pid: number; readonly here: boolean } | null {
  const match = pattern.exec(fileName);
  if (match === null) return null;
  const [, pid, ...who] = match;
  return { pid: Number.parseInt(pid ?? '', 16), here: who.join('') === hostDigits(host) };
}
