/**
 * A text as it is kept and shown beside an answer: whole, or its two ends where it is long. A question at depth is told by its end.
 * @param text what was asked
 * @param limit characters that are kept, half of them from each end
 */
export function withoutMiddle(text: string, limit = 8000): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const left = (text.length - 2 * half).toLocaleString('en-US');
  return `${text.slice(0, half)}\n\n[… ${left} characters left out …]\n\n${text.slice(-half)}`;
}
