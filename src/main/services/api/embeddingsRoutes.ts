import type { Hono } from 'hono';
import * as z from 'zod';
import type { ApiNeeds } from './apiAnswer.ts';
import { embedTexts } from './apiEmbed.ts';
import { ApiError } from './apiErrors.ts';
import { inOpenaiWords } from './openaiErrors.ts';
import { readBody, tokensNotDone } from './readBody.ts';
import { servedModel } from './servedModel.ts';

const text = z.string().min(1).max(2_000_000);

const EmbeddingRequest = z.object({
  model: z.string().min(1).max(400),
  input: z.union([text, z.array(text).min(1).max(2048), tokensNotDone], { error: 'It is neither a text nor a list of texts.' }),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).max(1_000_000).nullish(),
});

/** OpenAI's embeddings: vectors of length 1, as numbers or as base64 of their 32-bit floats. */
export function addEmbeddingsRoutes(app: Hono, needs: ApiNeeds): void {
  app.post('/v1/embeddings', async (context) => {
    const request = await readBody(context, EmbeddingRequest);
    const texts = typeof request.input === 'string' ? [request.input] : (request.input as readonly string[]);
    const model = servedModel(request.model, needs);
    const { vectors, promptTokens } = await embedTexts({ model, texts, signal: context.req.raw.signal }, needs).catch((error) => {
      throw inOpenaiWords(error);
    });
    const length = vectors[0]?.length ?? 0;
    if (request.dimensions != null && request.dimensions !== length) {
      // Only models that were trained for it keep their meaning in a part of the vector, and files do not say which.
      throw new ApiError({
        status: 400,
        code: 'unsupported_parameter',
        message: `dimensions: This model's vectors have ${length} numbers and are not cut. Leave it out.`,
        field: 'dimensions',
      });
    }
    const data = vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: request.encoding_format === 'base64' ? inBase64(vector) : vector,
    }));
    return context.json({ object: 'list', data, model: request.model, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } });
  });
}

/** Little-endian 32-bit floats, one after the other. */
function inBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
