import type { Comparison } from '#shared/contract/comparisons.ts';

/** What was said of a comparison, for a list: `Preferred: Qwen3 8B`, `Equally good`, `All bad`, `No vote`. */
export function voteWords(vote: Comparison['vote'], names: readonly (string | null)[]): string {
  if (vote === null) return 'No vote';
  if (vote === 'tie') return 'Equally good';
  if (vote === 'none') return 'All bad';
  return `Preferred: ${names[vote] ?? 'ABCD'.charAt(vote)}`;
}

/** Names of the columns, or how many are hidden. */
export function modelWords(names: readonly (string | null)[]): string {
  const told = names.filter((name) => name !== null);
  return told.length === names.length ? told.join(', ') : `${names.length} models, names hidden`;
}
