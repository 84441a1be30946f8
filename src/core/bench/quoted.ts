const limit = 120;

/**
 * A text in quotes for a sentence, cut where it is long.
 * @param text an answer or expectation
 */
export function quoted(text: string): string {
  const characters = [...text.slice(0, limit * 2)];
  return `“${characters.slice(0, limit).join('')}${characters.length > limit ? '…' : ''}”`;
}
