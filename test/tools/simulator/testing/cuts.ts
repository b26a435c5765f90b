import type { Simulator } from '../index';

/**
 * Breaks requests for media at random, until the faults are cleared: before the answer, in the middle, or by closing too
 * early. Three of five are broken, so that of three attempts at the same recording one of five times all fail.
 * @param random 0 to 1
 */
export function cutAtRandom({ faults }: Pick<Simulator, 'faults'>, random: () => number): void {
  type Strike = 'reset' | 'cut' | 'close' | 'none';
  const strikes = new Map<number, Strike>();
  /** One for each request, however often it is asked about. */
  const strikeOf = (sequence: number): Strike => {
    const known = strikes.get(sequence);
    if (known !== undefined) return known;
    const chance = random();
    const chosen = chance < 0.15 ? 'reset' : chance < 0.45 ? 'cut' : chance < 0.6 ? 'close' : 'none';
    strikes.set(sequence, chosen);
    return chosen;
  };
  const match = { route: 'media' } as const;
  const actions = {
    reset: { kind: 'reset' },
    cut: { kind: 'cut', atByte: 4_000, how: 'reset' },
    close: { kind: 'cut', atByte: 2_000, how: 'close' },
  } as const;
  for (const [strike, action] of Object.entries(actions)) {
    faults.add({ match, when: ({ sequence }) => strikeOf(sequence) === strike, action });
  }
}
