import { describe, expect, it } from 'vitest';
import { isOnlyBeside, modelMetrics } from '#core/bench/modelMetrics.ts';
import type { SampleRecord, SampleWork } from '#core/bench/sampleRecord.ts';
import { sweepOf } from '#core/bench/sweepOf.ts';
import { sampleOf } from '../../../fixtures/sampleRecords.ts';

const work = (parts: Partial<SampleWork> = {}): SampleWork => ({
  ...{ modelMs: 100, toolMs: 0, turns: 1, attempts: 1, beside: 1, joules: null, gpuUtilisation: null, gpuMemoryBytes: null },
  ...parts,
});
const timings = (parts: Partial<NonNullable<SampleRecord['timings']>> = {}) => ({
  ...{ loadMs: null, ttftMs: 20, promptTokensPerSecond: 1000, generationTokensPerSecond: 100, totalMs: 120 },
  ...parts,
});
const call = { name: 'calculator', arguments: {}, turn: 1, result: '4', error: null, tookMs: 30 };

describe('what answers took', () => {
  it('is told of those that were made alone; all of them count for tokens and endings', () => {
    const metrics = modelMetrics([
      sampleOf({ itemId: 'a', work: work({ joules: 10, gpuUtilisation: 0.4, gpuMemoryBytes: 5 }), timings: timings({ totalMs: 100 }) }),
      sampleOf({ itemId: 'b', timings: timings({ totalMs: 300 }) }),
      sampleOf({ itemId: 'c', work: work({ beside: 2, joules: 99, gpuMemoryBytes: 9 }), timings: timings({ totalMs: 9000 }) }),
    ]);
    expect(metrics.totalMs).toMatchObject({ n: 2, max: 300 });
    expect(metrics).toMatchObject({ joulesPerAnswer: 10, gpuUtilisation: 0.4, peakGpuBytes: 9, completionRate: 1 });
    expect(metrics).toMatchObject({ tokensPerAnswer: 11, promptTokensPerAnswer: 30, cachedTokensPerAnswer: 10 });
    expect(metrics.latencyHistogram.counts.reduce((a, b) => a + b, 0)).toBe(2);
  });

  it('tells the first token from the first of the answer, and the time a token without the first', () => {
    const metrics = modelMetrics([
      sampleOf({ itemId: 'a', timings: timings({ ttftMs: 20, ttfaMs: 70, totalMs: 120 }), interTokenMs: [5, 15] }),
    ]);
    expect(metrics.ttftMs.p50).toBe(20);
    expect(metrics.ttfaMs.p50).toBe(70);
    expect(metrics.tpotMs.p50).toBe(10);
    expect(metrics.interTokenMs).toMatchObject({ n: 2, p50: 10 });
  });

  it('keeps the time of tools apart, and makes no time a token of several turns', () => {
    const withTools = { calls: [call], work: work({ modelMs: 90, toolMs: 30, turns: 2 }) };
    const metrics = modelMetrics([sampleOf({ itemId: 'a', ...withTools }), sampleOf({ itemId: 'b', work: work() })]);
    expect(metrics.modelMs).toMatchObject({ n: 1, p50: 90 });
    expect(metrics.toolMs).toMatchObject({ n: 1, p50: 30 });
    expect(metrics.tpotMs.n).toBe(1);
  });

  it('counts every asking once by how it ended; what could not be run is in no rate', () => {
    const error = (code: string, message = '') => ({ error: { code, message }, finishReason: null });
    const metrics = modelMetrics([
      sampleOf({ itemId: 'done' }),
      sampleOf({ itemId: 'cut', state: 'failed', finishReason: 'length' }),
      sampleOf({ itemId: 'slow', state: 'failed', finishReason: 'limit' }),
      sampleOf({ itemId: 'crash', state: 'error', ...error('runner-crashed') }),
      sampleOf({ itemId: 'gone', state: 'failed', finishReason: 'cancelled' }),
      sampleOf({ itemId: 'no sandbox', state: 'skipped', passed: null, ...error('sandbox-missing', 'No sandbox.') }),
      sampleOf({ itemId: 'no server', state: 'error', ...error('endpoint-stalled', 'It stalled.') }),
    ]);
    expect(metrics.endings).toEqual({ completed: 1, truncated: 1, timedOut: 1, errors: 1, cancelled: 1, notRun: 2 });
    expect(metrics.notRunBecause).toEqual([
      { reason: 'No sandbox.', n: 1 },
      { reason: 'It stalled.', n: 1 },
    ]);
    expect(metrics.completionRate).toBe(1 / 4);
    expect(metrics.totalMs.n).toBe(1);
  });

  it('is not that of answers made only beside others, which can be told from there being none', () => {
    const beside = sampleOf({ itemId: 'a', work: work({ beside: 2 }) });
    expect(isOnlyBeside(modelMetrics([beside]))).toBe(true);
    expect(isOnlyBeside(modelMetrics([beside, sampleOf({ itemId: 'b' })]))).toBe(false);
    expect(isOnlyBeside(modelMetrics([sampleOf({ itemId: 'a', state: 'error', finishReason: 'error', timings: null })]))).toBe(false);
  });

  it('is unknown, and never 0, where nothing was measured', () => {
    const metrics = modelMetrics([sampleOf({ itemId: 'a', timings: null, usage: null })]);
    expect(metrics).toMatchObject({ joulesPerAnswer: null, gpuUtilisation: null, peakGpuBytes: null, tokensPerAnswer: null });
    expect(metrics).toMatchObject({ generationTokensPerSecond: null, promptTokensPerSecond: null });
    expect(metrics.totalMs).toMatchObject({ n: 0, p50: null, p95: null });
    expect(modelMetrics([]).completionRate).toBeNull();
  });
});

describe('a sweep of an endpoint', () => {
  it('tells requests a second and latency by how many were under way', () => {
    const beside = (concurrency: number, totalMs: number, itemId: string) =>
      sampleOf({ itemId, work: work({ beside: concurrency }), timings: timings({ totalMs }) });
    const broken = sampleOf({ itemId: 'x', state: 'error', error: { code: 'endpoint-stalled', message: '' }, work: work({ beside: 4 }) });
    expect(sweepOf([beside(4, 400, 'a'), beside(4, 400, 'b'), beside(1, 200, 'a'), broken])).toMatchObject([
      { concurrency: 1, requestsPerSecond: 5, totalMs: { n: 1, p50: 200 }, errors: 0 },
      { concurrency: 4, requestsPerSecond: 10, totalMs: { n: 2, p50: 400 }, errors: 1 },
    ]);
    expect(sweepOf([broken])).toEqual([]);
  });
});
