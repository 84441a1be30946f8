import type { Comparison } from '#shared/contract/comparisons.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';

/** The prompt as a test item, with the preferred answer as what is expected; without one the first that was written to its end. */
export function itemFromComparison({ prompt, systemPrompt, answers, vote }: Comparison): DatasetItem {
  const preferred = typeof vote === 'number' ? answers[vote] : answers.find(({ state }) => state === 'complete');
  return { id: '', task: 'chat', system: systemPrompt, input: prompt, expected: preferred?.text.trim() ?? '' };
}
