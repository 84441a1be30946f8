import * as z from 'zod';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { ChatTurn, ToolSpec } from '#shared/contract/runner.ts';
import type { ApiQuestion } from './apiAnswer.ts';
import { ApiError } from './apiErrors.ts';
import { thinkingOf as effortOf, topK } from './openaiFields.ts';
import { toolLimit, toolName, toolParameters } from './openaiTools.ts';

/** Fields that several of Ollama's requests have. What of `options` this app decides itself, such as `num_gpu`, is not heeded. */
export const modelName = z.string().min(1).max(400);

const stopText = z.string().min(1).max(200);
export const options = z
  .looseObject({
    temperature: z.number().min(0).max(5).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    top_k: topK,
    min_p: z.number().min(0).max(1).nullish(),
    repeat_penalty: z.number().min(0.5).max(3).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    seed: z.number().int().nullish(),
    /** -1 and -2 mean no limit. */
    num_predict: z.number().int().min(-2).max(16_777_216).nullish(),
    num_ctx: z.number().int().min(1).max(16_777_216).nullish(),
    stop: z.union([stopText, z.array(stopText).max(16)]).nullish(),
  })
  .nullish();

export const format = z.union([z.literal(''), z.literal('json'), z.record(z.string(), z.unknown())]).nullish();
export const think = z.union([z.boolean(), z.enum(['high', 'medium', 'low'])]).nullish();
export const images = z.array(z.base64().min(8)).max(16).nullish();
export const logprobs = { logprobs: z.boolean().nullish(), top_logprobs: z.number().int().min(0).max(20).nullish() };
export const tools = z
  .array(z.object({ function: z.object({ name: toolName, description: z.string().nullish(), parameters: toolParameters }) }))
  .max(toolLimit)
  .nullish();

const unitMs = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const durationPart = /(\d{1,15}(?:\.\d{1,9})?)(ns|us|µs|ms|s|m|h)/g;

/** Seconds, or a duration as Go writes it (`5m`, `1h30m`); less than nothing means for ever. As milliseconds, null = for ever. */
export const keepAlive = z
  .union([z.number().min(-1e12).max(1e12), z.string().min(1).max(40)])
  .transform((given, context): number | null => {
    const seconds = typeof given === 'number' ? given : /^-?\d{1,12}$/.test(given) ? Number(given) : null;
    if (seconds !== null) return seconds < 0 ? null : seconds * 1_000;
    const text = String(given);
    const isWhole = text.replace(/^-/, '').replace(durationPart, '') === '';
    if (!isWhole) {
      context.addIssue({ code: 'custom', message: 'It is a number of seconds, or a duration such as 5m.' });
      return z.NEVER;
    }
    if (text.startsWith('-')) return null;
    let sum = 0;
    for (const [, count, unit] of text.matchAll(durationPart)) sum += Number(count) * unitMs[unit as keyof typeof unitMs];
    return sum;
  })
  .nullish();

export function samplingOf(given: z.infer<typeof options>): Sampling {
  const limit = given?.num_predict ?? -1;
  const stop = given?.stop == null ? [] : typeof given.stop === 'string' ? [given.stop] : given.stop;
  return {
    temperature: given?.temperature ?? defaultSampling.temperature,
    topP: given?.top_p ?? defaultSampling.topP,
    topK: given?.top_k ?? defaultSampling.topK,
    minP: given?.min_p ?? defaultSampling.minP,
    repeatPenalty: given?.repeat_penalty ?? null,
    presencePenalty: given?.presence_penalty ?? null,
    frequencyPenalty: given?.frequency_penalty ?? null,
    seed: given?.seed == null || given.seed === -1 ? null : given.seed >>> 0,
    maxTokens: limit < 1 ? null : limit,
    stop,
  };
}

/** What of `num_ctx` the model can have: as many tokens as it was trained for. */
export function contextOf(
  given: z.infer<typeof options>,
  { contextTokens }: Pick<Artifact, 'contextTokens'>,
): Pick<ApiQuestion, 'contextTokens'> {
  const wanted = given?.num_ctx;
  return wanted == null ? {} : { contextTokens: Math.min(wanted, contextTokens ?? wanted) };
}

export function schemaOf(wanted: z.infer<typeof format>): { readonly [key: string]: unknown } | null {
  if (wanted == null || wanted === '') return null;
  return wanted === 'json' ? { type: 'object' } : wanted;
}

export function thinkingOf(wanted: z.infer<typeof think>): ReturnType<typeof effortOf> {
  if (typeof wanted === 'boolean') return { thinking: wanted ? 'on' : 'off' };
  return effortOf(wanted);
}

export const toolsOf = (offered: z.infer<typeof tools>): readonly ToolSpec[] =>
  (offered ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    description: description ?? '',
    parameters: parameters ?? { type: 'object', properties: {} },
  }));

/** How the images begin that are read, as base64. */
const beginnings = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
  ['R0lGOD', 'image/gif'],
  ['Qk', 'image/bmp'],
] as const;

/** Images come without a word on what they are. @throws {ApiError} 400 for what is none that is known */
export function imagesOf(given: z.infer<typeof images>, field: string): { readonly images?: NonNullable<ChatTurn['images']> } {
  if (given == null || given.length === 0) return {};
  return {
    images: given.map((data, at) => {
      const mediaType = beginnings.find(([beginning]) => data.startsWith(beginning))?.[1];
      if (mediaType !== undefined) return { mediaType, data };
      const message = 'It is no image that can be read: send PNG, JPEG, WebP, GIF or BMP as base64.';
      throw new ApiError({ status: 400, code: 'unsupported_content', message: `${field}.${at}: ${message}`, field: `${field}.${at}` });
    }),
  };
}
