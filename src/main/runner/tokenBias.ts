import type { LlamaModel, Token, TokenBias } from 'node-llama-cpp';
import type { GenerateRequest } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/**
 * What is added to the logits of single tokens, as the engine takes it.
 * @throws {RpcError} bad-input for numbers that are no tokens of the model, and for those that end an answer, which the library leaves as they are
 */
export async function tokenBiasOf(biases: NonNullable<GenerateRequest['logitBias']>, model: LlamaModel): Promise<TokenBias> {
  const { TokenBias } = await import('node-llama-cpp');
  const tokens = model.fileInfo.metadata.tokenizer?.ggml?.tokens.length ?? Number.POSITIVE_INFINITY;
  const made = TokenBias.for(model);
  for (const [number, logit] of biases) {
    const token = number as Token;
    if (number >= tokens) throw refused(`${number} is no token of this model, which has ${tokens}.`);
    if (model.isEogToken(token)) throw refused(`Token ${number} ends an answer: how likely that is cannot be shifted.`);
    made.set(token, { logit });
  }
  return made;
}

const refused = (message: string): RpcError =>
  new RpcError(pipeErrors.badInput, message, { hint: 'Token numbers are those of the model itself: another one counts otherwise.' });
