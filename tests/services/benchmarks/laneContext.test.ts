import { expect, it } from 'vitest';
import { createLaneContext } from '#main/services/benchmarks/laneContext.ts';
import type { LaneRunner } from '#main/services/benchmarks/laneRunner.ts';
import type { ModelTask } from '#main/services/benchmarks/modelTask.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const long = { kind: 'labelled', contextTokens: 36_864 };
const task = (plan: number | null, options: { readonly suites?: readonly object[]; readonly before?: number } = {}) =>
  ({
    run: { plan: { contextTokens: plan }, suites: options.suites ?? [long] },
    model: { contextTokens: options.before ?? null },
  }) as ModelTask;

/** Loads with what is asked for, or with 20,000 tokens of what is wished for; from `mostTokens` on memory runs out. */
async function loads(of: ModelTask, { times = 1, mostTokens = Number.POSITIVE_INFINITY } = {}): Promise<readonly object[]> {
  const withContext = createLaneContext(of);
  const seen: object[] = [];
  for (let time = 0; time < times; time += 1) {
    await withContext(async (context) => {
      seen.push(context);
      const contextTokens = context.contextTokens ?? (context.wishedContextTokens == null ? 8192 : 20_000);
      if (contextTokens > mostTokens) throw new RpcError('out-of-memory', 'It does not fit.');
      return { fresh: { load: { contextTokens } } } as LaneRunner;
    });
  }
  return seen;
}

it('the first runner of a model gets as much as fits of what a suite wishes, and all others the same', async () => {
  expect(await loads(task(null), { times: 2 })).toEqual([
    { contextTokens: null, wishedContextTokens: 36_864 },
    { contextTokens: 20_000, wishedContextTokens: 36_864 },
  ]);
  expect(await loads(task(null, { before: 16_384 }))).toEqual([{ contextTokens: 16_384, wishedContextTokens: 36_864 }]);
});

it('a plan that names a context, or suites that wish none, load as ever', async () => {
  expect(await loads(task(4096), { times: 2 })).toEqual(Array(2).fill({ contextTokens: 4096, wishedContextTokens: null }));
  const plain = task(null, { suites: [{ kind: 'labelled' }], before: 8192 });
  expect(await loads(plain, { times: 2 })).toEqual(Array(2).fill({ contextTokens: null, wishedContextTokens: null }));
});

it('where memory runs out all the same the model gets its usual context, but not one that it was already asked with', async () => {
  expect(await loads(task(null), { times: 2, mostTokens: 10_000 })).toEqual([
    { contextTokens: null, wishedContextTokens: 36_864 },
    { contextTokens: null, wishedContextTokens: null },
    { contextTokens: 8192, wishedContextTokens: 36_864 },
  ]);
  await expect(loads(task(null, { before: 16_384 }), { mostTokens: 10_000 })).rejects.toThrow('does not fit');
});
