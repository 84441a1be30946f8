/** Digits with or without thousands commas, a fraction, an exponent; or a bare fraction. */
const numberPattern = /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|(?<!\d)\.\d+/g;
const signs: ReadonlySet<string> = new Set(['-', '−', '–']);

/**
 * The last number in a text, however it is dressed: `1,234.5`, `$12`, `−3`, `about 42.`
 * A minus counts only where no word or digit stands right before it, so `3-5` ends in 5.
 * @param text an answer
 * @returns the number, or null where there is none
 */
export function lastNumberIn(text: string): number | null {
  const last = [...text.matchAll(numberPattern)].at(-1);
  if (!last) return null;
  const value = Number(last[0].replaceAll(',', ''));
  const before = text.slice(Math.max(0, last.index - 3), last.index).replace(/[$€£¥]$/, '');
  const signed = signs.has(before.at(-1) ?? '') && !/[\p{L}\p{N})\]]$/u.test(before.slice(0, -1));
  return signed ? -value : value;
}
