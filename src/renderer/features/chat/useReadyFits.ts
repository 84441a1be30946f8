import { useEffect, useMemo } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { fitOf, usualContextTokens } from '../../fit/fitPlan.ts';
import { useFitMachine } from '../../fit/useFitPlan.ts';
import { useFreshMachine } from '../../fit/useFreshMachine.ts';
import { shapeOf, useFit, wantInView } from '../../stores/fit.ts';
import { useSettings } from '../../stores/settings.ts';

/** As many as a list shows before anybody scrolls: each fit takes about a millisecond. */
const mostFits = 30;

/** How models would fit if they were chosen now, as a chat would load them: the first of the list only. Empty until the machine and their headers are read. */
export function useReadyFits(artifacts: readonly Artifact[]): ReadonlyMap<string, FitEstimate> {
  useFreshMachine();
  const machine = useFitMachine();
  const contextTokens = useSettings((state) => state.settings?.contextTokens ?? usualContextTokens);
  const shapes = useFit((state) => state.shapes);
  const ids = artifacts
    .slice(0, mostFits)
    .map(({ id }) => id)
    .join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same models in another array are the same question
  const first = useMemo(() => artifacts.slice(0, mostFits), [ids]);
  useEffect(() => wantInView(first), [first]);
  return useMemo(() => {
    const fits = new Map<string, FitEstimate>();
    if (machine === null) return fits;
    for (const artifact of first) {
      const known = shapeOf(shapes, artifact);
      const fit = known?.state === 'ready' ? fitOf(known, { machine, contextTokens, kvType: 'f16' }) : null;
      if (fit !== null) fits.set(artifact.id, fit);
    }
    return fits;
  }, [first, shapes, machine, contextTokens]);
}
