import { createKeptStore } from './keptStore.ts';
import type { ResponseHistory } from './responsesInput.ts';
import type { WrittenResponse } from './responsesWriter.ts';

/** A response that was given, and the conversation up to its end. */
export interface KeptResponse {
  readonly response: WrittenResponse['response'];
  readonly history: ResponseHistory;
}

export interface ResponseStore {
  keep(kept: KeptResponse): void;
  /** Null for one that is not known any more. */
  find(id: string): KeptResponse | null;
  /** An item of what was answered; null for one that is not known any more. */
  findItem(id: string): object | null;
  /** Whether there was one. */
  forget(id: string): boolean;
}

/**
 * Keeps the last responses for a while, with the conversations up to their ends.
 * @param now milliseconds
 */
export function createResponseStore(now: () => number): ResponseStore {
  const { keep, find, forget, all } = createKeptStore<KeptResponse>(now);
  return {
    find,
    forget,
    keep(kept) {
      const { response, history } = kept;
      keep(response.id, kept, JSON.stringify(response).length + history.turns.reduce((sum, turn) => sum + charactersOf(turn), 0));
    },
    findItem: (id) =>
      all()
        .flatMap(({ response }) => response.output)
        .find((item) => item.id === id) ?? null,
  };
}

/** Images are most of it where there are some. */
function charactersOf({ content, reasoning, toolCalls, images }: ResponseHistory['turns'][number]): number {
  const shown = (images ?? []).reduce((sum, { data }) => sum + data.length, 0);
  return content.length + (reasoning?.length ?? 0) + shown + (toolCalls === undefined ? 0 : JSON.stringify(toolCalls).length);
}
