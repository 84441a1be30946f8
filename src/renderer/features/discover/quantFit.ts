import { recommendQuant } from '#core/catalog/recommendQuant.ts';
import { withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitEstimate, FitMachine, FitShape } from '#core/fit/fitTypes.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import type { OtherQuant } from '../../fit/fitAdvice.ts';
import { type FitPlan, fitOf, orNull, usualContextTokens } from '../../fit/fitPlan.ts';

/** What was read of one quant's header. */
export interface ReadHeader {
  /** First file of that quant. */
  readonly file: string;
  readonly shape: FitShape;
}

/** What a quant would take. @param header of any quant of its repo @returns null where no estimate can be made */
export function quantFit(quant: CatalogQuant, header: ReadHeader, plan: FitPlan): FitEstimate | null {
  const shape = orNull(() => quantShape(quant, header));
  return shape === null ? null : fitOf({ shape }, plan);
}

/** The shape of one quant: its own where its header was read, else that of another quant with its weights scaled. */
export function quantShape(quant: CatalogQuant, header: ReadHeader): FitShape {
  return quant.file === header.file ? header.shape : withWeightBytes(header.shape, quant.sizeBytes);
}

export interface RecommendedQuant {
  readonly file: string;
  readonly reason: string;
  /** Whether it would load here: the least bad of a repo may not. Null while that is unknown. */
  readonly fits: boolean | null;
}

/** Not the context that is being tried out: moving the slider moves no selection. */
export const recommendedContextTokens = usualContextTokens;

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

/** The rest of a repo, to be taken instead of one quant: what is whole and can be run. */
export function otherQuants(repo: CatalogRepo, quant: CatalogQuant): readonly OtherQuant[] {
  return repo.quants
    .filter((other) => other.file !== quant.file && other.missingShards.length === 0)
    .map((other) => ({ file: other.file, name: other.type ?? other.file, sizeBytes: other.sizeBytes }));
}
