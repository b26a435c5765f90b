import type { BenchContext } from '../context';
import type { Figure } from '../figure';

/** Figures that are measured together. */
export interface FigureGroup {
  /** Of all its figures; each names what `--only` finds it by. */
  readonly names: readonly string[];
  /**
   * Measures all of them.
   * @param prepare simulator, desktop and profiles, made once for all groups that ask for them
   */
  measure(prepare: () => Promise<BenchContext>): Promise<readonly Figure[]>;
}
