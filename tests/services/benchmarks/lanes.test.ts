import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunnerProcess } from '#main/supervisor/runnerProcess.ts';
import { type App, allSamples, newFolder, openApp, planOf, runToEnd, smallest } from './benchmarkHarness.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let app: App;
beforeAll(async () => {
  folder = await newFolder();
  app = await openApp(folder.path);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const beside = (runId: string): readonly number[] => allSamples(app, runId).map((sample) => sample.work?.beside ?? 0);
const unique = (runId: string): number => new Set(allSamples(app, runId).map((sample) => `${sample.suite}/${sample.itemId}`)).size;

/** Kills the newest runner at its nth question, once. */
function killNewestAt(question: number, runnersBefore: number): void {
  const asked = new Map<RunnerProcess, number>();
  let isDone = false;
  app.onAsk = (route, runner) => {
    if (route !== 'runner.generate' || isDone) return;
    const count = (asked.get(runner) ?? 0) + 1;
    asked.set(runner, count);
    if (app.runners.indexOf(runner) <= runnersBefore || count < question) return;
    isDone = true;
    runner.kill();
  };
}

describe('lanes', () => {
  it('give the answers of one at a time, the first twenty alone, and leave no process behind', async () => {
    const one = await runToEnd(app, planOf({ suiteIds: ['closed-output'], itemLimit: 60, lanes: 1 }));
    const before = app.runners.length;
    const two = await runToEnd(app, planOf({ suiteIds: ['closed-output'], itemLimit: 60, lanes: 2 }));
    const answers = (runId: string) => new Map(allSamples(app, runId).map((sample) => [sample.itemId, sample.output]));
    expect(answers(two)).toEqual(answers(one));
    expect(beside(one).every((count) => count === 1)).toBe(true);
    expect(beside(two).filter((count) => count === 1)).toHaveLength(20);
    expect(beside(two).filter((count) => count === 2)).toHaveLength(40);
    expect(app.runners.length - before).toBeGreaterThanOrEqual(2);
    expect(app.services.models.loaded()).toEqual([]);
    expect(app.services.benchmarks.results(two).models[0]?.overall).toEqual(app.services.benchmarks.results(one).models[0]?.overall);
  });

  it('lose nothing but time when one of them dies: the same is asked again on a fresh process', async () => {
    killNewestAt(3, app.runners.length);
    const runId = await runToEnd(app, planOf({ itemLimit: 40, lanes: 2, retries: 1 }));
    app.onAsk = null;
    const samples = allSamples(app, runId);
    expect(unique(runId)).toBe(40);
    expect(samples.every((sample) => sample.error === null)).toBe(true);
    expect(samples.filter((sample) => sample.work?.attempts === 2)).toHaveLength(1);
  });

  it('cost one sample when one of them dies and nothing may be asked again', async () => {
    killNewestAt(3, app.runners.length);
    const runId = await runToEnd(app, planOf({ itemLimit: 40, lanes: 2, retries: 0 }));
    app.onAsk = null;
    expect(unique(runId)).toBe(40);
    expect(allSamples(app, runId).filter((sample) => sample.state === 'error')).toHaveLength(1);
  });

  it('stop together at a pause, and ask only what is missing afterwards', async () => {
    const { benchmarks } = app.services;
    let asked = 0;
    const many = new Promise<void>((resolve) => {
      app.onAsk = (route) => {
        asked += route === 'runner.generate' ? 1 : 0;
        if (asked === 30) resolve();
      };
    });
    const { runId } = await benchmarks.start(planOf({ itemLimit: 60, lanes: 2 }));
    await many;
    app.onAsk = null;
    await benchmarks.pause(runId);
    const paused = benchmarks.run(runId);
    expect(paused).toMatchObject({ state: 'paused', error: null });
    expect(paused.done).toBeGreaterThanOrEqual(28);
    expect(paused.done).toBeLessThan(60);
    expect(app.services.models.loaded()).toEqual([]);
    await benchmarks.resume(runId);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 60 });
    expect(unique(runId)).toBe(60);
  });
});

describe('a finished run', () => {
  it('is extended by items that were not asked before, and by none when all were', async () => {
    const { benchmarks } = app.services;
    const runId = await runToEnd(app, planOf({ modelIds: [smallest], itemLimit: 5 }));
    const before = allSamples(app, runId);
    await benchmarks.extend(runId, 4);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', total: 9, done: 9, plan: { itemLimit: 9 } });
    expect(allSamples(app, runId).slice(0, 5)).toEqual(before);
    expect(benchmarks.run(runId).plan.extendedAt).toHaveLength(1);
    expect(await benchmarks.outdated(runId)).toEqual([]);

    const path = join(folder.path, 'four.jsonl');
    const items = [1, 2, 3, 4].map((id) =>
      JSON.stringify({ id: `${id}`, task: 't', input: `Say ${id}`, expected: `${id}`, grader: 'exact' }),
    );
    await writeFile(path, items.join('\n'));
    const { suite } = await benchmarks.addDataset(path, { skipBad: false });
    const whole = await runToEnd(app, planOf({ suiteIds: [suite.id], itemLimit: 3 }));
    await benchmarks.extend(whole, 100_000);
    await benchmarks.whenSettled(whole);
    await expect(benchmarks.extend(whole, 1)).rejects.toMatchObject({ code: 'nothing-to-run', hint: expect.stringContaining('new run') });
    expect(benchmarks.run(whole)).toMatchObject({ state: 'done', total: 4, done: 4 });
  });
});
