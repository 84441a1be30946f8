/** Longer results would fill the context of a small model; a person reads no more of them either. */
const maxResultCharacters = 8_000;

/** What a tool tells the model: `error` says why it failed, null where it answered. */
export interface ToolAnswer {
  readonly result: string;
  readonly error: string | null;
}

/** An answer of a tool that worked; a very long one is cut, and says so. */
export function toolResult(text: string): ToolAnswer {
  return { result: capped(text), error: null };
}

/**
 * What a tool says that could not do what it was asked.
 * @param told what the model reads, where that is more than the error itself
 */
export function toolFailure(error: string, told = error): ToolAnswer {
  return { result: capped(`Error: ${told}`), error: capped(error) };
}

function capped(text: string): string {
  const clean = text.toWellFormed();
  if (clean.length <= maxResultCharacters) return clean;
  return `${clean.slice(0, maxResultCharacters).toWellFormed()}\n[cut: ${clean.length - maxResultCharacters} more characters]`;
}
