import { describe, expect, it } from 'vitest';
import { compareModels, compareRuns, type RunWithSamples } from '#main/services/benchmarks/compareRuns.ts';
import type { RunModel } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { RunPlan } from '#shared/contract/benchmarks.ts';

const sample = (itemId: string, passed: boolean, more: Partial<JournaledSample> = {}): JournaledSample => ({
  runId: 'run',
  modelId: 'model',
  suite: 'routing',
  itemId,
  task: 'routing',
  temperature: 0,
  repeat: 1,
  seed: 1,
  state: passed ? 'passed' : 'failed',
  passed,
  grade: null,
  input: `question ${itemId}`,
  system: null,
  expected: 'answer',
  output: passed ? 'answer' : 'other',
  finishReason: 'stop',
  usage: null,
  timings: null,
  tokensPerSecond: null,
  peakMemoryBytes: null,
  error: null,
  finishedAt: 0,
  ...more,
});

const model = (modelId: string, more: Partial<RunModel> = {}): RunModel => ({
  ...{ modelId, name: 'Model', quant: 'Q8_0', sizeBytes: 1, parameters: null, sha256: 'aa', loadMs: null, peakMemoryBytes: null },
  ...{ engine: 'engine 1', backend: 'cpu', threads: 1, contextTokens: 512, elapsedMs: 0, problem: null },
  ...more,
});

const run = (samples: readonly JournaledSample[], models: readonly RunModel[] = [model('model')]): RunWithSamples => ({
  run: {
    plan: RunPlan.parse({ modelIds: ['model'], suiteIds: ['routing'] }),
    suites: [],
    models,
    ...{ cpu: 'A processor', power: 'mains', thermal: null },
  },
  samples,
});

describe('a run beside an earlier one', () => {
  it('is compared model by model, on what both were asked', () => {
    const before = run([sample('a', true), sample('b', true), sample('a', true, { modelId: 'gone' })], [model('model'), model('gone')]);
    const now = run([sample('a', false), sample('b', true), sample('a', true, { modelId: 'new' })], [model('model'), model('new')]);
    expect(compareRuns('old', { now, before })).toEqual({
      baselineRunId: 'old',
      models: [expect.objectContaining({ modelId: 'model', n: 2, lost: 1, gained: 0, passRateBefore: 1, passRateNow: 0.5, differs: [] })],
    });
  });

  it('says what is not the same beside the answers: file, engine, wording', () => {
    const before = run([sample('a', true), sample('b', true)]);
    const now = run(
      [sample('a', false), sample('b', true, { input: 'reworded' })],
      [model('model', { sha256: 'bb', quant: 'Q4_K_M', engine: 'engine 2' })],
    );
    expect(compareRuns('old', { now, before }).models[0]).toMatchObject({
      n: 1,
      differs: [
        'the file: Q8_0 then, Q4_K_M now',
        'engine: engine 1 then, engine 2 now',
        '1 question is not worded as before and left out',
      ],
    });
  });
});

describe('two quants of one run', () => {
  it('are compared on the same questions, with every flip', () => {
    const samples = [
      ...['a', 'b', 'c'].map((id) => sample(id, true, { modelId: 'large' })),
      ...['a', 'b', 'c'].map((id) => sample(id, id !== 'b', { modelId: 'small', output: id === 'c' ? 'Answer.' : 'answer' })),
    ];
    const pair = run(samples, [model('small', { sha256: 'bb', quant: 'Q4_K_M' }), model('large')]);
    expect(compareModels(pair, { modelId: 'small', againstId: 'large' })).toMatchObject({
      modelId: 'small',
      ...{ n: 3, lost: 1, gained: 0, changed: 1 },
      differs: ['the model: Model Q8_0 then, Model Q4_K_M now'],
      flips: [{ itemId: 'b', passedBefore: true }],
    });
  });
});
