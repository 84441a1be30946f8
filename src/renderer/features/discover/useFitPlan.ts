import { useMemo } from 'react';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { useCatalog } from '../../stores/catalog.ts';
import { useModels } from '../../stores/models.ts';
import { useSettings } from '../../stores/settings.ts';
import { useSystem } from '../../stores/system.ts';
import { fitMachine } from './fitMachine.ts';
import type { FitChoice } from './quantFits.ts';

export interface FitPlan {
  readonly machine: FitMachine;
  readonly choice: FitChoice;
}

export const usualContextTokens = 8192;

/** The machine and what was chosen on this screen. @returns null while the machine has not been read */
export function useFitPlan(): FitPlan | null {
  const hardware = useSystem((state) => state.hardware);
  const loaded = useModels((state) => state.loaded);
  const gpu = useSettings((state) => state.settings?.gpu ?? 'auto');
  const usual = useSettings((state) => state.settings?.contextTokens ?? usualContextTokens);
  const contextTokens = useCatalog((state) => state.contextTokens) ?? usual;
  const kvType = useCatalog((state) => state.kvType);
  const machine = useMemo(() => (hardware === null ? null : fitMachine(hardware, { loaded, gpu })), [hardware, loaded, gpu]);
  return useMemo(() => (machine === null ? null : { machine, choice: { contextTokens, kvType } }), [machine, contextTokens, kvType]);
}
