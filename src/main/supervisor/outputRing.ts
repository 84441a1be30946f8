/** The last lines a runner printed. */
export interface OutputRing {
  add(line: string): void;
  lines(): readonly string[];
}

const maxLineCharacters = 1_000;
/** The engine that reads pictures prints the tokens of each prompt: they are nobody else's business. */
const namesPrompt = /prompt_tokens =|^\s*loadPrompt:/;

/** @param capacity lines that are kept; older ones go. Very long lines are cut. */
export function createOutputRing(capacity = 200): OutputRing {
  const kept: string[] = [];
  return {
    add(line) {
      if (namesPrompt.test(line)) return;
      kept.push(line.slice(0, maxLineCharacters));
      if (kept.length > capacity) kept.shift();
    },
    lines: () => [...kept],
  };
}
