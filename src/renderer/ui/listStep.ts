/** Where a key moves in a list. @returns the next index, or null for a key that moves nothing */
export function listStep(key: string, at: { readonly index: number; readonly count: number; readonly pageRows: number }): number | null {
  const { index, count, pageRows } = at;
  if (count === 0) return null;
  const clamp = (value: number): number => Math.min(count - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(Math.max(index, 0) + pageRows);
    case 'PageUp':
      return clamp(index - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
