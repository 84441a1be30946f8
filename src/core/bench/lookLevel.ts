import type { VerdictLevel } from './runRecords.ts';

/** Chance that a run calls any model fitting that is not, over all its looks together. */
export const falsePassLimit = 0.05;
/** Of what is left of it, spent at each look of a run that can be extended. */
const spentEachLook = 0.8;

/**
 * What a look at a run's data may spend of the 5 %. A run that asks everything from the start is looked at once and spends it all. One that was cut
 * short can be extended after a look at its results, so its looks share: 4 %, then 0.8 %, then 0.16 % and so on, never more than 5 % together
 * whatever the data made people do (Bonferroni over looks; the share is fixed before the first).
 * @param run.look from 1: the run itself; each extension is a further one
 * @param run.canBeExtended whether the plan left items out
 */
export function lookLevel(run: { readonly look: number; readonly canBeExtended: boolean }): number {
  if (!run.canBeExtended && run.look === 1) return falsePassLimit;
  return falsePassLimit * spentEachLook * (1 - spentEachLook) ** (run.look - 1);
}

/**
 * What the look after one may spend.
 * @param alpha of the look
 */
export function nextLookLevel(alpha: number): number {
  return alpha * (1 - spentEachLook);
}

/** What of a plan decides how the 5 % are shared. */
export interface LevelPlan {
  readonly testing?: VerdictLevel['testing'] | undefined;
  readonly itemLimit?: number | null | undefined;
  readonly extendedAt?: readonly number[] | undefined;
}

/**
 * The level of a run's newest look, or of an earlier one.
 * @param plan procedure, limit of items, and when it was extended
 * @param look from 1; the newest unless told
 */
export function levelOf(plan: LevelPlan, look = (plan.extendedAt?.length ?? 0) + 1): VerdictLevel {
  return { testing: plan.testing ?? 'holm', look, alpha: lookLevel({ look, canBeExtended: canBeExtended(plan) }) };
}

/**
 * Whether a run may be, or was, looked at more than once.
 * @param plan limit of items, and when it was extended
 */
export function canBeExtended(plan: LevelPlan): boolean {
  return (plan.itemLimit ?? null) !== null || (plan.extendedAt?.length ?? 0) > 0;
}
