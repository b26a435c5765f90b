import type { BenchContext } from '../context';
import type { Figure } from '../figure';
import type { BenchOptions } from '../options';

/** Figures that are measured together. */
export interface FigureGroup {
  /** Of all its figures; each names what `--only` finds it by. */
  readonly names: readonly string[];
  /**
   * Measures all of them.
   * @param prepare simulator, desktop and profiles, made once for all groups that ask for them
   * @param options of the command line
   * @param say tells the one who waits how far it is; never on stdout
   */
  measure(
    prepare: () => Promise<BenchContext>,
    options: BenchOptions,
    say: (line: string) => void,
  ): Promise<readonly Figure[]>;
}
