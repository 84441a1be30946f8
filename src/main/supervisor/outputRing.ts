/** The last lines a runner printed. */
export interface OutputRing {
  add(line: string): void;
  lines(): readonly string[];
}

const maxLineCharacters = 1_000;

/** @param capacity lines that are kept; older ones go. Very long lines are cut. */
export function createOutputRing(capacity = 200): OutputRing {
  const kept: string[] = [];
  return {
    add(line) {
      kept.push(line.slice(0, maxLineCharacters));
      if (kept.length > capacity) kept.shift();
    },
    lines: () => [...kept],
  };
}
