import { useMemo } from 'react';
import type { CatalogRepo } from '#shared/contract/catalog.ts';
import { useCatalog } from '../../stores/catalog.ts';
import { chooseQuant } from './chooseQuant.ts';

/** The quant that is selected in a repo, and what was asked for and is not there. */
export function useSelectedQuant(repo: CatalogRepo): ReturnType<typeof chooseQuant> {
  const pickedFile = useCatalog((state) => state.picked[repo.repo]);
  const wanted = useCatalog((state) => (state.wanted?.repo.toLowerCase() === repo.repo.toLowerCase() ? state.wanted : null));
  return useMemo(() => chooseQuant(repo.quants, { pickedFile, wanted }), [repo, pickedFile, wanted]);
}
