import { expect, test } from 'vitest';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { screenInstead } from '../../../src/renderer/features/benchmarks/screenInstead.ts';

const run = (state: RunSummary['state']) => [{ id: 'r', state }];
const results = { screen: 'benchmark-results', runId: 'r' } as const;
const live = { screen: 'benchmark-run', runId: 'r' } as const;

test('a run is watched while it goes on, and read when it is over', () => {
  expect(screenInstead(results, run('running'))).toEqual(live);
  expect(screenInstead(live, run('running'))).toBeNull();
  expect(screenInstead(live, run('done'))).toEqual(results);
  expect(screenInstead(live, run('cancelled'))).toEqual(results);
  expect(screenInstead(results, run('done'))).toBeNull();
});

test.each(['paused', 'interrupted', 'failed'] as const)(
  'a run that is %s is shown as asked: how far it is, or its results so far',
  (state) => {
    expect(screenInstead(live, run(state))).toBeNull();
    expect(screenInstead(results, run(state))).toBeNull();
  },
);

test('a run under way is shown before another can be set up', () => {
  expect(screenInstead({ screen: 'benchmark' }, run('running'))).toEqual(live);
  expect(screenInstead({ screen: 'benchmark' }, run('paused'))).toEqual(live);
  expect(screenInstead({ screen: 'benchmark' }, run('interrupted'))).toBeNull();
  expect(screenInstead({ screen: 'benchmark-data', suiteId: null }, run('running'))).toBeNull();
});
