import { describe, expect, it } from 'vitest';
import { tpotOf } from '#core/bench/modelMetrics.ts';
import { sampleOf } from '../../../fixtures/sampleRecords.ts';

describe('the time a token after the first', () => {
  const timings = { loadMs: null, ttftMs: 20, promptTokensPerSecond: null, generationTokensPerSecond: 100, totalMs: 120 };

  it('is that of the answer without its first token', () => {
    expect(tpotOf(sampleOf({ itemId: 'a', timings }))).toEqual([10]);
  });

  it('is not told of an answer in one lump, of one token, of unknown tokens, or with tools between', () => {
    const work = { modelMs: 1, toolMs: 1, turns: 2, attempts: 1, beside: 1, joules: null, gpuUtilisation: null, gpuMemoryBytes: null };
    expect(tpotOf(sampleOf({ itemId: 'a', timings: { ...timings, generationTokensPerSecond: null } }))).toEqual([]);
    expect(tpotOf(sampleOf({ itemId: 'a', timings, usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 } }))).toEqual([]);
    expect(tpotOf(sampleOf({ itemId: 'a', timings, usage: null }))).toEqual([]);
    expect(tpotOf(sampleOf({ itemId: 'a', timings, work }))).toEqual([]);
  });
});
