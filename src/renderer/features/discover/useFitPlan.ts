import { useMemo } from 'react';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { useCatalog } from '../../stores/catalog.ts';
import { useModels } from '../../stores/models.ts';
import { useSettings } from '../../stores/settings.ts';
import { useSystem } from '../../stores/system.ts';
import { fitMachine } from './fitMachine.ts';
import { type FitPlan, recommendedContextTokens } from './quantFit.ts';

/** The machine that is planned for. @returns null while it has not been read */
export function useFitMachine(): FitMachine | null {
  const hardware = useSystem((state) => state.hardware);
  const loaded = useModels((state) => state.loaded);
  const gpu = useSettings((state) => state.settings?.gpu ?? 'auto');
  return useMemo(() => (hardware === null ? null : fitMachine(hardware, { loaded, gpu })), [hardware, loaded, gpu]);
}

/** The machine and what was chosen on this screen. @returns null while the machine has not been read */
export function useFitPlan(): FitPlan | null {
  const machine = useFitMachine();
  const usual = useSettings((state) => state.settings?.contextTokens ?? recommendedContextTokens);
  const contextTokens = useCatalog((state) => state.contextTokens) ?? usual;
  const kvType = useCatalog((state) => state.kvType);
  return useMemo(() => (machine === null ? null : { machine, contextTokens, kvType }), [machine, contextTokens, kvType]);
}
