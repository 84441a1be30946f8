/** Watches streamed text for stop sequences, also across the borders of pieces. */
export interface StopWatch {
  /** @returns what may be shown now: everything but a tail that could still become a stop sequence. */
  push(piece: string): { readonly text: string; readonly stopped: boolean };
  /** The one that ended the answer; null until then. */
  readonly matched: string | null;
  /** The held-back tail, when the answer ends without a stop sequence. */
  flush(): string;
}

/** @param stop sequences that end the answer; none of them is part of it. Empty ones are ignored. */
export function createStopWatch(stop: readonly string[]): StopWatch {
  const sequences = stop.filter((sequence) => sequence.length > 0);
  let held = '';
  let matched: string | null = null;

  return {
    push(piece) {
      if (matched !== null) return { text: '', stopped: true };
      held += piece;
      const match = earliestMatch(held, sequences);
      if (match !== null) {
        const text = held.slice(0, match.at);
        held = '';
        matched = match.sequence;
        return { text, stopped: true };
      }
      const keep = longestOpenTail(held, sequences);
      const text = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text, stopped: false };
    },
    get matched() {
      return matched;
    },
    flush() {
      const text = held;
      held = '';
      return text;
    },
  };
}

function earliestMatch(text: string, sequences: readonly string[]): { readonly at: number; readonly sequence: string } | null {
  let earliest: { readonly at: number; readonly sequence: string } | null = null;
  for (const sequence of sequences) {
    const at = text.indexOf(sequence);
    if (at >= 0 && (earliest === null || at < earliest.at)) earliest = { at, sequence };
  }
  return earliest;
}

/** Length of the longest end of `text` that begins one of the sequences. */
export function longestOpenTail(text: string, sequences: readonly string[]): number {
  let longest = 0;
  for (const sequence of sequences) {
    for (let length = Math.min(sequence.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(sequence.slice(0, length))) longest = length;
    }
  }
  return longest;
}
