import type { LlamaModel, Token } from 'node-llama-cpp';
import { formatCount } from '#core/units.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { type ChatTurn, leastAnswerTokens } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { AskedPrompt } from './askedPrompt.ts';
import type { CountedTokens } from './tokeniseInParts.ts';

export type FittedPrompt<Prompt extends AskedPrompt> = Prompt & CountedTokens & { readonly droppedTurns: number };

/**
 * Renders and tokenises a conversation so that it fits.
 * @param options.roomTokens tokens the prompt may have at most.
 * @param options.answerTokens tokens that stay free for the answer when turns are dropped anyway.
 * @throws {RpcError} context-full, chat-template-failed, tools-unsupported
 */
export async function fitPrompt<Prompt extends AskedPrompt>(
  turns: readonly ChatTurn[],
  options: {
    /** The prompt of the turns that are kept. */
    readonly render: (kept: readonly ChatTurn[]) => Promise<Prompt>;
    readonly tokenise: (prompt: Prompt) => Promise<CountedTokens>;
    readonly overflow: 'fail' | 'drop-oldest';
    readonly roomTokens: number;
    readonly answerTokens: number;
  },
): Promise<FittedPrompt<Prompt>> {
  const make = async (kept: readonly ChatTurn[]): Promise<FittedPrompt<Prompt>> => {
    const asked = await options.render(kept);
    return { ...asked, ...(await options.tokenise(asked)), droppedTurns: turns.length - kept.length };
  };
  const whole = await make(turns);
  const fits = whole.count <= options.roomTokens;
  if (options.overflow === 'fail' && !fits) throw contextFull(whole.count, options.roomTokens);
  const leastTokens = options.overflow === 'fail' ? 0 : Math.min(options.answerTokens, leastAnswerTokens);
  if (whole.count <= options.roomTokens - leastTokens) return whole;

  const shorter = shorterConversations(turns);
  const goal = Math.max(1, options.roomTokens - options.answerTokens);
  // The shortest always comes last; the first that fits drops the least, and fitting is monotone, so halve the range.
  let best: FittedPrompt<Prompt> | null = null;
  let low = 0;
  let high = shorter.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = await make(shorter[middle] ?? []);
    const isLast = middle === shorter.length - 1;
    if (candidate.count <= goal || (isLast && candidate.count <= options.roomTokens)) {
      best = candidate;
      high = middle - 1;
    } else {
      low = middle + 1;
    }
  }
  if (best !== null) return best;
  if (fits) return whole;
  throw contextFull(whole.count, options.roomTokens);
}

/** Conversations with the oldest turns after the system prompt left out. Each begins with a user turn: templates insist. */
function shorterConversations(turns: readonly ChatTurn[]): readonly (readonly ChatTurn[])[] {
  const system = turns[0]?.role === 'system' ? turns.slice(0, 1) : [];
  const rest = turns.slice(system.length);
  return rest.flatMap((turn, index) => (index > 0 && turn.role === 'user' ? [[...system, ...rest.slice(index)]] : []));
}

/** Tokens of a rendered prompt. The template may already give the beginning-of-sequence token; it is never doubled. */
export function tokenisePrompt(model: LlamaModel, text: string): Token[] {
  const tokens = model.tokenize(text, true);
  const { bos } = model.tokens;
  if (model.tokens.shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  return tokens;
}

function contextFull(promptTokens: number, roomTokens: number): RpcError {
  return new RpcError(
    modelErrors.contextFull,
    `The conversation has ${formatCount(promptTokens)} tokens, and ${formatCount(roomTokens)} fit.`,
    {
      hint: 'Start a new conversation, shorten the prompt, or load the model with a larger context.',
      data: { promptTokens, roomTokens },
    },
  );
}
