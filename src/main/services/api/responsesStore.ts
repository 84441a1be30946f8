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

const countLimit = 256;
const charactersLimit = 32 * 2 ** 20;
const ageLimitMs = 60 * 60_000;

/**
 * Keeps the last responses in memory, so that a client can go on where one ended: for an hour, 256 of them, 32 million characters together. Nothing of
 * them is written to the disk.
 * @param now milliseconds
 */
export function createResponseStore(now: () => number): ResponseStore {
  const kept = new Map<string, KeptResponse & { readonly until: number; readonly characters: number }>();
  let characters = 0;
  const forget = (id: string): boolean => {
    characters -= kept.get(id)?.characters ?? 0;
    return kept.delete(id);
  };
  const prune = (): void => {
    for (const [id, { until }] of kept) {
      if (until > now() && kept.size <= countLimit && characters <= charactersLimit) return;
      forget(id);
    }
  };
  return {
    keep({ response, history }) {
      const size = JSON.stringify(response).length + history.turns.reduce((sum, turn) => sum + charactersOf(turn), 0);
      kept.set(response.id, { response, history, until: now() + ageLimitMs, characters: size });
      characters += size;
      prune();
    },
    find(id) {
      prune();
      return kept.get(id) ?? null;
    },
    findItem(id) {
      prune();
      for (const { response } of kept.values()) {
        const item = response.output.find((one) => one.id === id);
        if (item !== undefined) return item;
      }
      return null;
    },
    forget,
  };
}

/** Images are most of it where there are some. */
function charactersOf({ content, reasoning, toolCalls, images }: ResponseHistory['turns'][number]): number {
  const shown = (images ?? []).reduce((sum, { data }) => sum + data.length, 0);
  return content.length + (reasoning?.length ?? 0) + shown + (toolCalls === undefined ? 0 : JSON.stringify(toolCalls).length);
}
