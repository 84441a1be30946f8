import type { ReferenceModel } from '#core/fit/reference/referenceModels.ts';
import { navigate } from '../../router.ts';
import { changeFilters, plainFilters, typeSearch, useCatalog } from '../../stores/catalog.ts';

/** Looks on the hub for models of a size, with a quant noted for whatever is opened. What fits is not asked again: the cell has said it. */
export function searchSize(model: ReferenceModel, quant: string): void {
  const { sort, trustedOnly } = useCatalog.getState().filters;
  typeSearch(`${model.size} ${quant}`);
  changeFilters({ ...plainFilters, sort, trustedOnly });
  navigate({ screen: 'discover', repo: null, revision: null });
}
