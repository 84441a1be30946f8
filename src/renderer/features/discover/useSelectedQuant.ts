import { useMemo } from 'react';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import { useFitMachine } from '../../fit/useFitPlan.ts';
import { useCatalog } from '../../stores/catalog.ts';
import { chooseQuant } from './chooseQuant.ts';
import { type ReadHeader, type RecommendedQuant, recommendedQuant } from './quantFit.ts';
import { readHeaderOf } from './readHeader.ts';

export interface SelectedQuant {
  /** Undefined only where the repo holds none. */
  readonly quant: CatalogQuant | undefined;
  /** What a typed name asked for and the repo does not have. */
  readonly missing: string | null;
  readonly recommended: RecommendedQuant | null;
  readonly header: ReadHeader | null;
}

/** The quant that is selected in a repo, and the one that is recommended. */
export function useSelectedQuant(repo: CatalogRepo): SelectedQuant {
  const pickedFile = useCatalog((state) => state.picked[repo.repo]);
  const wanted = useCatalog((state) => (state.wanted?.repo.toLowerCase() === repo.repo.toLowerCase() ? state.wanted : null));
  const headers = useCatalog((state) => state.headers);
  const machine = useFitMachine();
  const header = useMemo(() => readHeaderOf(repo, headers), [repo, headers]);
  const recommended = useMemo(() => recommendedQuant(repo, header, machine), [repo, header, machine]);
  return useMemo(
    () => ({ ...chooseQuant(repo.quants, { pickedFile, wanted, recommendedFile: recommended?.file }), recommended, header }),
    [repo, pickedFile, wanted, recommended, header],
  );
}
