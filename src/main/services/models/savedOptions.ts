import { formatCount } from '#core/units.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** What is asked for, with what a model's own settings add to it. */
export interface SettledOptions {
  readonly options: Partial<LoadOptions>;
  /** Says what came from the settings; null where nothing did. */
  readonly words: string | null;
}

/**
 * Fills what is left open with what is saved for the model. What is asked for wins: a saved value that contradicts it is left out.
 * @returns the options, and a sentence on what was taken from the settings
 */
export function withSavedOptions(asked: Partial<LoadOptions>, saved: LoadOptions): SettledOptions {
  const isPlain = asked.flashAttention === false;
  const isQuantised = asked.kvType != null && isQuantisedCache(asked.kvType);
  const added: LoadOptions = {
    contextTokens: asked.contextTokens == null ? saved.contextTokens : null,
    threads: asked.threads == null ? saved.threads : null,
    gpuLayers: asked.gpuLayers == null ? saved.gpuLayers : null,
    kvType: asked.kvType == null && !(isPlain && saved.kvType !== null && isQuantisedCache(saved.kvType)) ? saved.kvType : null,
    flashAttention: asked.flashAttention == null && !(isQuantised && saved.flashAttention === false) ? saved.flashAttention : null,
    sequences: asked.sequences == null ? saved.sequences : null,
  };
  const parts = partsOf(added);
  return {
    options: {
      contextTokens: asked.contextTokens ?? added.contextTokens,
      threads: asked.threads ?? added.threads,
      gpuLayers: asked.gpuLayers ?? added.gpuLayers,
      kvType: asked.kvType ?? added.kvType,
      flashAttention: asked.flashAttention ?? added.flashAttention,
      sequences: asked.sequences ?? added.sequences,
    },
    words: parts.length === 0 ? null : `As saved for this model: ${parts.join(', ')}.`,
  };
}

/**
 * A cache of blocks, which the engine makes only with flash attention.
 * @throws {RpcError} bad-input where one is asked for without
 */
export function requirePossible({ kvType, flashAttention }: Partial<LoadOptions>): void {
  if (flashAttention !== false || kvType == null || !isQuantisedCache(kvType)) return;
  throw new RpcError(pipeErrors.badInput, `A cache of type ${kvType} needs flash attention.`, {
    hint: 'Switch flash attention on, or take the cache type f16.',
  });
}

const isQuantisedCache = (kvType: NonNullable<LoadOptions['kvType']>): boolean => !['f32', 'f16', 'bf16'].includes(kvType);

function partsOf({ contextTokens, threads, gpuLayers, kvType, flashAttention, sequences }: LoadOptions): readonly string[] {
  return [
    contextTokens === null ? null : `a context of ${formatCount(contextTokens)} tokens`,
    threads === null ? null : threads === 1 ? '1 thread' : `${formatCount(threads)} threads`,
    gpuLayers === null ? null : gpuLayers === 1 ? '1 layer on the GPU' : `${formatCount(gpuLayers)} layers on the GPU`,
    kvType === null ? null : `a cache of type ${kvType}`,
    flashAttention === null ? null : `flash attention ${flashAttention ? 'on' : 'off'}`,
    sequences === null ? null : sequences === 1 ? 'one request at a time' : `${formatCount(sequences)} requests side by side`,
  ].filter((part) => part !== null);
}
