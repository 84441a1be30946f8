import { wordsOf } from '#main/services/api/apiCall.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import type { Replayed, RequestDetail } from '#shared/contract/server.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { chatModel, type ModelFinder } from '../chat/chatModels.ts';
import { readKeptQuestion } from './readKeptQuestion.ts';

/**
 * Puts a kept question to another model, of this disk or behind an endpoint.
 * @throws {RpcError} request-body-not-kept; bad-input for a bare prompt to an endpoint; those of the model
 */
export async function replayRequest(
  kept: RequestDetail,
  { modelId, signal }: { readonly modelId: string; readonly signal: AbortSignal },
  needs: ModelFinder,
): Promise<Replayed> {
  const question = await readKeptQuestion(kept);
  if (question.raw !== undefined && readEndpointModelId(modelId) !== null) {
    throw new RpcError(
      pipeErrors.badInput,
      'This request went past the chat template. A model behind an endpoint is only asked in turns.',
      {
        hint: 'Choose a model of this disk.',
      },
    );
  }
  const startedAt = performance.now();
  const found = await chatModel(modelId, needs);
  const sees = found.artifact?.projectorPath != null && question.turns.some(({ images }) => images !== undefined);
  const model = await found.open({ load: null, sees, signal, onProgress: () => undefined });
  try {
    const answer = await model.generate(question, { signal, onItem: () => undefined });
    const { ttftMs, generationTokensPerSecond } = answer.timings;
    const { reasoning, finishReason, usage } = answer;
    const totalMs = performance.now() - startedAt;
    return { modelId, text: wordsOf(answer), reasoning, finishReason, usage, ttftMs, generationTokensPerSecond, totalMs };
  } catch (error) {
    throw model.explained(error);
  } finally {
    model.release();
  }
}
