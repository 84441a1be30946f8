import { diffLines, diffWordsWithSpace } from 'diff';

export interface DifferencePart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

export interface WordDifference {
  readonly parts: readonly DifferencePart[];
  readonly removedWords: number;
  readonly addedWords: number;
}

/** Beyond this two texts have so little in common that finding it would hold the page up: the work grows with its square, 0.4 s here. */
const maxEditLength = 1_500;

/**
 * How one answer differs from another, word by word; line by line where they have little in common.
 * @returns null where even that is too much
 */
export function wordDifference(from: string, to: string): WordDifference | null {
  const changes = diffWordsWithSpace(from, to, { maxEditLength }) ?? diffLines(from, to, { maxEditLength });
  if (changes === undefined) return null;
  const parts = changes.map(
    ({ value, added, removed }): DifferencePart => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: value }),
  );
  const wordsOf = (kind: DifferencePart['kind']): number =>
    parts.filter((part) => part.kind === kind).reduce((sum, part) => sum + (part.text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0), 0);
  return { parts, removedWords: wordsOf('removed'), addedWords: wordsOf('added') };
}

/**
 * Which two answers are looked at first: the preferred one with the first other, else the first two that say something.
 * @returns null with fewer than two to look at
 */
export function firstPair(texts: readonly string[], vote: number | 'tie' | 'none' | null): readonly [number, number] | null {
  const told = texts.flatMap((text, index) => (text === '' ? [] : [index]));
  const [a, b] = typeof vote === 'number' && told.includes(vote) ? [vote, told.find((index) => index !== vote)] : told;
  return a === undefined || b === undefined ? null : [a, b];
}
