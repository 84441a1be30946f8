import { describe, expect, it } from 'vitest';
import { readName } from '#core/names/readName.ts';
import { sizeRange, sizeSteps, sizeStops, sizeWords } from '../../../src/renderer/features/discover/filterOptions.ts';
import { agoWords, countShort } from '../../../src/renderer/features/discover/quantWords.ts';
import { resultTags } from '../../../src/renderer/features/discover/resultTags.ts';
import { speedRange } from '../../../src/renderer/fit/fitFigures.ts';
import { listStep } from '../../../src/renderer/ui/listStep.ts';
import { catalogModels } from '../../fixtures/page/catalogData.ts';

describe('the size filter', () => {
  it('asks for no limit at its ends', () => {
    expect(sizeRange(0, sizeStops.length - 1)).toEqual({ minParameters: null, maxParameters: null });
  });

  it('finds the stops of a range again', () => {
    for (let low = 0; low < sizeStops.length - 1; low += 1) {
      for (let high = low + 1; high < sizeStops.length; high += 1) expect(sizeSteps(sizeRange(low, high))).toEqual([low, high]);
    }
  });

  it.each([
    [0, 11, 'any'],
    [0, 6, 'up to 8B'],
    [2, 7, '1B to 14B'],
    [9, 11, 'from 32B'],
  ])('is told in words: %i to %i', (low, high, words) => {
    expect(sizeWords(sizeRange(low, high))).toBe(words);
  });
});

describe('moving in the list', () => {
  const at = { index: 4, count: 10, pageRows: 3 };

  it.each([
    ['ArrowDown', 5],
    ['ArrowUp', 3],
    ['PageDown', 7],
    ['PageUp', 1],
    ['Home', 0],
    ['End', 9],
  ])('%s goes where it is expected', (key, index) => {
    expect(listStep(key, at)).toBe(index);
  });

  it('stays at the ends, begins at the first, and leaves other keys alone', () => {
    expect(listStep('ArrowDown', { ...at, index: 9 })).toBe(9);
    expect(listStep('PageUp', { ...at, index: 1 })).toBe(0);
    expect(listStep('ArrowDown', { ...at, index: -1 })).toBe(0);
    expect(listStep('x', at)).toBeNull();
    expect(listStep('ArrowDown', { index: -1, count: 0, pageRows: 1 })).toBeNull();
  });
});

describe('a row of the list', () => {
  const [model] = catalogModels(0);
  if (model === undefined) throw new Error('no sample model');
  const tags = (repo: string, change: Partial<typeof model> = {}): readonly string[] =>
    resultTags({ ...model, repo, ...change }, readName(repo)).map((tag) => tag.text);

  it('tells size, purpose and month', () => {
    expect(tags('unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF')).toEqual(['30.5B, 3B active', 'Instruct', 'Jul 2025']);
  });

  it('leaves out what nobody knows', () => {
    expect(tags('somebody/thing', { parameters: null, createdAt: null })).toEqual([]);
  });

  it('takes the month from the hub where a stamp has no year', () => {
    const createdAt = Date.UTC(2025, 4, 28);
    expect(tags('unsloth/DeepSeek-R1-0528-Qwen3-8B-GGUF', { createdAt })).toContain('May 2025');
  });
});

describe('numbers of the hub', () => {
  it.each([
    [0, '0'],
    [812, '812'],
    [1_000, '1k'],
    [34_120, '34k'],
    [1_204_000, '1.2M'],
    [12_400_000, '12M'],
  ])('are short: %d', (count, text) => {
    expect(countShort(count)).toBe(text);
  });

  it('are a range where a speed is predicted', () => {
    expect(speedRange({ low: 22.2, estimate: 27, high: 33.4, basis: '' })).toBe('~22–33');
    expect(speedRange({ low: 4.12, estimate: 5, high: 6.2, basis: '' })).toBe('~4.1–6.2');
    expect(speedRange({ low: 27.1, estimate: 27, high: 27.3, basis: '' })).toBe('~27');
  });

  it.each([
    [0.5, 'today'],
    [1.5, 'yesterday'],
    [12, '12 days ago'],
    [100, '3 months ago'],
    [800, '2 years ago'],
  ])('tell how long ago something was: %d days', (days, words) => {
    expect(agoWords(1e12 - days * 86_400_000, 1e12)).toBe(words);
  });
});
