import { nextLoad } from '#core/fit/planLoad.ts';
import type { NextLoad } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { LoadDecision } from './decideLoad.ts';

/** What to try where this load runs out of memory. Null where there is nothing smaller, or nothing is known of what it takes. */
export function nextLoadOf({ plan, request }: LoadDecision): NextLoad | null {
  if (plan === null) return null;
  const next = nextLoad(plan.shape, plan.machine, { ...plan.planned, fit: plan.fit });
  if (next === null) return null;
  const { contextTokens, gpuLayers, kvType, flashAttention } = next.options;
  return { options: { contextTokens, threads: request.threads, gpuLayers, kvType, flashAttention }, words: next.words };
}

/** The error of a load that ran out of memory, saying in `data.next` how it may be tried again. */
export function withNextLoad(error: RpcError, decision: LoadDecision): RpcError {
  const next = nextLoadOf(decision);
  if (next === null) return error;
  const known = typeof error.data === 'object' && error.data !== null ? error.data : {};
  return new RpcError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    data: { ...known, next },
    cause: error,
  });
}
