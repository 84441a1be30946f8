import { describe, expect, it } from 'vitest';
import { exitCodeOfRun } from '#main/hosts/cli/commands/benchResults.ts';
import { baselineChange } from '#main/hosts/cli/commands/benchTables.ts';
import { renderTables } from '#main/hosts/cli/table.ts';
import type { RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';

type Compared = RunComparison['models'][number];

const compared = (lost: number, gained: number, mcnemarP: number): Compared => ({
  modelId: 'small',
  n: 100,
  lost,
  gained,
  mcnemarP,
  flips: [],
});
const scored = (state: RunResults['verdict']['state']): Pick<RunResults, 'suites' | 'verdict'> => ({
  suites: [{ id: 'colours', name: '', description: '', kind: 'labelled', itemCount: 1, source: 'yours', sha256: '' }],
  verdict: { state, modelId: null, model: null, reason: '', nextLarger: null, moreItems: null },
});

describe('the exit code of a benchmark', () => {
  it.each<[string, Parameters<typeof exitCodeOfRun>, number]>([
    ['0 where a model fits', [scored('fits'), null], 0],
    ['3 where none does', [scored('fails'), null], 3],
    ['3 where it is not known', [scored('not-enough-evidence'), null], 3],
    ['0 where only speed was measured', [{ ...scored('not-enough-evidence'), suites: [] }, null], 0],
    ['3 where a model got worse than in the baseline, although one fits', [scored('fits'), { models: [compared(9, 1, 0.02)] }], 3],
    ['0 where a loss may be chance', [scored('fits'), { models: [compared(5, 1, 0.22)] }], 0],
    ['0 where it got better', [scored('fits'), { models: [compared(1, 9, 0.02)] }], 0],
  ])('is %s', (_what, [results, baseline], code) => {
    expect(exitCodeOfRun(results, baseline)).toBe(code);
  });
});

describe('results for people', () => {
  it('call a change one only beyond chance', () => {
    const rates = { passRateBefore: 0.9, passRateNow: 0.82 };
    expect(baselineChange({ ...compared(9, 1, 0.02), ...rates }, true)).toBe(
      'worse, −8.0 points; 9 lost, 1 gained of 100 items (exact McNemar p = 0.020)',
    );
    expect(baselineChange(compared(3, 1, 0.6), false)).toMatch(/^no real change; 3 lost/);
  });

  it('are laid out in as many tables as a terminal is wide enough for, each with the name', () => {
    const columns = [
      { title: 'Model', text: (row: string) => row },
      ...Array.from({ length: 12 }, (_, at) => ({ title: `Column ${at}`, text: () => '123 tok/s' })),
    ];
    const text = renderTables(['a model', 'another'], columns);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text.match(/a model/g)).toHaveLength(2);
    expect(text.match(/Column \d+/g)).toHaveLength(12);
  });
});
