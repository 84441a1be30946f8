import { fitOptionsFor } from '#core/catalog/recommendQuant.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitEstimate, FitMachine, FitShape, KvType } from '#core/fit/fitTypes.ts';

/** The machine, and how a model would be loaded on it. */
export interface FitPlan {
  readonly machine: FitMachine;
  readonly contextTokens: number;
  readonly kvType: KvType;
}

/** What is to be loaded. A projector that lies beside it is not: no load takes one along, so no estimate counts it. */
export interface FitSubject {
  readonly shape: FitShape;
}

/** Where nothing was chosen and the settings say nothing; and what recommendations are made for. */
export const usualContextTokens = 8192;

/** The one way in which every screen computes a fit. @returns null where no estimate can be made: a header comes from outside */
export function fitOf({ shape }: FitSubject, plan: FitPlan): FitEstimate | null {
  return orNull(() => estimateFit(shape, plan.machine, { ...fitOptionsFor(shape, plan.contextTokens), kvType: plan.kvType }));
}

/** A header that the formulas cannot take is unknown, and the page stays. */
export function orNull<Value>(compute: () => Value): Value | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
