/** Digits with or without thousands commas, a fraction, an exponent; or a bare fraction. */
const numberPattern = /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|(?<!\d)\.\d+/g;
const signs: ReadonlySet<string> = new Set(['-', '−', '–']);

/**
 * The last number in a text, however it is dressed: `1,234.5`, `1'234`, `$12`, `−3`, `about 42.`, `\boxed{5\,050}`, `1.2 × 10^3`, `30 m^2`.
 * A minus counts only where no word or digit stands right before it, so `3-5` ends in 5. A box of LaTeX is the answer, whatever stands after it.
 * @param text an answer
 * @returns the number, or null where there is none
 */
export function lastNumberIn(text: string): number | null {
  const boxed = [...text.matchAll(/\\boxed\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g)].at(-1)?.[1];
  return (boxed === undefined ? null : lastPlainNumber(undressed(boxed))) ?? lastPlainNumber(undressed(text));
}

function lastPlainNumber(text: string): number | null {
  const last = [...text.matchAll(numberPattern)].at(-1);
  if (!last) return null;
  const value = Number(last[0].replaceAll(',', ''));
  const before = text.slice(Math.max(0, last.index - 3), last.index).replace(/[$€£¥]$/, '');
  const signed = signs.has(before.at(-1) ?? '') && !/[\p{L}\p{N})\]]$/u.test(before.slice(0, -1));
  return signed ? -value : value;
}

/** Marks between thousands in one form, powers of ten as exponents, powers of units gone. */
function undressed(text: string): string {
  return text
    .replaceAll('{,}', ',')
    .replace(/\\[,;:!]|~/g, '\u202f')
    .replace(/(?<=\d)[\u00a0\u2009\u202f'’_](?=\d{3}(?!\d))/g, '')
    .replace(
      /(?<=\d)\s?(?:×|x|\*|\\times|\\cdot)\s?10\s?\^\s?\{?([-−]?\d{1,3})\}?/g,
      (_, exponent: string) => `e${exponent.replace('−', '-')}`,
    )
    .replace(/(?<=\p{L}\}?)\s?\^\s?\{?[-−]?\d+\}?/gu, '')
    .replace(/\b((?:[kcdm]?m|ft|in|yd))[23]\b/g, '$1');
}
