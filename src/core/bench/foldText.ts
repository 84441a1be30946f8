/**
 * A text as it is compared where spelling does not matter: small letters without accents, words apart by one space, nothing else.
 * @param text any text
 * @returns for example `toledo s school 1130`
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Whether words occur in a text as whole words, one after the other.
 * @param folded text and words, both through `foldText`
 */
export function hasWords(folded: { readonly text: string; readonly words: string }): boolean {
  return folded.words !== '' && ` ${folded.text} `.includes(` ${folded.words} `);
}
