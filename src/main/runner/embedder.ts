import { setImmediate } from 'node:timers/promises';
import type { LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { modelErrors } from '#shared/contract/models.ts';
import type { EmbedRequest, EmbedResult, LoadRequest } from '#shared/contract/runner.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { toLoadError } from './engineErrors.ts';
import { firstTokens, tokeniseInRoom } from './tokeniseInParts.ts';

/** Turns texts into vectors, in a context of its own beside the one that answers. */
export interface Embedder {
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult>;
}

const smallestContextTokens = 512;
/** A context that nobody has asked for so long gives its memory back. */
const idleMs = 60_000;
/** Of llama.cpp: the last token's vector counts, so that a text may be read in parts. */
const poolingOfLastToken = 3;

/**
 * The context is made with the first text and grows in powers of two with the longest one, up to what the model was loaded with: nothing is
 * reserved for texts that nobody sends.
 */
export function createEmbedder({ model, request }: { readonly model: LlamaModel; readonly request: LoadRequest }): Embedder {
  const trained = model.trainContextSize > 0 ? model.trainContextSize : request.contextTokens;
  const limitTokens = Math.min(trained, request.contextTokens);
  let current: { readonly context: LlamaEmbeddingContext; readonly tokens: number } | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function free(): Promise<void> {
    const freed = current;
    current = null;
    await freed?.context.dispose();
  }

  async function contextFor(neededTokens: number): Promise<LlamaEmbeddingContext> {
    if (current !== null && current.tokens >= neededTokens) return current.context;
    await free();
    let tokens = smallestContextTokens;
    while (tokens < neededTokens) tokens *= 2;
    tokens = Math.min(tokens, limitTokens);
    try {
      const context = await model.createEmbeddingContext({
        contextSize: tokens,
        batchSize: readsInParts(model) ? Math.min(request.batchTokens, tokens) : tokens,
        threads: request.threads,
        ignoreMemorySafetyChecks: request.backend === 'cpu',
      });
      current = { context, tokens };
      return context;
    } catch (error) {
      throw toLoadError(error, { path: request.path, backend: request.backend, log: [] });
    }
  }

  async function embedAll({ texts, isCut }: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    signal.throwIfAborted();
    const tokenise = (text: string): Token[] => model.tokenize(text, true);
    // The library adds a beginning and an end where the model wants them.
    const roomTokens = limitTokens - 3;
    const inputs: Token[][] = [];
    for (const [index, text] of texts.entries()) {
      // Others are answered while many are read.
      await setImmediate();
      signal.throwIfAborted();
      const { tokens, count } = await tokeniseInRoom(text, { tokenise, roomTokens, signal });
      if (count > roomTokens && isCut !== true) throw textTooLong(index, { tokens: count, roomTokens });
      inputs.push(count > roomTokens ? firstTokens(text, { tokenise, mostTokens: roomTokens }) : tokens);
    }
    const context = await contextFor(Math.max(...inputs.map((tokens) => tokens.length)) + 3);
    const vectors: number[][] = [];
    let promptTokens = 0;
    for (const tokens of inputs) {
      signal.throwIfAborted();
      promptTokens += context.calculateInputLength([...tokens]);
      const { vector } = await context.getEmbeddingFor([...tokens]);
      vectors.push(normalised(vector));
    }
    return { vectors, promptTokens };
  }

  return {
    embed(request, signal) {
      clearTimeout(idleTimer);
      const work = last.then(() => embedAll(request, signal));
      last = work
        .catch(() => undefined)
        .then(() => {
          clearTimeout(idleTimer);
          idleTimer = setTimeout(() => {
            last = last.then(free);
          }, idleMs);
          idleTimer.unref();
        });
      return untilCancelled(work, signal);
    },
  };
}

/** What is read of a text cannot be stopped, but nobody has to wait for it. */
function untilCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new RpcError(pipeErrors.cancelled, 'Embedding was cancelled.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** A vector pooled over a whole text needs the text in one batch; one of the last token does not. */
function readsInParts(model: LlamaModel): boolean {
  const { metadata, architectureMetadata } = model.fileInfo;
  const ofModel: Readonly<Record<string, unknown>> = { ...architectureMetadata };
  const attention = ofModel.attention as Readonly<Record<string, unknown>> | undefined;
  const pooling = ofModel.pooling_type;
  const isCausal = attention?.causal !== false && !metadata.general.architecture.includes('bert');
  return isCausal && (pooling === undefined || pooling === 0 || pooling === poolingOfLastToken);
}

/** To length 1, so that a product of two is their cosine. A text without any token has no direction. */
function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length)) {
    throw new RpcError(pipeErrors.badInput, 'This model gives no vector for one of the texts.', {
      hint: 'An empty text has none. Otherwise take a model that was made for embeddings.',
    });
  }
  return vector.map((value) => value / length);
}

function textTooLong(index: number, room: { readonly tokens: number; readonly roomTokens: number }): RpcError {
  return new RpcError(modelErrors.contextFull, `Text ${index + 1} has ${room.tokens} tokens, and ${room.roomTokens} fit.`, {
    hint: 'Split the text, or load the model with a larger context.',
    data: { promptTokens: room.tokens, roomTokens: room.roomTokens, index },
  });
}
