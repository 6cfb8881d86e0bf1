/** Numbers that look random and are the same for the same seed (mulberry32): what failed once can be run again. */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    /** At least 0, less than 1. */
    next,
    /** A whole number of at least 0, less than `limit`. */
    below,
    pick: <T>(values: readonly T[]): T => values[below(values.length)] as T,
  };
}
