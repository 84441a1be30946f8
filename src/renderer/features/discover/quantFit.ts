import { fitOptionsFor, recommendQuant } from '#core/catalog/recommendQuant.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import { withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitEstimate, FitMachine, FitShape, KvType } from '#core/fit/fitTypes.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';

export interface FitPlan {
  readonly machine: FitMachine;
  readonly contextTokens: number;
  readonly kvType: KvType;
}

/** What was read of one quant's header. */
export interface ReadHeader {
  /** First file of that quant. */
  readonly file: string;
  readonly shape: FitShape;
}

/** What a quant would take. @param header of any quant of its repo @returns null where no estimate can be made */
export function quantFit(quant: CatalogQuant, header: ReadHeader, plan: FitPlan): FitEstimate | null {
  return orNull(() => {
    const shape = quant.file === header.file ? header.shape : withWeightBytes(header.shape, quant.sizeBytes);
    return estimateFit(shape, plan.machine, { ...fitOptionsFor(shape, plan.contextTokens), kvType: plan.kvType });
  });
}

export interface RecommendedQuant {
  readonly file: string;
  readonly reason: string;
  /** Whether it would load here: the least bad of a repo may not. Null while that is unknown. */
  readonly fits: boolean | null;
}

/** For which context a quant is recommended: not for the one that is being tried out, so that moving the slider moves no selection. */
export const recommendedContextTokens = 8192;

/**
 * The quant that most people should take here; what the catalog said by sizes alone holds until a header was read.
 * @returns null also for a repo that the engine cannot run
 */
export function recommendedQuant(repo: CatalogRepo, header: ReadHeader | null, machine: FitMachine | null): RecommendedQuant | null {
  if (repo.isArchitectureSupported === false) return null;
  if (header !== null && machine !== null) {
    const options = { machine, contextTokens: recommendedContextTokens, shape: header.shape };
    const choice = orNull(() => recommendQuant(repo.quants, options));
    const best = repo.quants.find((quant) => quant.file === choice?.quant.file);
    if (choice !== null && best !== undefined) {
      const fit = quantFit(best, header, { machine, contextTokens: recommendedContextTokens, kvType: 'f16' });
      return { file: best.file, reason: choice.reason, fits: fit === null ? null : fit.state !== 'none' };
    }
  }
  const said = repo.quants.find((quant) => quant.recommended !== null);
  return said === undefined ? null : { file: said.file, reason: said.recommended ?? '', fits: null };
}

/** A header comes from outside: one that the formulas cannot take is unknown, and the page stays. */
function orNull<Value>(compute: () => Value): Value | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
