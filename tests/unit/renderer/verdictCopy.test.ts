import { describe, expect, test } from 'vitest';
import { memoryOf, verdictCopy } from '../../../src/renderer/features/benchmarks/results/verdictCopy.ts';
import { runResults } from '../../fixtures/page/benchmarkData.ts';
import { asRemote } from '../../fixtures/page/labData.ts';

describe('verdictCopy', () => {
  test('names the smallest that passes and what it costs against the best', () => {
    const copy = verdictCopy(runResults('fits'));
    expect(copy).toMatchObject({ tone: 'fits', kicker: 'Smallest that passes', headline: 'Llama 3.2 3B Instruct', quant: 'Q4_K_M' });
    expect(copy.sentences[0]).toMatch(
      /^2\.0 GB, scores 95% \[92–96\]: at least your 90% bar with 95% confidence, and is 2\.1× faster than the best, Qwen3 8B/,
    );
    expect(copy.best?.name).toBe('Qwen3 8B');
  });

  test('says that nothing passes, and which model came closest', () => {
    const copy = verdictCopy(runResults('fails'));
    expect(copy).toMatchObject({ tone: 'fails', headline: 'No model here reaches 99%', quant: null });
    expect(copy.sentences[0]).toMatch(/^The best is Qwen3 8B Q4_K_M with 97%/);
  });

  test('asks for as many more items as the evidence lacks, and says when the suites have no more', () => {
    const results = runResults('open');
    expect(verdictCopy(results).headline).toBe('Run 180 more items');
    expect(verdictCopy(results).sentences.join(' ')).toContain('Every item of these suites was asked');
    const limited = { ...results, run: { ...results.run, plan: { ...results.run.plan, itemLimit: 30 } } };
    expect(verdictCopy(limited).sentences.join(' ')).not.toContain('Every item of these suites was asked');
    const cancelled = { ...results, run: { ...results.run, state: 'cancelled' as const } };
    expect(verdictCopy(cancelled).sentences.join(' ')).not.toContain('Every item of these suites was asked');
  });

  test('shows the numbers of the model that an open verdict speaks of, not those of the best', () => {
    const results = runResults('open');
    const [first, second, third] = results.models;
    if (first === undefined || second === undefined || third === undefined) throw new Error('too few models');
    const open = (model: typeof first, moreItems: number | null) => ({ ...model, verdict: 'not-enough-evidence' as const, moreItems });
    const models = [{ ...first, verdict: 'fails' as const }, open(second, null), open(third, 180)];
    const verdict = { ...results.verdict, modelId: null, moreItems: 180 };
    expect(verdictCopy({ ...results, models, verdict }).subject?.modelId).toBe(third.modelId);
    const tooClose = { ...results, models, verdict: { ...verdict, moreItems: null } };
    expect(verdictCopy(tooClose).subject?.modelId).toBe(second.modelId);
  });

  test('gives no verdict where only speed was measured', () => {
    const copy = verdictCopy(runResults('speed'));
    expect(copy).toMatchObject({ tone: 'none', kicker: 'Speed only, no verdict', headline: 'Gemma 3 1B Instruct' });
    expect(copy.sentences.join(' ')).toContain('nothing was scored');
  });

  test('says that a run ended before anything was scored, where suites with answers were planned', () => {
    const results = runResults('fits');
    const models = results.models.map((model) => ({ ...model, overall: null, speed: [], generationTokensPerSecond: null }));
    const copy = verdictCopy({ ...results, models, run: { ...results.run, state: 'cancelled', done: 1, total: 3_304 } });
    expect(copy).toMatchObject({ tone: 'none', headline: 'No verdict yet', subject: null });
    expect(copy.sentences).toEqual(['The run ended at 1 of 3,304 calls, before anything was scored.']);
  });

  test('tells a verdict of a cancelled run from one of a whole run', () => {
    const results = runResults('fits');
    const copy = verdictCopy({ ...results, run: { ...results.run, state: 'cancelled', done: 1_200 } });
    expect(copy.sentences.slice(-2)).toEqual([
      '56 planned answers were not run and count neither way.',
      'From the 1,200 of 3,304 calls that were made.',
    ]);
  });

  test('says of a model behind an endpoint no size and no memory', () => {
    const results = runResults('fits');
    const models = results.models.map((model) => (model.modelId === results.verdict.modelId ? asRemote(model) : model));
    const copy = verdictCopy({ ...results, models });
    expect(copy.sentences[0]).toMatch(/^Behind an endpoint, it scores 95%/);
    expect(copy.subject === null ? null : memoryOf(copy.subject)).toEqual({ bytes: null, isMeasured: false });
  });
});
