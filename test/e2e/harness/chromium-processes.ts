import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { processTree } from './secrets';

/** A process that Chromium has started. */
export interface ChromiumProcess {
  readonly pid: number;
  /** Its type and, for a utility, which service it runs. */
  readonly name: string;
}

/** Chromium writes its processes' arguments anew, with spaces between them. */
function nameOf(commandLine: string): string {
  return commandLine
    .split(/[\0 ]/)
    .filter((argument) => /^--(?:type|utility-sub-type)=/.test(argument))
    .join(' ');
}

/**
 * The child processes of a RecLight, also those to which no parent leads any more because their zygote is gone (Linux).
 * @param profile its folder, which the command line of each but the zygotes names
 */
export async function chromiumProcesses({
  pid: root,
  profile,
}: {
  readonly pid: number;
  readonly profile: string;
}): Promise<readonly ChromiumProcess[]> {
  const lines = new Map<number, string>();
  for (const [pid, text] of await processTree(root)) lines.set(pid, text.split('\n')[0] ?? '');
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(join('/proc', entry, 'cmdline'), 'latin1').catch(() => '');
    if (line.includes(profile)) lines.set(Number(entry), line);
  }
  return [...lines]
    .map(([pid, line]) => ({ pid, name: nameOf(line) }))
    .filter(({ pid, name }) => pid !== root && name !== '');
}
