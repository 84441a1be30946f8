/**
 * Random token numbers, the same for the same seed (mulberry32), as llama-bench evaluates them.
 * @param vocabularySize tokens are drawn from 0 to this, exclusive.
 */
export function createRandomTokens(seed: number, vocabularySize: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % vocabularySize;
  };
}
