import { describe, expect, it } from 'vitest';
import { largestFitting } from '#core/fit/largestFitting.ts';

function search(left: (count: number) => number, most = 4096): { found: number | null; asked: number } {
  let asked = 0;
  const found = largestFitting({
    least: 1,
    most,
    left: (count) => {
      asked += 1;
      return left(count);
    },
    above: left(most + 1),
  });
  return { found, asked };
}

describe('largestFitting', () => {
  it('finds the end of a line in a few steps', () => {
    expect(search((count) => 1000 - count)).toEqual({ found: 1000, asked: 3 });
  });

  it('finds it behind a bend, where working space begins to grow', () => {
    const { found, asked } = search((count) => 3000 - Math.max(500, 2 * count) - count);
    expect(found).toBe(1000);
    expect(asked).toBeLessThanOrEqual(6);
  });

  it('agrees with counting for any falling line', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const left = (count: number): number => ((seed * 37) % 500) - Math.floor((count * (1 + (seed % 7))) / 3) - (count > seed ? count : 0);
      let counted = 0;
      while (counted < 300 && left(counted + 1) >= 0) counted += 1;
      expect(search(left, 300).found).toBe(counted === 0 ? null : counted);
    }
  });

  it('is null where nothing fits and the most where all but the next does', () => {
    expect(search(() => -1).found).toBeNull();
    expect(search((count) => (count <= 4096 ? 1 : -1)).found).toBe(4096);
  });
});
