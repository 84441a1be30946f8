import { expect, test, vi } from 'vitest';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { runResults, samplesOf } from '../../fixtures/page/benchmarkData.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

const [sample] = samplesOf('triage');
if (sample === undefined) throw new Error('no sample');

/** A page of its own, connected to an app that writes or refuses. */
async function openPage(write: (input: unknown) => Promise<Record<string, never>>) {
  vi.resetModules();
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  const benchmarks = await import('../../../src/renderer/stores/benchmarks.ts');
  const results = vi.fn(() => Promise.resolve(runResults('fits')));
  const handlers = { 'benchmarks.overrule': write, 'benchmarks.extend': write, 'benchmarks.results': results };
  rpc.connectPage(() => {
    const [page, app] = createMemoryPipe();
    serveRpc(app, { routes, handlers: handlers as unknown as Handlers<typeof routes> });
    return Promise.resolve(page);
  });
  return { ...benchmarks, results };
}

test('a person’s word goes to the one sample it is about, and the results are read anew', async () => {
  const written: unknown[] = [];
  const { overrule, results, useBenchmarks } = await openPage((input) => {
    written.push(input);
    return Promise.resolve({});
  });
  expect(await overrule(sample, { passed: true, note: 'It is right.' })).toBe(true);
  const { runId, modelId, suite, itemId, temperature, repeat } = sample;
  expect(written).toEqual([{ runId, modelId, suite, itemId, temperature, repeat, passed: true, note: 'It is right.' }]);
  await vi.waitFor(() => expect(useBenchmarks.getState().results[runId]?.state).toBe('ready'));
  expect(results).toHaveBeenCalledOnce();
});

test('a word that could not be written says why and changes nothing', async () => {
  const { overrule, extendRun, results, useBenchmarks } = await openPage(() =>
    Promise.reject(new RpcError('run-active', 'The run is under way.', { hint: 'Wait for it.' })),
  );
  expect(await overrule(sample, { passed: null, note: '' })).toBe(false);
  expect(useBenchmarks.getState().notice).toMatchObject({ code: 'run-active', hint: 'Wait for it.' });
  expect(await extendRun('run-1', 5)).toBe(false);
  expect(results).not.toHaveBeenCalled();
});

test('results of a run that has gone on since are not shown while they are read anew', async () => {
  const { openResults, loadResults, useBenchmarks } = await openPage(() => Promise.resolve({}));
  const { run } = runResults('fits');
  await loadResults(run.id);
  const state = () => useBenchmarks.getState().results[run.id]?.state;
  const same = openResults(run);
  expect(state()).toBe('ready');
  await same;
  const extended = openResults({ ...run, done: run.done + 1 });
  expect(state()).toBe('loading');
  await extended;
  expect(state()).toBe('ready');
});
