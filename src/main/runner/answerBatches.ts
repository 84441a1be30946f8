import type { BatchItem, BatchingOptions, PrioritizedBatchItem } from 'node-llama-cpp';

/**
 * Keeps the answers of a context together: each step evaluates the next token of all of them in one batch. Left to itself the library begins a step as
 * soon as the last one is over, when the next token of whoever came last is not asked for yet: two answers then take turns, eight go seven by seven.
 */
export interface AnswerBatches {
  readonly options: BatchingOptions;
  /** Counts an answer among those that ask for a token at each step, until it is disposed. */
  join(): Disposable;
}

/** Times a step looks again for answers that are not there yet. Each look gives way to work that is ready, and costs a few promises. */
const mostLooks = 24;

export function createAnswerBatches(): AnswerBatches {
  let answers = 0;
  let looks = 0;

  function choose({ items, size }: { readonly items: readonly BatchItem[]; readonly size: number }): PrioritizedBatchItem[] {
    // What is read of prompts asks for no token. An empty choice makes the library look again.
    const asking = items.filter(({ logits }) => logits.at(-1) === true).length;
    if (asking < answers && ++looks <= mostLooks) return [];
    looks = 0;
    return shareOut(items, size);
  }

  return {
    options: {
      itemPrioritizationStrategy: choose,
      // Nobody could join a lone answer, so it need not wait for the end of the turn.
      dispatchSchedule: (dispatch) => (answers > 1 ? setImmediate(dispatch) : dispatch()),
    },
    join() {
      answers += 1;
      return {
        [Symbol.dispose]() {
          answers -= 1;
        },
      };
    },
  };
}

/** Shares a batch out evenly; what short ones do not need goes to the long ones. */
export function shareOut(items: readonly BatchItem[], size: number): PrioritizedBatchItem[] {
  const shortestFirst = [...items].sort((a, b) => a.tokens.length - b.tokens.length);
  let left = size;
  return shortestFirst.map((item, index) => {
    const processAmount = Math.min(item.tokens.length, Math.ceil(left / (shortestFirst.length - index)));
    left -= processAmount;
    return { item, processAmount };
  });
}
