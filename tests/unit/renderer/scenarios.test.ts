import { expect, test } from 'vitest';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { modelLabels, shortLabels } from '../../../src/renderer/features/benchmarks/modelLabels.ts';
import { passRateAt } from '../../../src/renderer/features/benchmarks/results/passRateAt.ts';
import { firstToRead, outcomeOf, runWords, scenariosOf } from '../../../src/renderer/features/benchmarks/results/scenarios.ts';

function sample(itemId: string, modelId: string, state: Sample['state'], temperature = 0, repeat = 1): Sample {
  return {
    ...{ runId: 'r', modelId, suite: 's', itemId, task: 's', temperature, repeat, seed: 1, state, passed: state === 'passed', grade: null },
    ...{ input: `Which team?\n\nItem ${itemId}`, system: null, expected: '', output: '', finishReason: null, usage: null, timings: null },
    ...{ tokensPerSecond: null, peakMemoryBytes: null, error: null, finishedAt: 0 },
  };
}

test('groups samples by item in order of their ids, with the line that differs as title', () => {
  const scenarios = scenariosOf(
    [sample('b', 'm', 'passed'), sample('a', 'm', 'failed'), sample('a', 'n', 'passed'), sample('speed', 'm', 'measured')],
    {
      temperature: null,
    },
  );
  expect(scenarios.map((one) => [one.itemId, one.title, one.byModel.size])).toEqual([
    ['a', 'Item a', 2],
    ['b', 'Item b', 1],
  ]);
});

test('shows only samples of the chosen temperature', () => {
  const scenarios = scenariosOf([sample('a', 'm', 'failed', 0), sample('a', 'm', 'passed', 0.7)], { temperature: 0.7 });
  expect(scenarios[0]?.byModel.get('m')?.map((one) => one.state)).toEqual(['passed']);
});

test('an outcome counts errors as no pass and leaves skipped samples out', () => {
  expect(outcomeOf([sample('a', 'm', 'passed'), sample('a', 'm', 'skipped')])).toBe('pass');
  expect(outcomeOf([sample('a', 'm', 'passed'), sample('a', 'm', 'error')])).toBe('some');
  expect(outcomeOf([sample('a', 'm', 'error')])).toBe('fail');
  expect(outcomeOf(undefined)).toBe('none');
});

test('reads a failing run of a scenario first', () => {
  expect(firstToRead([sample('a', 'm', 'passed', 0, 1), sample('a', 'm', 'failed', 0.7, 2)])?.repeat).toBe(2);
});

test('labels add the quant only where names repeat, and short ones drop what all share', () => {
  const models = [
    { modelId: '1', name: 'Starter 7M Instruct', quant: 'Q2_K' },
    { modelId: '2', name: 'Starter 7M Instruct', quant: 'Q8_0' },
    { modelId: '3', name: 'Starter 3M Instruct', quant: 'Q8_0' },
  ];
  expect([...modelLabels(models).values()]).toEqual(['Starter 7M Instruct Q2_K', 'Starter 7M Instruct Q8_0', 'Starter 3M Instruct']);
  expect([...shortLabels(models).values()]).toEqual(['7M Q2_K', '7M Q8_0', '3M']);
  expect([...shortLabels([{ modelId: '1', name: 'Phi-4 mini', quant: null }]).values()]).toEqual(['Phi-4 mini']);
});

test('titles an item by the first line that begins like no other item does, wherever the instructions stand', () => {
  const asked = (itemId: string, input: string): Sample => ({ ...sample(itemId, 'm', 'passed'), input });
  const titles = (inputs: readonly Sample[]) => scenariosOf(inputs, { temperature: null }).map((one) => one.title);
  expect(
    titles([
      asked('a', 'Explain this function.\n\nfunc sum(n int) int {\n}\nEnd with one JSON object of three keys: sum(5)'),
      asked('b', 'Explain this function.\n\nfunc gcd(a, b int) int {\n}\nEnd with one JSON object of three keys: gcd(8, 6)'),
    ]),
  ).toEqual(['func sum(n int) int {', 'func gcd(a, b int) int {']);
  expect(
    titles([
      asked('a', 'A long text.\nQuestion: which number opens the locker of Ann?'),
      asked('b', 'A long text.\nQuestion: which number opens the locker of Ben?'),
    ])[1],
  ).toBe('Question: which number opens the locker of Ben?');
});

test('a run of an item has its number, as it is counted in reports, only where there are several', () => {
  const [once, first, second] = [sample('a', 'm', 'passed'), sample('a', 'm', 'passed', 0.7, 1), sample('a', 'm', 'failed', 0.7, 2)];
  expect([once, first, second].map((one) => runWords(one, [once, first, second]))).toEqual(['', ', run 1 of 2', ', run 2 of 2']);
});

test('what a model passes at one temperature is of all its suites together', () => {
  const at = (temperature: number, passed: number, n: number) => ({
    temperature,
    interval: { n, passed, passRate: passed / n, low: 0, high: 1 },
  });
  const model = { suites: [{ byTemperature: [at(0, 9, 10), at(0.7, 1, 10)] }, { byTemperature: [at(0, 15, 30)] }] };
  expect(passRateAt(model as never, 0)).toBe(0.6);
  expect(passRateAt(model as never, 0.7)).toBe(0.1);
  expect(passRateAt(model as never, 1)).toBeNull();
});
