import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBenchmarkService } from '#main/services/benchmarks/createBenchmarkService.ts';
import { openDatabase } from '#main/storage/database.ts';
import { createRunTable } from '#main/storage/runTable.ts';
import { createSampleTable } from '#main/storage/sampleTable.ts';
import type { RunnerProcess } from '#main/supervisor/runnerProcess.ts';
import type { RunProgress } from '#shared/contract/benchmarks.ts';
import {
  type App,
  allSamples,
  middle,
  models,
  newFolder,
  noAids,
  openApp,
  plainMachine,
  planOf,
  runToEnd,
  shippedSuites,
  smallest,
  whenAsked,
  whenProgress,
} from './benchmarkHarness.ts';

const unique = (app: App, runId: string): number =>
  new Set(allSamples(app, runId).map((sample) => JSON.stringify([sample.modelId, sample.suite, sample.itemId, sample.repeat]))).size;

/** Kills each of the first runners the moment it is asked its nth question. */
function killAtQuestion(app: App, when: { readonly question: number; readonly runners: number }): void {
  const asked = new Map<RunnerProcess, number>();
  app.onAsk = (route, runner) => {
    if (route !== 'runner.generate') return;
    asked.set(runner, (asked.get(runner) ?? 0) + 1);
    if (asked.size <= when.runners && asked.get(runner) === when.question) runner.kill();
  };
}

describe('a run that is stopped', () => {
  it('keeps what is done when it is paused and asks only the rest when it goes on', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { benchmarks } = app.services;
    const asked = whenAsked(app, 5);
    const { runId } = await benchmarks.start(planOf({ itemLimit: 60 }));
    await asked;
    await benchmarks.pause(runId);
    // The fifth question was still answered.
    expect(benchmarks.run(runId)).toMatchObject({ state: 'paused', done: 5, finishedAt: null });
    const before = allSamples(app, runId);
    await expect(benchmarks.pause(runId)).rejects.toMatchObject({ code: 'run-not-active' });

    await benchmarks.resume(runId);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 60 });
    expect(unique(app, runId)).toBe(60);
    expect(allSamples(app, runId).slice(0, before.length)).toEqual(before);
    await expect(benchmarks.resume(runId)).rejects.toMatchObject({ code: 'nothing-to-run' });
  });

  it('of a Rightsize that planned less of a suite counts what it asks now, and at rest what it asked', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { benchmarks } = app.services;
    const asked = whenAsked(app, 2);
    const { runId } = await benchmarks.start(planOf({ itemLimit: 6 }));
    await asked;
    await benchmarks.pause(runId);
    using database = openDatabase(join(folder.path, 'rightsize.db'));
    database.run('UPDATE runs SET total = total - 2');
    expect(benchmarks.run(runId)).toMatchObject({ total: 4 });
    await benchmarks.resume(runId);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 6, total: 6 });

    database.run('DELETE FROM samples WHERE number = (SELECT max(number) FROM samples)');
    const { models } = await new Promise<RunProgress>((resolve) => benchmarks.subscribeProgress(runId, resolve));
    expect(models).toMatchObject([{ state: 'done', done: 5, total: 5 }]);
  });

  it('is marked interrupted after a restart and resumed without asking anything twice', async () => {
    await using folder = await newFolder();
    let runId = '';
    {
      await using app = await openApp(folder.path);
      const asked = whenAsked(app, 3);
      ({ runId } = await app.services.benchmarks.start(planOf({ itemLimit: 60 })));
      await asked;
    }
    // What SIGKILL leaves behind: the state as it was when the process was at work.
    const database = openDatabase(join(folder.path, 'rightsize.db'));
    createRunTable(database).update(runId, { state: 'running' });
    const left = createSampleTable(database).keys(runId).length;
    database.close();
    expect(left).toBeGreaterThanOrEqual(2);

    await using app = await openApp(folder.path);
    const { benchmarks } = app.services;
    expect(benchmarks.run(runId)).toMatchObject({ state: 'interrupted', done: left });
    await benchmarks.resume(runId);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 60 });
    expect(unique(app, runId)).toBe(60);
  });

  it('keeps finished samples when it is cancelled, and drops the one being made', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { benchmarks } = app.services;
    const asked = whenAsked(app, 3);
    const { runId } = await benchmarks.start(planOf({ itemLimit: 100 }));
    await asked;
    await benchmarks.cancel(runId);
    const run = benchmarks.run(runId);
    expect(run.state).toBe('cancelled');
    // The third may have been answered before the request to stop reached the runner.
    expect([2, 3]).toContain(run.done);
    expect(allSamples(app, runId).every((sample) => sample.state === 'passed' || sample.state === 'failed')).toBe(true);
    expect(benchmarks.results(runId).models[0]).toMatchObject({
      verdict: 'not-enough-evidence',
      verdictReason: expect.stringMatching(/ 9[78] planned answers are not there yet/),
    });
    await expect(benchmarks.resume(runId)).rejects.toMatchObject({ code: 'nothing-to-run' });
  });

  it('is cancelled at rest without letting go of another that is running', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { benchmarks } = app.services;
    const first = whenAsked(app, 1);
    const { runId: resting } = await benchmarks.start(planOf({ itemLimit: 60 }));
    await first;
    await benchmarks.pause(resting);
    const again = whenAsked(app, 1);
    const { runId: running } = await benchmarks.start(planOf({ itemLimit: 100 }));
    await again;

    await benchmarks.cancel(resting);
    expect(benchmarks.run(resting).state).toBe('cancelled');
    await expect(benchmarks.start(planOf({}))).rejects.toMatchObject({ code: 'run-active' });
    await benchmarks.pause(running);
    expect(benchmarks.run(running).state).toBe('paused');
  });

  it('stays cancelled when that is asked for while it is about to be resumed', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { benchmarks } = app.services;
    const asked = whenAsked(app, 1);
    const { runId } = await benchmarks.start(planOf({ itemLimit: 60 }));
    await asked;
    await benchmarks.pause(runId);
    const resumed = benchmarks.resume(runId);
    await benchmarks.cancel(runId);
    await expect(resumed).rejects.toMatchObject({ code: 'nothing-to-run' });
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'cancelled' });
  });

  it('loses no sample to a second writing of the same scenario', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const runId = await runToEnd(app, planOf({ itemLimit: 1 }));
    const [sample] = allSamples(app, runId);
    await app.services.dispose();
    const database = openDatabase(join(folder.path, 'rightsize.db'));
    const table = createSampleTable(database);
    if (sample === undefined) throw new Error('the run has no sample');
    expect(() => table.insert(sample)).toThrow(/UNIQUE/);
    expect(() => table.insertAll([{ ...sample, itemId: 'new' }, sample])).toThrow(/UNIQUE/);
    expect(table.keys(runId)).toHaveLength(1);
    database.close();
  });
});

describe('a model that fails', () => {
  it('costs the sample it crashed in; the next one gets a fresh process', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    killAtQuestion(app, { question: 5, runners: 1 });
    const runId = await runToEnd(app, planOf({ itemLimit: 12, retries: 0 }));
    const samples = allSamples(app, runId);
    expect(samples).toHaveLength(12);
    expect(samples[4]).toMatchObject({ state: 'error', passed: false, error: { code: 'runner-crashed' } });
    expect(samples.filter((sample) => sample.state === 'error')).toHaveLength(1);
    expect(app.runners).toHaveLength(2);
    expect(app.services.benchmarks.results(runId).models[0]?.suites[0]?.errors).toBe(1);
  });

  it('is given up after three crashes in a row, with the reason, and the next model goes on', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    killAtQuestion(app, { question: 1, runners: 3 });
    const runId = await runToEnd(app, planOf({ modelIds: [smallest, middle], itemLimit: 9, retries: 0 }));
    const samples = allSamples(app, runId);
    const states = samples.filter((sample) => sample.modelId === smallest).map((sample) => sample.error?.code ?? 'answered');
    expect(states).toEqual([
      ...['runner-crashed', 'runner-crashed', 'runner-crashed'],
      ...Array.from({ length: 6 }, () => 'runner-blocked'),
    ]);
    expect(samples.filter((sample) => sample.state === 'skipped')).toHaveLength(6);
    expect(samples.filter((sample) => sample.modelId === middle && sample.passed !== null)).toHaveLength(9);
    const atRest = await whenProgress(app, runId, () => true);
    expect(atRest.models.map((model) => [model.modelId, model.state, model.problem?.code ?? null])).toEqual([
      [smallest, 'failed', 'runner-blocked'],
      [middle, 'done', null],
    ]);
  });

  it('is not asked any more when its file was replaced, and keeps what it had answered', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { benchmarks, library } = app.services;
    const path = join(folder.path, 'mine.gguf');
    await copyFile(join(models, 'Starter-1M-Instruct-Q4_K_M.gguf'), path);
    const [artifact] = await library.importPath(path);
    const modelId = artifact?.id ?? '';
    const asked = whenAsked(app, 4);
    const { runId } = await benchmarks.start(planOf({ modelIds: [modelId, middle], itemLimit: 6 }));
    await asked;
    await benchmarks.pause(runId);
    const answered = 4;
    await copyFile(join(models, 'Starter-1M-Instruct-Q8_0.gguf'), path);

    await benchmarks.resume(runId);
    expect(await benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 12 });
    const own = allSamples(app, runId).filter((sample) => sample.modelId === modelId);
    expect(own.filter((sample) => sample.passed !== null)).toHaveLength(answered);
    expect(new Set(own.slice(answered).map((sample) => `${sample.state} ${sample.error?.code}`))).toEqual(
      new Set(['skipped model-changed']),
    );
  });

  it('is skipped with the reason when its file is gone', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const { library } = app.services;
    const path = join(folder.path, 'mine.gguf');
    await copyFile(join(models, 'Starter-1M-Instruct-Q8_0.gguf'), path);
    const [artifact] = await library.importPath(path);
    const modelId = artifact?.id ?? '';
    await library.whenHashed(modelId);
    await rm(path);
    const runId = await runToEnd(app, planOf({ modelIds: [modelId, smallest], itemLimit: 3 }));
    const samples = allSamples(app, runId);
    expect(samples.filter((sample) => sample.modelId === modelId).map((sample) => sample.error?.code)).toEqual(
      Array.from({ length: 3 }, () => 'file-missing'),
    );
    expect(samples.filter((sample) => sample.modelId === smallest && sample.passed !== null)).toHaveLength(3);
  });
});

describe('a full disk', () => {
  it('pauses the run with everything that was written, and lets it go on once there is room', async () => {
    await using folder = await newFolder();
    await using app = await openApp(folder.path);
    const path = join(folder.path, 'small.db');
    const { library, models: modelService } = app.services;
    const open = (maxPages?: number) => {
      const database = openDatabase(path, maxPages === undefined ? {} : { maxPages });
      const catalogue = shippedSuites(database);
      return {
        database,
        benchmarks: createBenchmarkService({
          database,
          library,
          models: modelService,
          aids: noAids,
          ...plainMachine,
          catalogue,
          log: app.log,
        }),
      };
    };
    // Room for some samples beyond the tables themselves.
    const empty = openDatabase(path);
    const pages = empty.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
    empty.close();
    const full = open(pages + 12);
    const { runId } = await full.benchmarks.start(planOf({ suiteIds: ['summary'], itemLimit: null }));
    const paused = await full.benchmarks.whenSettled(runId);
    expect(paused).toMatchObject({ state: 'paused', error: { code: 'disk-full' } });
    expect(paused.done).toBeGreaterThan(0);
    expect(paused.done).toBeLessThan(120);
    const query = { runId, failingOnly: false, offset: 0, limit: 500 };
    expect(full.benchmarks.samples(query).total).toBe(paused.done);
    await full.benchmarks.dispose();
    full.database.close();

    const roomy = open();
    await roomy.benchmarks.resume(runId);
    expect(await roomy.benchmarks.whenSettled(runId)).toMatchObject({ state: 'done', done: 120, error: null });
    expect(roomy.benchmarks.samples(query).total).toBe(120);
    await roomy.benchmarks.dispose();
    roomy.database.close();
  });
});
