import { estimateFit } from '#core/fit/estimateFit.ts';
import { withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape, KvType } from '#core/fit/fitTypes.ts';
import type { CatalogQuant } from '#shared/contract/catalog.ts';

export interface FitChoice {
  readonly contextTokens: number;
  readonly kvType: KvType;
}

/**
 * The shape of every quant of a repo, out of the header of one of them.
 * @param header of the quant whose first file is `file`
 * @returns shapes by first file; a quant that the estimate cannot take is left out
 */
export function quantShapes(
  quants: readonly CatalogQuant[],
  header: { readonly file: string; readonly shape: FitShape },
): ReadonlyMap<string, FitShape> {
  return new Map(
    quants.flatMap((quant) => {
      const shape = quant.file === header.file ? header.shape : orNull(() => withWeightBytes(header.shape, quant.sizeBytes));
      return shape === null ? [] : [[quant.file, shape] as const];
    }),
  );
}

/** What each quant would take at a context length. @returns estimates by first file; unknown ones are left out */
export function quantFits(
  shapes: ReadonlyMap<string, FitShape>,
  plan: { readonly machine: FitMachine; readonly choice: FitChoice },
): ReadonlyMap<string, FitEstimate> {
  const options = fitOptions(plan.choice);
  return new Map(
    [...shapes].flatMap(([file, shape]) => {
      const fit = orNull(() => estimateFit(shape, plan.machine, options));
      return fit === null ? [] : [[file, fit] as const];
    }),
  );
}

/** As the app loads models: flash attention on, everything else its own decision. */
function fitOptions({ contextTokens, kvType }: FitChoice): FitOptions {
  return { contextTokens, kvType, flashAttention: true, batchTokens: null, gpuLayers: null, expertsInRamLayers: 0, sequences: 1 };
}

/** A header comes from outside: one that the formulas cannot take is unknown, and the page stays. */
function orNull<Value>(compute: () => Value): Value | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
