/** A word of a name and the separator before it. */
export interface Segment {
  /** `-`, `.`, `_`, a space, `/`, `:` or nothing. */
  readonly before: string;
  readonly text: string;
  readonly lower: string;
}

const separators: ReadonlySet<string> = new Set(['-', '.', '_', ' ', '/', ':', '\t', '\n', '+', ',', '(', ')', '[', ']']);

/**
 * Cuts a name into words. A point between digits belongs to its number: `Qwen2.5-0.5B.Q4_K_M` is `Qwen2.5`, `0.5B`, `Q4`, `K`, `M`.
 * @param text part of a name
 * @returns words in order, none of them empty; takes time in proportion to the length
 */
export function splitSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let before = '';
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at];
    if (character !== undefined && (!separators.has(character) || isPointInNumber(text, at))) continue;
    if (at > start) {
      const word = text.slice(start, at);
      segments.push({ before, text: word, lower: word.toLowerCase() });
      before = '';
    }
    if (character !== undefined) before = character;
    start = at + 1;
  }
  return segments;
}

/** The words as they were written, from `start` on, before `end`. */
export function joinSegments(segments: readonly Segment[], start = 0, end = segments.length): string {
  let joined = '';
  for (let at = start; at < end; at += 1) {
    const segment = segments[at];
    if (segment) joined += at === start ? segment.text : segment.before + segment.text;
  }
  return joined;
}

function isPointInNumber(text: string, at: number): boolean {
  return text[at] === '.' && isDigit(text[at - 1]) && isDigit(text[at + 1]);
}

export function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
