import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import { openFolder } from '../saving/support/disks';

/** A line that the process has said. */
export type Said = Readonly<Record<string, unknown>>;

/** The number that each document holds. */
export type Counts = Readonly<Record<string, number>>;

/** The user and group `nobody`, for whom a file may really be unreadable; the own ones where this is not root. */
export const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Whether that user may run Node: it may lie in the home of root. */
export const nobodyRunsNode =
  process.platform !== 'win32' && spawnSync(process.execPath, ['--version'], nobody).status === 0;

/** Bundles `document-process.ts`, so that it starts in a moment and for any user. */
export async function bundleProcess(): Promise<{ readonly script: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(openFolder, 'reclight-documents-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('./document-process.ts', import.meta.url)),
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'process.mjs' } },
    },
    ssr: { noExternal: true },
  });
  await chmod(folder, 0o755);
  return {
    script: join(folder, 'process.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A process with RecLight's documents open. */
export class DocumentProcess {
  readonly said: Said[] = [];
  /** Resolves when it has ended and everything it said was read. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  #heard: () => void = () => undefined;

  constructor(script: string, mode: 'write' | 'obey', folder: string, as: object = {}) {
    this.#child = spawn(process.execPath, [script, mode, folder], { ...as, stdio: 'pipe' });
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      // What was cut by a kill was not said.
      if (line.endsWith('}')) this.said.push(JSON.parse(line) as Said);
      this.#heard();
    });
    this.#child.stderr.on('data', (text: Buffer) => this.said.push({ failed: text.toString() }));
    this.ended = Promise.all([
      new Promise((resolve) => this.#child.once('close', resolve)),
      new Promise((resolve) => lines.once('close', resolve)),
    ]).then(() => {
      this.#heard();
    });
  }

  /** Waits until it has said something. @param isMeant what is waited for */
  async hear(isMeant: (said: Said) => boolean): Promise<Said> {
    for (;;) {
      const found = this.said.find(isMeant);
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null) throw new Error(`ended: ${JSON.stringify(this.said)}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Tells it to do something, and waits for the answer to that. @param key of the answer */
  async tell(command: string, key: string): Promise<Said> {
    const before = this.said.length;
    this.#child.stdin.write(`${command}\n`);
    return this.hear((said) => this.said.indexOf(said) >= before && key in said);
  }

  /** What it has told of trouble, in order. */
  troubles(): readonly string[] {
    return this.said.flatMap(({ trouble, solved, name }) =>
      typeof trouble === 'string'
        ? [`${trouble} ${String(name)}`]
        : typeof solved === 'string'
          ? [`-${solved} ${String(name)}`]
          : [],
    );
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends it as a user does. */
  async quit(): Promise<void> {
    this.#child.stdin.end();
    await this.ended;
  }
}
