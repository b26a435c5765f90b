/** A small deterministic generator, so that the same seed always makes the same office. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One of the given items. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** A version-4-shaped GUID in lower case. */
  guid(): string;
}

/** Makes a generator (mulberry32) from a 32-bit seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = (): number => uint32() / 0x1_0000_0000;
  const hex = (value: number): string => (value + 0x1_0000_0000).toString(16).slice(1);
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    guid() {
      const a = hex(uint32());
      const b = hex(uint32());
      const c = hex(uint32());
      const d = hex(uint32());
      const variant = '89ab'[uint32() & 3] ?? '8';
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
  };
}
