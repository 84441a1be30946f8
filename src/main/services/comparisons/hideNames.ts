import type { StoredComparison, StoredEntry } from '#main/storage/comparisonTable.ts';
import { type ComparedAnswer, type Comparison, type ComparisonEntry, comparisonErrors } from '#shared/contract/comparisons.ts';

/**
 * A comparison as it may be shown: of a blind one whose names are not told, nothing that a model could be known by but the words of its answer.
 * @param options.isWriting until all answers are written, not even those: the time of a column's words tells how fast its model is
 */
export function shownComparison(
  { isRevealed, blindVote: _blindVote, ...comparison }: StoredComparison,
  options: { readonly isWriting: boolean },
): Comparison {
  if (isRevealed) return comparison;
  return { ...comparison, answers: comparison.answers.map((answer) => (options.isWriting ? unwritten(answer.label) : hidden(answer))) };
}

/** The line of a list. */
export function shownEntry({ isRevealed, blindVote: _blindVote, models, ...entry }: StoredEntry): ComparisonEntry {
  return { ...entry, modelNames: models.map(({ modelName }) => (isRevealed ? modelName : null)) };
}

/** A column before anything was asked. */
export function unwritten(label: string): ComparedAnswer {
  return {
    label,
    modelId: null,
    modelName: null,
    text: '',
    reasoning: null,
    state: 'waiting',
    finishReason: null,
    error: null,
    usage: null,
    timings: null,
  };
}

function hidden({ label, text, state, finishReason, error }: ComparedAnswer): ComparedAnswer {
  const problem: ComparedAnswer['error'] = {
    code: comparisonErrors.hidden,
    message: 'This model gave no whole answer.',
    hint: 'Why is told with the names.',
  };
  return { ...unwritten(label), text, state, finishReason, error: error === null ? null : problem };
}
