import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { writeCallingModel } from '../../fixtures/gguf/callingModel.ts';
import { allSamples, newFolder, openApp, planOf, smallest } from './benchmarkHarness.ts';

const items = [
  {
    id: 'why',
    input: 'What is a token?',
    expected: null,
    grader: 'rubric',
    judge: { kind: 'checklist', criteria: ['It says what a token is.'], reference: null },
  },
  { id: 'hello', input: 'Hello!', expected: 'Hello!' },
];

it('asks a judge of another family after the answers, counts nothing it says while it is not calibrated, and needs it only once', async () => {
  await using folder = await newFolder();
  await using app = await openApp(folder.path);
  const { benchmarks, library } = app.services;
  const [candidate] = await library.importPath(writeCallingModel(join(folder.path, 'calling.gguf')));
  const set = join(folder.path, 'own.jsonl');
  await writeFile(set, items.map((item) => JSON.stringify(item)).join('\n'));
  const { suite } = await benchmarks.addDataset(set, { skipBad: false });
  const plan = planOf({ modelIds: [candidate?.id ?? ''], suiteIds: [suite.id], itemLimit: null, maxTokens: 24, judgeId: smallest });

  expect((await benchmarks.estimate(plan)).judging).toEqual({ items: 1, judgements: 1, ofPeople: 60 });
  const { runId } = await benchmarks.start(plan);
  expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 2, error: null });
  const results = benchmarks.results(runId);
  expect(results.judge).toMatchObject({ judgeId: smallest, calibrated: false, problem: null });
  expect(results.judge?.n).toBe(60);
  const why = allSamples(app, runId).find((sample) => sample.itemId === 'why');
  expect(why).toMatchObject({ state: 'measured', passed: null, grade: { grader: 'rubric' }, judgements: [{ judgeId: smallest }] });
  expect(results.models[0]?.overall?.n).toBe(1);

  const askedBefore = app.runners.length;
  const again = await benchmarks.start({ ...plan, judgeId: 'nobody' });
  const settled = await benchmarks.whenSettled(again.runId);
  expect(settled).toMatchObject({ state: 'done', error: { code: benchmarkErrors.judgeUnusable } });
  expect(benchmarks.results(again.runId).judge?.problem).toMatch('cannot be loaded');
  expect(app.runners.length).toBeGreaterThan(askedBefore);

  expect((await benchmarks.estimate(plan)).judging).toMatchObject({ judgements: 1, ofPeople: 0 });
  expect((await benchmarks.estimate({ ...plan, modelIds: [smallest] })).judging).toMatchObject({ items: 1, judgements: 0 });
  expect((await benchmarks.estimate({ ...plan, suiteIds: ['routing'] })).judging).toMatchObject({ items: 0, judgements: 0 });
  expect((await benchmarks.estimate({ ...plan, judgeId: null })).judging).toBeNull();
  const own = await benchmarks.start({ ...plan, modelIds: [smallest], judgeId: smallest });
  expect(await benchmarks.whenSettled(own.runId)).toMatchObject({ state: 'done', error: null });
  expect(allSamples(app, own.runId).every((sample) => sample.judgements === undefined)).toBe(true);
});
