import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planRun } from '#core/bench/planRun.ts';
import { overruleSample } from '#main/services/benchmarks/overruleSample.ts';
import { createRunTally } from '#main/services/benchmarks/runTally.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { createOverruleTable } from '#main/storage/overruleTable.ts';
import type { RunModel } from '#main/storage/runTable.ts';
import { createSampleTable, type JournaledSample, type SampleTable } from '#main/storage/sampleTable.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { sampleOf } from '../../fixtures/sampleRecords.ts';
import { allSamples, newFolder, openApp, planOf, runToEnd } from './benchmarkHarness.ts';

const key = { modelId: 'small', suite: 'colours', itemId: 'a', temperature: 0.7, repeat: 2 };

describe('an overruled sample', () => {
  let database: Database;
  let samples: SampleTable;
  let say: (passed: boolean | null, more?: Partial<typeof key>) => void;
  const failing = () => samples.find({ runId: 'run-1', failingOnly: true, offset: 0, limit: 10 });
  beforeEach(() => {
    database = openDatabase(':memory:');
    samples = createSampleTable(database);
    const overrules = createOverruleTable(database);
    say = (passed, more = {}) =>
      overruleSample({ runId: 'run-1', ...key, ...more, passed, note: 'It said so.' }, { samples, overrules, now: () => 5 });
    database.run(
      `INSERT INTO runs (id, name, state, plan, suites, models, total, started_at) VALUES ('run-1', 'r', 'done', '{}', '[]', '[]', 0, 1)`,
    );
    const journaled = { seed: 1, input: 'x', system: null, expected: 'red', error: null, finishedAt: 1, interTokenMs: [1] };
    samples.insertAll([
      { ...sampleOf({ ...key, state: 'failed' }), ...journaled } as JournaledSample,
      { ...sampleOf({ ...key, itemId: 'b' }), ...journaled } as JournaledSample,
      { ...sampleOf({ ...key, itemId: 'crashed', state: 'error', output: null }), ...journaled } as JournaledSample,
    ]);
  });
  afterEach(() => database.close());

  it('follows the person wherever samples are read, and keeps its grade', () => {
    say(true);
    say(false, { itemId: 'b' });
    const [first, second] = samples.all('run-1');
    expect(first).toMatchObject({ state: 'passed', passed: true, overrule: { passed: true, note: 'It said so.', at: 5 } });
    expect(first?.grade).toMatchObject({ grader: 'exact' });
    expect(first?.interTokenMs).toEqual([1]);
    expect(second).toMatchObject({ state: 'failed', passed: false });
    expect(failing()).toMatchObject({ total: 2, samples: [{ itemId: 'b' }, { itemId: 'crashed' }] });
  });

  it('is as the grader left it once the word is taken back, and goes with its run', () => {
    say(true);
    say(false);
    expect(samples.one('run-1', key)).toMatchObject({ passed: false, overrule: { passed: false } });
    say(null);
    expect(samples.one('run-1', key)).toMatchObject({ state: 'failed', passed: false });
    expect(samples.one('run-1', key)).not.toHaveProperty('overrule');
    say(true);
    database.run(`DELETE FROM runs WHERE id = 'run-1'`);
    expect(database.all('SELECT * FROM overrules')).toEqual([]);
  });

  it('may be one that only a person can tell', () => {
    const grade = { grader: 'rubric', reason: 'Only a judge or a person can tell.', format: null, fields: null };
    const open = sampleOf({ ...key, itemId: 'open', state: 'measured', passed: null, grade });
    samples.insertAll([{ ...open, seed: 1, interTokenMs: [] } as unknown as JournaledSample]);
    say(true, { itemId: 'open' });
    expect(samples.one('run-1', { ...key, itemId: 'open' })).toMatchObject({ state: 'passed', passed: true });
    say(null, { itemId: 'open' });
    expect(samples.one('run-1', { ...key, itemId: 'open' })).toMatchObject({ state: 'measured', passed: null });
  });

  it('has to be one that was answered', () => {
    expect(() => say(true, { itemId: 'nowhere' })).toThrow(expect.objectContaining({ code: 'sample-not-found' }));
    expect(() => say(true, { itemId: 'crashed' })).toThrow(expect.objectContaining({ code: 'not-overrulable' }));
  });
});

it('moves the live counts and the last results of a run under way', () => {
  const scenarios = planRun({
    models: [{ id: 'small', sizeBytes: 1 }],
    suites: [{ id: 'colours', kind: 'labelled', items: [{ id: 'a', task: 't' }] }],
    plan: { temperatures: [0], repeats: 1, itemLimit: null, seed: 1 },
  });
  const tally = createRunTally({
    models: [{ modelId: 'small', name: 'Small', sizeBytes: 1, problem: null, elapsedMs: 0 } as RunModel],
    scenarios,
  });
  const before = sampleOf({ itemId: 'a', state: 'failed' }) as unknown as Sample;
  tally.add(before);
  const overrule = { passed: true, note: '', at: 5 };
  tally.revise(before, { ...before, state: 'passed', passed: true, overrule });
  expect(tally.answers('small')).toMatchObject({ passed: 1, asked: 1 });
  const { cells, recent } = tally.snapshot({ current: null, residentBytes: null, lanes: 1 });
  expect(cells).toMatchObject([{ passed: 1, done: 1 }]);
  expect(recent).toMatchObject([{ itemId: 'a', passed: true, reason: 'by your word' }]);
});

it('counts in results, verdict, report and the score of the library once a person has spoken', async () => {
  await using folder = await newFolder();
  await using app = await openApp(folder.path);
  const { benchmarks, library } = app.services;
  const runId = await runToEnd(app, planOf({ itemLimit: 4 }));
  const passes = () => benchmarks.results(runId).models[0]?.overall?.passed;
  const before = allSamples(app, runId);
  for (const { modelId, suite, itemId, temperature, repeat } of before)
    benchmarks.overrule({ runId, modelId, suite, itemId, temperature, repeat, passed: false, note: '' });
  expect(passes()).toBe(0);
  expect(benchmarks.run(runId).verdict).toMatchObject({ state: expect.stringMatching(/fails|not-enough-evidence/) });
  expect(library.get(before[0]?.modelId ?? '')?.score).toMatchObject({ passRate: 0, runId });
  expect(benchmarks.report(runId, 'csv').text).not.toMatch(/,passed,true/);
  for (const { modelId, suite, itemId, temperature, repeat } of before)
    benchmarks.overrule({ runId, modelId, suite, itemId, temperature, repeat, passed: null, note: '' });
  expect(allSamples(app, runId)).toEqual(before);
});
