import * as z from 'zod';
import { defaultSampling, type Sampling, type Thinking } from '#shared/contract/chat.ts';
import { notDone } from './readBody.ts';

const probability = z.number().min(0).max(1).nullish();
const penalty = z.number().min(-2).max(2).nullish();
const maxTokens = z.number().int().min(1).max(16_777_216).nullish();
const stopSequence = z.string().min(1).max(200);

/** What chat completions, completions and responses alike say of sampling. */
export const samplingFields = {
  temperature: z.number().min(0).max(5).nullish(),
  top_p: probability,
  // Not OpenAI's, but what local servers take beside it.
  top_k: z.number().int().min(0).max(1_000_000).nullish(),
  min_p: probability,
  repeat_penalty: z.number().min(0.5).max(3).nullish(),
} as const;

/** What the two kinds of completions say beside it. */
export const completionFields = {
  model: z.string().min(1).max(400),
  ...samplingFields,
  presence_penalty: penalty,
  frequency_penalty: penalty,
  seed: z.number().int().nullish(),
  max_tokens: maxTokens,
  stop: z.union([stopSequence, z.array(stopSequence).max(16)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: notDone('One answer a request is given: n must be 1.', (value) => value === null || value === 1),
  logit_bias: notDone(
    'The likelihood of single tokens cannot be shifted here.',
    (value) => value === null || (typeof value === 'object' && Object.keys(value).length === 0),
  ),
} as const;

export const maxTokensField = maxTokens;

/** How long a model may think is not switched in steps: it thinks or it does not. */
export const ReasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish();

/** Whether a model that can think is asked to. Only the two smallest efforts switch it off. */
export function thinkingOf(effort: z.infer<typeof ReasoningEffort>): Thinking {
  if (effort == null) return 'default';
  return effort === 'none' || effort === 'minimal' ? 'off' : 'on';
}

type SamplingWishes = Partial<z.infer<z.ZodObject<Omit<typeof completionFields, 'model'>>>>;

/**
 * Sampling as a request says it, and as a chat has it where it says nothing. A seed is taken modulo 2^32; -1 means a fresh one, as local servers have it.
 * @param maxTokens null = until the context is full
 */
export function samplingOf(wishes: SamplingWishes, maxTokens: number | null): Sampling {
  const stop = wishes.stop == null ? [] : typeof wishes.stop === 'string' ? [wishes.stop] : wishes.stop;
  return {
    temperature: wishes.temperature ?? defaultSampling.temperature,
    topP: wishes.top_p ?? defaultSampling.topP,
    topK: wishes.top_k ?? defaultSampling.topK,
    minP: wishes.min_p ?? defaultSampling.minP,
    repeatPenalty: wishes.repeat_penalty ?? null,
    presencePenalty: wishes.presence_penalty ?? null,
    frequencyPenalty: wishes.frequency_penalty ?? null,
    seed: wishes.seed == null || wishes.seed === -1 ? null : wishes.seed >>> 0,
    maxTokens,
    stop,
  };
}
