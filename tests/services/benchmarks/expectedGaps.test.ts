import { expect, it } from 'vitest';
import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { planRun } from '#core/bench/planRun.ts';
import { expectedGaps } from '#main/services/benchmarks/expectedGaps.ts';
import type { PreparedRun } from '#main/services/benchmarks/runPlanning.ts';
import { createLacksTools } from '#main/services/benchmarks/templateTools.ts';
import type { Artifact, Inspection } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const item = (id: string, more: Partial<LabelledItem> = {}): LabelledItem => ({
  ...{ id, task: 't', system: null, input: id, expected: 'x', grader: null, labels: null, schema: null, tags: [] },
  ...more,
});
const items = [item('plain'), item('tool', { tools: ['execute_python'] }), item('sum', { tools: ['calculator'] })];
const scenarios = planRun({
  models: ['a', 'b'].map((id) => ({ id, sizeBytes: 1 })),
  suites: [{ id: 's', kind: 'labelled', items }],
  plan: { temperatures: [0, 0.7], repeats: 2, itemLimit: null, seed: 1 },
});
const prepared: PreparedRun = {
  models: ['a', 'b'].map((modelId) => ({ modelId, name: modelId.toUpperCase(), quant: null })) as unknown as PreparedRun['models'],
  suites: [],
  scenarios,
  itemOf: (scenario) => items.find(({ id }) => id === scenario.itemId) ?? item('none'),
  itemOfSample: () => null,
};

const missing = { isAvailable: false, reason: 'No browser was found.', hint: 'Install one.', isBroken: false } as const;
const there = { isAvailable: true, detail: 'a browser' } as const;
const gaps = (sandbox: Parameters<typeof expectedGaps>[1]['sandbox'], toolless: readonly string[] = []) =>
  expectedGaps(prepared, { sandbox, lacksTools: async (modelId) => toolless.includes(modelId) });
const hint = 'Take a model that was trained to call tools.';

it('names the items of one model that need a sandbox where none can be had, however often they are asked', async () => {
  expect(await gaps(missing)).toEqual([{ items: 1, reason: 'No browser was found.', hint: 'Install one.' }]);
});

it('says nothing where the sandbox is there, or where nobody has looked', async () => {
  expect(await gaps(there)).toEqual([]);
  expect(await gaps(null)).toEqual([]);
});

it('names the models whose template tells of no tools, with the items that offer some', async () => {
  expect(await gaps(null, ['b'])).toEqual([{ items: 2, reason: 'The chat template of B tells it of no tools.', hint }]);
  expect(await gaps(there, ['a', 'b'])).toEqual([{ items: 2, reason: 'The chat templates of A and B tell them of no tools.', hint }]);
});

it('counts an item with tools for the sandbox only where a model would be asked it', async () => {
  expect((await gaps(missing, ['b'])).map(({ items, reason }) => [items, reason])).toEqual([
    [2, 'The chat template of B tells it of no tools.'],
    [1, 'No browser was found.'],
  ]);
  expect(await gaps(missing, ['a', 'b'])).toHaveLength(1);
});

it('reads from the file whether a template may know of tools, once, and says nothing of files that it cannot read', async () => {
  const templates: Readonly<Record<string, string | null>> = { plain: '{{ messages }}', tools: '{% if tools %}', none: null };
  const asked: string[] = [];
  const lacksTools = createLacksTools({
    get: (id) => ({ id, path: `/${id}`, sizeBytes: 1, sha256: null, state: 'ready' }) as Artifact,
    inspect: async (id) => {
      asked.push(id);
      if (!(id in templates)) throw new RpcError('gguf-invalid', 'It is no model.');
      return { chatTemplate: templates[id] ?? null } as Inspection;
    },
  });
  const ids = ['plain', 'tools', 'none', 'broken'];
  expect(await Promise.all(ids.map(lacksTools))).toEqual([true, false, true, false]);
  await Promise.all(ids.map(lacksTools));
  expect(asked).toEqual(ids);
});
