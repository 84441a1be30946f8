import type { Artifact } from '#shared/contract/models.ts';
import type { EmbedResult } from '#shared/contract/runner.ts';
import type { ApiNeeds } from './apiAnswer.ts';

/**
 * Turns texts into vectors of length 1 with the model, which is loaded when it is not.
 * @param asking.texts in the order of the vectors that come back
 * @param asking.signal ends it; set when the client hangs up
 * @throws {RpcError} of the model codes; context-full for a text that is longer than the model reads
 */
export async function embedTexts(
  asking: { readonly model: Artifact; readonly texts: readonly string[]; readonly signal: AbortSignal },
  needs: Pick<ApiNeeds, 'models'>,
): Promise<EmbedResult> {
  const { model, texts, signal } = asking;
  const runner = await needs.models.acquire(model.id, { signal, holder: 'api' });
  try {
    return await runner.generation.embed({ texts: [...texts] }, { signal });
  } catch (error) {
    throw runner.explained(error);
  } finally {
    runner.release();
  }
}
