import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeCallingModel } from '../../fixtures/gguf/callingModel.ts';
import { allSamples, newFolder, openApp, planOf, runToEnd, smallest } from './benchmarkHarness.ts';

const product = {
  id: 'product',
  task: 'calculator',
  input: 'What is 125 times 47?',
  expected: '5875',
  tools: ['calculator'],
  grader: { type: 'all', of: [{ type: 'calculation', results: [5875], leastCalls: 1 }, { type: 'numeric' }] },
};
const items = [
  product,
  // It is asked anew where the tool has not given the product, and so calls once more.
  { ...product, id: 'fault', faults: [{ tool: 'calculator', message: 'Busy.' }] },
  {
    id: 'code',
    task: 'python',
    input: 'Write f.',
    expected: '',
    grader: { type: 'python', function: 'f', cases: [{ call: 'f()', gives: 1 }] },
  },
];

describe('a run with tools', () => {
  it('runs what the model calls and keeps it; what cannot be asked here is skipped with its reason', async () => {
    await using folder = await newFolder();
    await using app = await openApp(join(folder.path, 'data'));
    const [calling] = await app.services.library.importPath(writeCallingModel(join(folder.path, 'calling.gguf')));
    const path = join(folder.path, 'tools.jsonl');
    await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'));
    const { suite } = await app.services.benchmarks.addDataset(path, { skipBad: false });
    const modelId = calling?.id ?? '';
    const runId = await runToEnd(app, planOf({ modelIds: [modelId, smallest], suiteIds: [suite.id], itemLimit: null, turns: 3 }));

    const samples = allSamples(app, runId);
    const of = (model: string, itemId: string) => samples.find((sample) => sample.modelId === model && sample.itemId === itemId);
    expect(of(modelId, 'product')).toMatchObject({
      state: 'passed',
      output: 'It is 5875.',
      finishReason: 'stop',
      calls: [{ name: 'calculator', arguments: { operation: 'multiply', a: 125, b: 47 }, turn: 1, result: '5875', error: null }],
      grade: { tools: { rightTool: true, rightArguments: true, extraCalls: 0 } },
      work: { turns: 2, attempts: 1 },
      usage: { completionTokens: 7 },
    });
    expect(of(modelId, 'fault')).toMatchObject({
      state: 'passed',
      calls: [{ error: 'Busy.' }, { error: null, turn: 2 }],
      work: { turns: 3 },
    });
    expect(of(modelId, 'code')).toMatchObject({ state: 'skipped', passed: null, error: { code: 'sandbox-missing' } });
    expect(of(smallest, 'product')).toMatchObject({ state: 'skipped', passed: null, error: { code: 'tools-unsupported' } });
    expect(of(smallest, 'code')).toMatchObject({ state: 'skipped', error: { code: 'sandbox-missing' } });
  });
});
