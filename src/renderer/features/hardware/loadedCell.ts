import { referenceParameters } from '#core/fit/reference/referenceShape.ts';
import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';

/** Where a loaded model stands in the grid. */
export interface LoadedCell {
  readonly size: string;
  readonly quant: string;
}

/** Sizes further apart than this are not the same size. */
const likeness = 0.12;

/**
 * The cells of the models that are loaded: the nearest size of the same kind, in the same quant.
 * @returns none for a model between the sizes or in a quant the grid has no column for
 */
export function loadedCells(
  grid: WhatFits,
  of: { readonly loaded: readonly LoadedModel[]; readonly artifacts: readonly Artifact[] },
): readonly LoadedCell[] {
  return of.loaded.flatMap(({ artifactId, quant }) => {
    const artifact = of.artifacts.find(({ id }) => id === artifactId);
    const { parameters } = artifact ?? { parameters: null };
    if (parameters === null || quant === null) return [];
    const isMixture = artifact?.architecture?.endsWith('moe') === true;
    const [nearest] = grid.rows
      .filter(({ model }) => (model.experts !== undefined) === isMixture)
      .map(({ model }) => ({ size: model.size, distance: Math.abs(parameters / referenceParameters(model) - 1) }))
      .toSorted((a, b) => a.distance - b.distance);
    return nearest !== undefined && nearest.distance <= likeness ? [{ size: nearest.size, quant }] : [];
  });
}
