import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { tokenisePrompt } from './fitPrompt.ts';
import type { PromptTemplate } from './promptTemplate.ts';
import type { Conversation } from './templateMessages.ts';

/** Shorter ones are cheaper to evaluate again than to evaluate apart. */
const leastTokens = 16;
const keptBeginnings = 16;
/** Two questions that begin with another letter: what their prompts share is not the question's. */
const probes = ['a', '1'] as const;

const known = new WeakMap<PromptTemplate, Map<string, readonly Token[]>>();

/**
 * How many tokens of a prompt belong to what comes before its first question: system prompt, tools and the template's own words. It follows from
 * the conversation alone, never from what was asked before, so that a scored prompt may be evaluated in two parts there.
 * @param tokens of the whole prompt
 * @returns 0 where there is none worth it, or where the template can't tell
 */
export async function sharedBeginning(
  conversation: Conversation,
  tokens: readonly Token[],
  { template, model }: { readonly template: PromptTemplate; readonly model: LlamaModel },
): Promise<number> {
  const system = conversation.turns[0]?.role === 'system' ? conversation.turns.slice(0, 1) : [];
  const key = JSON.stringify([system, conversation.tools, conversation.thinking]);
  const cache = known.get(template) ?? new Map<string, readonly Token[]>();
  known.set(template, cache);
  let beginning = cache.get(key);
  if (beginning === undefined) {
    beginning = await findBeginning(system, conversation, { template, model });
    const [oldest] = cache.keys();
    if (cache.size >= keptBeginnings && oldest !== undefined) cache.delete(oldest);
    cache.set(key, beginning);
  }
  const isThere = beginning.length < tokens.length && beginning.every((token, index) => tokens[index] === token);
  return isThere && beginning.length >= leastTokens ? beginning.length : 0;
}

async function findBeginning(
  system: readonly ChatTurn[],
  conversation: Conversation,
  { template, model }: { readonly template: PromptTemplate; readonly model: LlamaModel },
): Promise<readonly Token[]> {
  try {
    const ask = async (content: string): Promise<Token[]> =>
      tokenisePrompt(model, await template.render({ ...conversation, turns: [...system, { role: 'user', content }] }));
    const [first, second] = [await ask(probes[0]), await ask(probes[1])];
    const end = first.findIndex((token, index) => token !== second[index]);
    return first.slice(0, Math.max(0, end));
  } catch {
    // A template that takes no such question is asked in whole chunks.
    return [];
  }
}
