import { useDeferredValue, useMemo } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import type { CatalogQuant } from '#shared/contract/catalog.ts';
import { useFitPlan } from '../../fit/useFitPlan.ts';
import { repoKey, useCatalog } from '../../stores/catalog.ts';
import { chooseQuant } from './chooseQuant.ts';
import { quantFit, recommendedQuant } from './quantFit.ts';
import { readHeaderOf } from './readHeader.ts';

export interface ListedFit {
  readonly quant: CatalogQuant;
  readonly fit: FitEstimate;
  /** GPU and RAM together, and where on that scale the GPU ends; null without a GPU of its own memory. */
  readonly machineBytes: number;
  readonly gpuShare: number | null;
}

/**
 * What is known to fit, by repo: of those whose header was read, with the context and cache that are planned for. The rest of the list has no
 * badge, because nothing was computed.
 */
export function useListedFits(): ReadonlyMap<string, ListedFit> {
  const repos = useCatalog((state) => state.repos);
  const headers = useCatalog((state) => state.headers);
  // The open repo follows the slider at once; the list when there is time.
  const plan = useDeferredValue(useFitPlan());
  return useMemo(() => {
    const listed = new Map<string, ListedFit>();
    if (plan === null) return listed;
    const { machine } = plan;
    const vramBytes = machine.gpu === null || machine.gpu.unified ? 0 : machine.gpu.vramBytes;
    const machineBytes = machine.ramBytes + vramBytes;
    for (const [key, entry] of Object.entries(repos)) {
      if (entry.state !== 'ready' || key !== repoKey(entry.value.repo, null) || entry.value.isArchitectureSupported === false) continue;
      const repo = entry.value;
      const header = readHeaderOf(repo, headers);
      if (header === null) continue;
      const recommended = recommendedQuant(repo, header, machine);
      const { quant } = chooseQuant(repo.quants, { pickedFile: undefined, wanted: null, recommendedFile: recommended?.file });
      const fit = quant === undefined ? null : quantFit(quant, header, plan);
      if (quant === undefined || fit === null) continue;
      listed.set(repo.repo, { quant, fit, machineBytes, gpuShare: vramBytes === 0 ? null : vramBytes / machineBytes });
    }
    return listed;
  }, [repos, headers, plan]);
}
