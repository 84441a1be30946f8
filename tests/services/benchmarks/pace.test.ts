import { describe, expect, it } from 'vitest';
import { itemLength, paceBySize, paceFromSpeed, timeFor } from '#main/services/benchmarks/pace.ts';
import type { MeasuredSpeed } from '#shared/contract/models.ts';

const speed = (prompt: number | null, generation: number | null): MeasuredSpeed => ({
  promptTokensPerSecond: prompt,
  generationTokensPerSecond: generation,
  loadMs: null,
  peakMemoryBytes: null,
  measuredAt: 0,
  runId: null,
});

describe('the pace of a model', () => {
  it('follows from a measured speed: reading the question, writing the answer', () => {
    expect(paceFromSpeed(speed(1000, 100), { promptTokens: 100, answerTokens: 10 }).answerMs).toBeCloseTo(200);
    // pp512 takes 0.512 s and tg128 1.28 s; five timed repetitions come with one warm-up. Three at depth first read 4,096 tokens each.
    const measured = 6 * (512 + 1280) + 3 * (4096 + 1280);
    expect(paceFromSpeed(speed(1000, 100), { promptTokens: 0, answerTokens: 0 }).measureMs).toBeCloseTo(measured / 13);
  });

  it('is unknown without both speeds, and never 0', () => {
    expect(paceFromSpeed(null, { promptTokens: 1, answerTokens: 1 })).toEqual({ answerMs: null, measureMs: null });
    expect(paceFromSpeed(speed(1000, null), { promptTokens: 1, answerTokens: 1 }).answerMs).toBeNull();
    expect(paceFromSpeed(speed(0, 0), { promptTokens: 1, answerTokens: 1 }).answerMs).toBeNull();
  });

  it('is taken from the measured model nearest in size and scaled by size', () => {
    const known = [
      { sizeBytes: 100, pace: { answerMs: 10, measureMs: null } },
      { sizeBytes: 1000, pace: { answerMs: 50, measureMs: 80 } },
    ];
    expect(paceBySize(200, known)).toEqual({ answerMs: 20, measureMs: 16 });
    expect(paceBySize(2000, known)).toEqual({ answerMs: 100, measureMs: 160 });
    expect(paceBySize(200, [])).toEqual({ answerMs: null, measureMs: null });
  });

  it('makes a time only where every needed part is known', () => {
    const pace = { answerMs: 10, measureMs: null };
    expect(timeFor(pace, { answers: 5, measurements: 0 })).toBe(50);
    expect(timeFor(pace, { answers: 5, measurements: 1 })).toBeNull();
    expect(timeFor({ answerMs: null, measureMs: null }, { answers: 0, measurements: 0 })).toBe(0);
  });

  it('takes longer questions for longer', () => {
    const item = (input: string) => ({ input, system: null, expected: 'yes' });
    expect(itemLength([item('x'.repeat(400))]).promptTokens).toBeGreaterThan(itemLength([item('x'.repeat(40))]).promptTokens);
    expect(itemLength([])).toEqual({ promptTokens: 0, answerTokens: 0 });
  });
});
