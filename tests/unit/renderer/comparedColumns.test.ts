import { describe, expect, it } from 'vitest';
import type { ComparedAnswer, Comparison, ComparisonEvent } from '#shared/contract/comparisons.ts';
import { isHidden, type LiveComparison, withComparisonEvents } from '../../../src/renderer/stores/comparedColumns.ts';

const column = (label: string, change: Partial<ComparedAnswer> = {}) =>
  ({ label, modelId: `model-${label}`, state: 'waiting', text: '', ...change }) as ComparedAnswer;
const begun: LiveComparison = { comparison: { id: 'one', answers: [column('A'), column('B')] } as Comparison, columns: {}, ended: 0 };
const delta = (index: number, text: string, completionTokens: number): ComparisonEvent => ({
  kind: 'answer',
  index,
  event: { kind: 'delta', text, reasoning: '', completionTokens, tokensPerSecond: null },
});

describe('a comparison that is written', () => {
  it('keeps the text of each column apart, and its state when that changes', () => {
    const live = withComparisonEvents(begun, [
      { kind: 'answer', index: 0, event: { kind: 'loading', progress: 0.5 } },
      delta(0, 'Hello', 1),
      delta(1, 'Good', 1),
      delta(0, ' there', 2),
      { kind: 'column', index: 0, answer: column('A', { state: 'complete', text: 'Hello there' }) },
      { kind: 'progress', ended: 1 },
    ]);
    expect(live.columns[0]).toMatchObject({ phase: 'writing', text: 'Hello there', completionTokens: 2, loadProgress: 0.5 });
    expect(live.columns[1]?.text).toBe('Good');
    expect(live.comparison.answers.map(({ state }) => state)).toEqual(['complete', 'waiting']);
    expect(live.ended).toBe(1);
    expect(begun.columns).toEqual({});
  });

  it('is hidden as long as no column has a model', () => {
    expect(isHidden(begun.comparison)).toBe(false);
    expect(isHidden({ ...begun.comparison, answers: [column('A', { modelId: null }), column('B', { modelId: null })] })).toBe(true);
  });
});
