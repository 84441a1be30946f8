import * as z from 'zod';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { ApiQuestion } from './apiAnswer.ts';

const probability = z.number().min(0).max(1).nullish();
const penalty = z.number().min(-2).max(2).nullish();
const maxTokens = z.number().int().min(1).max(16_777_216).nullish();
/** -1 means the same as 0 to local servers: all tokens. */
export const topK = z
  .number()
  .int()
  .min(-1)
  .max(1_000_000)
  .transform((count) => Math.max(0, count))
  .nullish();
const stopSequence = z.string().min(1).max(200);

/** What chat completions, completions and responses alike say of sampling. */
export const samplingFields = {
  temperature: z.number().min(0).max(5).nullish(),
  top_p: probability,
  // Not OpenAI's, but what local servers take beside it.
  top_k: topK,
  min_p: probability,
  repeat_penalty: z.number().min(0.5).max(3).nullish(),
} as const;

/** Each is an answer of its own, in a place of its own. */
const choiceLimit = 8;
const biasLimit = 1024;

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
  n: z.number().int().min(1).max(choiceLimit).nullish(),
  logit_bias: z
    .record(z.string().regex(/^\d{1,7}$/, 'A token is named by its number in the vocabulary.'), z.number().min(-100).max(100))
    .refine((biases) => Object.keys(biases).length <= biasLimit, `It names more than ${biasLimit} tokens.`)
    .nullish(),
} as const;

export const maxTokensField = maxTokens;

export const ReasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish();

/** Tokens after which reasoning of an effort is closed; the greater ones leave it to the model. */
const effortTokens = { low: 1024, medium: 8192 } as const;

/** Whether a model that can think is asked to, and for how long it may. The two smallest efforts switch it off. */
export function thinkingOf(effort: z.infer<typeof ReasoningEffort>): Pick<ApiQuestion, 'thinking' | 'thinkingTokens'> {
  switch (effort) {
    case null:
    case undefined:
      return {};
    case 'none':
    case 'minimal':
      return { thinking: 'off' };
    case 'low':
    case 'medium':
      return { thinking: 'on', thinkingTokens: effortTokens[effort] };
    case 'high':
    case 'xhigh':
    case 'max':
      return { thinking: 'on' };
  }
}

/** Tokens by their numbers, with what is added to their logits. */
export function logitBiasOf(biases: z.infer<typeof completionFields.logit_bias>): Pick<ApiQuestion, 'logitBias'> {
  const shifted = Object.entries(biases ?? {}).map(([token, bias]) => [Number(token), bias] as const);
  return shifted.length === 0 ? {} : { logitBias: shifted };
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
