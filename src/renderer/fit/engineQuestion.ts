import { fitOptionsFor } from '#core/catalog/recommendQuant.ts';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { withComputedContext, withEngineBytes } from '#core/fit/withEngineBytes.ts';
import type { EngineBytes, FitTarget } from '#shared/contract/fit.ts';
import type { EngineQuestion } from '../stores/engineFigures.ts';
import { type FitPlan, type FitSubject, orNull } from './fitPlan.ts';

/** Micro-batches that Rightsize loads with, as the estimate counts them. */
const batchTokens = { cpu: 128, gpu: 512 } as const;

/** The placement that an estimate chose, for the engine to be asked about: it guesses nothing itself. */
export function engineQuestion(target: FitTarget, { subject, plan, fit }: Estimated): EngineQuestion {
  const backend = fit.gpuLayers > 0 && plan.machine.gpu !== null ? plan.machine.gpu.backend : 'cpu';
  const { contextTokens, flashAttention, sequences } = fitOptionsFor(subject.shape, plan.contextTokens);
  return {
    target,
    backend,
    placement: {
      contextTokens,
      kvType: plan.kvType,
      flashAttention,
      sequences,
      batchTokens: backend === 'cpu' ? batchTokens.cpu : batchTokens.gpu,
      gpuLayers: fit.gpuLayers,
    },
  };
}

export interface Estimated {
  readonly subject: FitSubject;
  readonly plan: FitPlan;
  readonly fit: FitEstimate;
}

/** The estimate with the engine's own bytes in it. @returns null where they cannot be joined, so that the estimate stays */
export function joinEngine({ subject, plan, fit }: Estimated, engine: EngineBytes): FitEstimate | null {
  const { shape } = subject;
  const options = { ...fitOptionsFor(shape, plan.contextTokens), kvType: plan.kvType };
  return orNull(() => withComputedContext(withEngineBytes(shape, plan.machine, options, engine), fit));
}
