/**
 * Returns a function that returns pseudorandom numbers in [0, 1) (mulberry32). The same seed leads to the same sequence.
 * Do not use these numbers for secrets.
 *
 * @example
 * const evt = createEvt({ store, runtime: { random: seededRandom(42) } });
 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
