import { useMemo } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import type { CatalogQuant } from '#shared/contract/catalog.ts';
import { headerKey, repoKey, useCatalog } from '../../stores/catalog.ts';
import { chooseQuant } from './chooseQuant.ts';
import { quantFits, quantShapes } from './quantFits.ts';
import { useFitPlan } from './useFitPlan.ts';

export interface ListedFit {
  readonly quant: CatalogQuant;
  readonly fit: FitEstimate;
  /** GPU and RAM together, and where on that scale the GPU ends; null without a GPU of its own memory. */
  readonly machineBytes: number;
  readonly gpuShare: number | null;
}

/** What is known to fit, by repo: of those whose header was read. The rest of the list has no badge, because nothing was computed. */
export function useListedFits(): ReadonlyMap<string, ListedFit> {
  const repos = useCatalog((state) => state.repos);
  const headers = useCatalog((state) => state.headers);
  const plan = useFitPlan();
  return useMemo(() => {
    const fits = new Map<string, ListedFit>();
    if (plan === null) return fits;
    const { machine } = plan;
    const vramBytes = machine.gpu === null || machine.gpu.unified ? 0 : machine.gpu.vramBytes;
    const machineBytes = machine.ramBytes + vramBytes;
    for (const [key, entry] of Object.entries(repos)) {
      if (entry.state !== 'ready' || key !== repoKey(entry.value.repo, null)) continue;
      const { repo, commit, quants } = entry.value;
      const { quant } = chooseQuant(quants, { pickedFile: undefined, wanted: null });
      const read = quants.find((one) => headers[headerKey(repo, commit, one.file)]?.state === 'ready');
      const header = read === undefined ? undefined : headers[headerKey(repo, commit, read.file)];
      if (quant === undefined || read === undefined || header?.state !== 'ready') continue;
      const fit = quantFits(quantShapes([quant], { file: read.file, shape: header.value.shape }), plan).get(quant.file);
      if (fit !== undefined) fits.set(repo, { quant, fit, machineBytes, gpuShare: vramBytes === 0 ? null : vramBytes / machineBytes });
    }
    return fits;
  }, [repos, headers, plan]);
}
