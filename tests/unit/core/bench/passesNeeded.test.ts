import { expect, it } from 'vitest';
import { aboveBarP } from '#core/bench/exactTests.ts';
import { fewestItemsFor, passesNeeded } from '#core/bench/passesNeeded.ts';

it('names the fewest passes at which the exact test speaks for the bar, at every number of items', () => {
  expect(passesNeeded(100, 0.9)).toBe(96);
  expect(passesNeeded(100, 0.8)).toBe(87);
  for (let n = 1; n <= 300; n += 7) {
    for (const bar of [0.5, 0.8, 0.9, 0.99]) {
      const needed = passesNeeded(n, bar);
      if (needed === null) expect(aboveBarP({ passed: n, n }, bar)).toBeGreaterThan(0.05);
      else {
        expect(aboveBarP({ passed: needed, n }, bar)).toBeLessThanOrEqual(0.05);
        expect(aboveBarP({ passed: needed - 1, n }, bar)).toBeGreaterThan(0.05);
      }
    }
  }
});

it('knows with how few items a bar can be shown at all', () => {
  expect(fewestItemsFor(0.9)).toBe(29);
  expect(passesNeeded(28, 0.9)).toBeNull();
  expect(passesNeeded(29, 0.9)).toBe(29);
  expect(passesNeeded(0, 0.9)).toBeNull();
});
