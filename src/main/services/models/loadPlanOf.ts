import type { LoadPlan } from '#shared/contract/fit.ts';
import type { LoadDecision } from './decideLoad.ts';
import { nextLoadOf } from './nextLoadOf.ts';

/** A decision as whoever asked for a plan reads it. */
export function loadPlanOf(decision: LoadDecision): LoadPlan {
  const { request, plan, reasons } = decision;
  const { contextTokens, threads, gpuLayers, kvType, flashAttention, backend, batchTokens } = request;
  return {
    options: { contextTokens, threads, gpuLayers, kvType, flashAttention, sequences: request.sequences ?? 1 },
    backend,
    batchTokens,
    fit: plan?.fit ?? null,
    tier: plan?.tier ?? 't0',
    reasons: [...reasons],
    next: nextLoadOf(decision)?.next ?? null,
  };
}
