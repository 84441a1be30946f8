import type { Hono } from 'hono';
import * as z from 'zod';
import type { EmbedResult } from '#shared/contract/runner.ts';
import type { ApiNeeds } from './apiAnswer.ts';
import { contextOf, keepAlive, modelName, options } from './ollamaFields.ts';
import { readBody } from './readBody.ts';
import { servedModel } from './servedModel.ts';

const text = z.string().max(2_000_000);
const EmbedBody = z.object({
  model: modelName,
  input: z.union([text, z.array(text).max(2048)]),
  truncate: z.boolean().nullish(),
  dimensions: z.number().int().min(1).max(1_000_000).nullish(),
  keep_alive: keepAlive,
  options,
});
const EmbeddingsBody = z.object({ model: modelName, prompt: text, keep_alive: keepAlive, options });

interface Wish {
  readonly options: z.infer<typeof options>;
  readonly keepAliveMs: number | null | undefined;
  readonly isCut: boolean;
  readonly signal: AbortSignal;
}

/** Ollama's embeddings: `embed`, and `embeddings` as older programs ask for one. */
export function addOllamaEmbed(app: Hono, needs: ApiNeeds): void {
  app.post('/api/embed', async (context) => {
    const startedAt = performance.now();
    const request = await readBody(context, EmbedBody);
    const texts = typeof request.input === 'string' ? [request.input].filter((text) => text !== '') : request.input;
    const wish = {
      options: request.options,
      keepAliveMs: request.keep_alive,
      isCut: request.truncate !== false,
      signal: context.req.raw.signal,
    };
    const made = await embed(request.model, { texts, wish }, needs);
    const { dimensions } = request;
    return context.json({
      model: request.model,
      embeddings: dimensions == null ? made.vectors : made.vectors.map((vector) => shortened(vector, dimensions)),
      total_duration: Math.round((performance.now() - startedAt) * 1e6),
      load_duration: Math.round(made.loadMs * 1e6),
      prompt_eval_count: made.promptTokens,
    });
  });
  app.post('/api/embeddings', async (context) => {
    const request = await readBody(context, EmbeddingsBody);
    const wish = { options: request.options, keepAliveMs: request.keep_alive, isCut: true, signal: context.req.raw.signal };
    const texts = request.prompt === '' ? [] : [request.prompt];
    const made = await embed(request.model, { texts, wish }, needs);
    return context.json({ embedding: made.vectors[0] ?? [] });
  });
}

async function embed(
  name: string,
  { texts, wish }: { readonly texts: readonly string[]; readonly wish: Wish },
  needs: ApiNeeds,
): Promise<EmbedResult & { readonly loadMs: number }> {
  const { keepAliveMs, isCut, signal } = wish;
  const model = servedModel(name, needs);
  const { contextTokens } = contextOf(wish.options, model);
  const runner = await needs.models.acquire(model.id, {
    signal,
    holder: 'api',
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
    ...(contextTokens === undefined ? {} : { wishedContextTokens: contextTokens }),
  });
  const loadMs = runner.isFresh ? runner.load.loadMs : 0;
  try {
    // No text at all only loads the model.
    if (texts.length === 0) return { vectors: [], promptTokens: 0, loadMs };
    return { ...(await runner.generation.embed({ texts: [...texts], isCut }, { signal })), loadMs };
  } catch (error) {
    throw runner.explained(error);
  } finally {
    runner.release();
  }
}

/** The first dimensions, of length 1 again: what models trained for it allow. */
function shortened(vector: readonly number[], dimensions: number): readonly number[] {
  if (dimensions >= vector.length) return vector;
  const kept = vector.slice(0, dimensions);
  const length = Math.hypot(...kept);
  return length > 0 ? kept.map((value) => value / length) : kept;
}
