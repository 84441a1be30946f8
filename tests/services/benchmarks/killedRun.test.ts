import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '#main/storage/database.ts';
import { createRunTable } from '#main/storage/runTable.ts';
import { createSampleTable } from '#main/storage/sampleTable.ts';
import { repeats } from '../../fixtures/thorough.ts';
import { runScript } from '../killedHost.ts';
import { allSamples, newFolder, openApp, planOf } from './benchmarkHarness.ts';

const kills = repeats({ quick: 6, thorough: 20 });
const scenarios = 200;
const source = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);

/** The same numbers in every run of the tests, by the generator of Park and Miller. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** One sitting in a process of its own: goes on with the run, or begins it, and tells what it has reached. */
const sitting = (folder: string, runId: string | null): string => `
  const { openApp, planOf, smallest } = await import(${source('benchmarkHarness.ts')});
  const app = await openApp(${JSON.stringify(folder)});
  console.log('opened');
  const { benchmarks } = app.services;
  app.onAsk = (route) => {
    if (route === 'runner.load') console.log('loading');
    if (route === 'runner.generate') console.log('done ' + benchmarks.runs()[0].done);
  };
  const id = ${JSON.stringify(runId)};
  if (id === null) console.log('run ' + (await benchmarks.start(planOf({ suiteIds: ['routing', 'sentiment'], itemLimit: 100, lanes: 2 }))).runId);
  else await benchmarks.resume(id);
  await benchmarks.whenSettled(benchmarks.runs()[0].id);
  console.log('settled');
`;

it(`a run of 200 scenarios on two lanes survives ${kills} kills with no sample lost or doubled`, async () => {
  await using folder = await newFolder();
  const random = randomOf(7);
  let runId: string | null = null;
  let reached = 0;
  for (let kill = 0; kill < kills; kill++) {
    const { child, onLine } = runScript(sitting(folder.path, runId));
    // Some die while they open or load, most while they answer.
    const answers = random() < 0.3 ? 0 : 1 + Math.floor(random() * 14);
    const word = answers > 0 ? 'done' : random() < 0.5 ? 'opened' : 'loading';
    let left = Math.max(1, answers);
    await new Promise<void>((resolve) => {
      onLine((line) => {
        if (line.startsWith('run ')) runId = line.slice(4);
        if (line.startsWith('done ')) reached = Math.max(reached, Number(line.slice(5)));
        const isThere = runId !== null && (line.startsWith(word) || line === 'settled');
        if (isThere) left -= 1;
        if (isThere && left <= 0) resolve();
      });
      child.once('exit', () => resolve());
    });
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (runId === null) throw new Error('The run was never begun.');
    const database = openDatabase(join(folder.path, 'rightsize.db'));
    const written = createSampleTable(database).keys(runId).length;
    expect(written).toBeGreaterThanOrEqual(reached);
    expect(createRunTable(database).get(runId)?.total).toBe(scenarios);
    database.close();
    reached = written;
  }
  await using app = await openApp(folder.path);
  const { benchmarks } = app.services;
  const id = runId ?? '';
  if (benchmarks.run(id).state !== 'done') {
    expect(benchmarks.run(id)).toMatchObject({ state: 'interrupted', done: reached });
    await benchmarks.resume(id);
  }
  expect(await benchmarks.whenSettled(id)).toMatchObject({ state: 'done', done: scenarios, total: scenarios });
  const samples = allSamples(app, id);
  expect(samples).toHaveLength(scenarios);
  expect(new Set(samples.map((sample) => `${sample.suite}/${sample.itemId}`)).size).toBe(scenarios);
  expect(samples.every((sample) => sample.error === null)).toBe(true);

  const { runId: undisturbed } = await benchmarks.start(planOf({ suiteIds: ['routing', 'sentiment'], itemLimit: 100, lanes: 1 }));
  await benchmarks.whenSettled(undisturbed);
  const outputs = (run: string) => new Map(allSamples(app, run).map((sample) => [`${sample.suite}/${sample.itemId}`, sample.output]));
  expect(outputs(id)).toEqual(outputs(undisturbed));
}, 300_000);
