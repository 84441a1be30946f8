import { nextLoad } from '#core/fit/planLoad.ts';
import type { LoadOptions, NextLoad } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { LoadDecision } from './decideLoad.ts';

export interface OfferedLoad {
  readonly next: NextLoad;
  /** Why it would be loaded that way. */
  readonly reasons: readonly string[];
}

/** What to try where this load runs out of memory. Null where there is nothing smaller, or nothing is known of what it takes. */
export function nextLoadOf({ plan, request }: LoadDecision): OfferedLoad | null {
  if (plan === null) return null;
  const offered = nextLoad(plan.shape, plan.machine, { ...plan.planned, fit: plan.fit });
  if (offered === null) return null;
  const { contextTokens, gpuLayers, kvType, flashAttention, sequences } = offered.options;
  const options = { contextTokens, threads: request.threads, gpuLayers: gpuLayers ?? 0, kvType, flashAttention, sequences };
  return { next: { options, words: offered.words }, reasons: offered.reasons };
}

/** Whether this is asked for, and nothing else. */
export function isOffered({ next }: OfferedLoad, wish: Partial<LoadOptions>): boolean {
  const { contextTokens, threads, gpuLayers, kvType, flashAttention, sequences } = next.options;
  return (
    wish.contextTokens === contextTokens &&
    wish.threads === threads &&
    wish.gpuLayers === gpuLayers &&
    wish.kvType === kvType &&
    wish.flashAttention === flashAttention &&
    wish.sequences === sequences
  );
}

/** The error of a load that ran out of memory, saying in `data.next` how it may be tried again. */
export function withNextLoad(error: RpcError, next: NextLoad): RpcError {
  const known = typeof error.data === 'object' && error.data !== null ? error.data : {};
  return new RpcError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    data: { ...known, next },
    cause: error,
  });
}
