import { formatCount } from '#core/units.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { chooseContext } from '../../stores/fitChoice.ts';
import { Select } from '../../ui/Select.tsx';

/** What people choose between; the slider of a model has every step. */
const usualContexts = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** For which context the fits of the list hold: shorter for a model that was trained for less. */
export function FitContextSelect({ plan }: { readonly plan: FitPlan | null }) {
  if (plan === null) return null;
  const { contextTokens } = plan;
  const offered = usualContexts.includes(contextTokens) ? usualContexts : [...usualContexts, contextTokens].toSorted((a, b) => a - b);
  return (
    <Select
      label="Context that fits are computed for"
      size="sm"
      plain
      value={String(contextTokens)}
      onChange={(next) => chooseContext(Number(next))}
      options={offered.map((tokens) => ({ value: String(tokens), label: `Fit at ${formatCount(tokens)}` }))}
    />
  );
}
