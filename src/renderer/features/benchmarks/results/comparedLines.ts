export interface ComparedLine {
  readonly text: string;
  /** The other side has no such line. */
  readonly differs: boolean;
}

/**
 * Lays two JSON values out line by line, their keys in one order.
 * @returns both sides, or null where one of them is not JSON with something inside: then both are shown as they are.
 */
export function comparedLines(
  expected: string,
  answered: string | null,
): { readonly expected: readonly ComparedLine[]; readonly answered: readonly ComparedLine[] } | null {
  const wanted = linesOf(expected);
  const got = answered === null ? null : linesOf(answered);
  if (wanted === null || got === null) return null;
  return { expected: marked(wanted, got), answered: marked(got, wanted) };
}

/** A comma at the end of a line says nothing of its value. */
function marked(lines: readonly string[], others: readonly string[]): readonly ComparedLine[] {
  const known = new Set(others.map(bare));
  return lines.map((text) => ({ text, differs: !known.has(bare(text)) }));
}

function bare(line: string): string {
  return line.replace(/,$/, '');
}

function linesOf(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return null;
  try {
    return JSON.stringify(ordered(JSON.parse(trimmed)), null, 2).split('\n');
  } catch {
    return null;
  }
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
