import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { ContextUse, Message } from '#shared/contract/chat.ts';
import { type ChatTurn, type CountRequest, leastAnswerTokens } from '#shared/contract/runner.ts';
import { droppedMessages, type HistoryTurns } from './toTurns.ts';

/** What the last answer of a path said; nothing where there is none. */
export function lastContextUse(path: readonly Message[]): ContextUse {
  const context = path.findLast((message) => message.context !== null)?.context ?? null;
  return { usedTokens: context?.usedTokens ?? null, totalTokens: context?.totalTokens ?? null, droppedMessages: 0 };
}

/**
 * Counts what the next answer would be asked with, after the model's own template, and which messages would be left out, by the rules of the runner: what
 * is too long is cut before a question until room for an answer is free as well.
 * @param options.totalTokens of the context as it is loaded
 */
export async function countContextUse(
  history: HistoryTurns,
  options: {
    readonly generation: Pick<RunnerGeneration, 'count'>;
    readonly request: Omit<CountRequest, 'turns' | 'raw'>;
    readonly totalTokens: number;
    readonly maxTokens: number | null;
    readonly dropsOldest: boolean;
  },
): Promise<ContextUse> {
  const { totalTokens } = options;
  const count = (turns: readonly ChatTurn[]): Promise<number> => options.generation.count({ ...options.request, turns: [...turns] });
  if (history.turns.length === 0) return { usedTokens: 0, totalTokens, droppedMessages: 0 };
  const usedTokens = await count(history.turns);
  const roomTokens = totalTokens - 1;
  const answerTokens = Math.min(options.maxTokens ?? Number.POSITIVE_INFINITY, Math.floor(roomTokens / 4));
  const isWhole = usedTokens <= roomTokens - Math.min(answerTokens, leastAnswerTokens);
  if (isWhole || !options.dropsOldest) return { usedTokens, totalTokens, droppedMessages: 0 };

  const goal = roomTokens - answerTokens;
  const system = history.turns[0]?.role === 'system' ? history.turns.slice(0, 1) : [];
  const rest = history.turns.slice(system.length);
  const cuts = rest.flatMap((turn, index) => (index > 0 && turn.role === 'user' ? [index] : []));
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await count([...system, ...rest.slice(cuts[middle])])) <= goal) high = middle;
    else low = middle + 1;
  }
  return { usedTokens, totalTokens, droppedMessages: droppedMessages(cuts[low] ?? 0, history.sources) };
}
