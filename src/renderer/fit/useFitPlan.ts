import { useMemo } from 'react';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { useFitChoice } from '../stores/fitChoice.ts';
import { useModels } from '../stores/models.ts';
import { useSettings } from '../stores/settings.ts';
import { useSystem } from '../stores/system.ts';
import { type FitPlan, usualContextTokens } from './fitPlan.ts';
import { ownBytes } from './ownBytes.ts';

/** The machine that is planned for. What Rightsize itself has loaded counts as free: loading makes room by unloading it. @returns null while it has not been read */
export function useFitMachine(): FitMachine | null {
  const hardware = useSystem((state) => state.hardware);
  const gpu = useSettings((state) => state.settings?.gpu ?? 'auto');
  // Numbers, not the models: a load that reports its progress changes no plan.
  const ramBytes = useModels((state) => ownBytes(state.loaded).ramBytes);
  const gpuBytes = useModels((state) => ownBytes(state.loaded).gpuBytes);
  return useMemo(
    () => (hardware === null ? null : fitMachineOf(hardware, { ramBytes, gpuBytes, gpu })),
    [hardware, ramBytes, gpuBytes, gpu],
  );
}

/** The machine and what was chosen, the same on every screen. @returns null while the machine has not been read */
export function useFitPlan(): FitPlan | null {
  const machine = useFitMachine();
  const usual = useSettings((state) => state.settings?.contextTokens ?? usualContextTokens);
  const contextTokens = useFitChoice((state) => state.contextTokens) ?? usual;
  const kvType = useFitChoice((state) => state.kvType);
  return useMemo(() => (machine === null ? null : { machine, contextTokens, kvType }), [machine, contextTokens, kvType]);
}
