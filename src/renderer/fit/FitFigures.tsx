import { formatCount, formatGibibytes } from '#core/units.ts';
import type { LoadObservation, Placement } from '#shared/contract/fit.ts';
import { whenShort } from '../ui/shortForms.ts';
import { useNow } from '../ui/useNow.ts';
import { bytesRange, estimatedMeasured, loadAt } from './fitFigures.ts';
import type { RefinedFit } from './useRefinedFit.ts';

interface FitFiguresProps {
  readonly refined: RefinedFit;
  readonly observations: readonly LoadObservation[];
}

/** How much it takes in all and who says so: computed as a range, the engine's own word as one figure, and what a load took here. */
export function FitFigures({ refined, observations }: FitFiguresProps) {
  const { fit, tier, isAsking, reason, placement } = refined;
  return (
    <div className="note figures">
      <p>
        <b>{tier === 't1' ? formatGibibytes(fit.bytes.total) : bytesRange(fit.range)}</b> in all{splitWords(refined)}
        {tier === 't1' ? (
          <span title="The engine went through the load without taking the memory">, the engine’s own figure</span>
        ) : fit.isExact ? (
          ', computed from the header'
        ) : (
          ': how this architecture uses memory is not fully known'
        )}
        .{isAsking ? ' Asking the engine.' : ''}
      </p>
      {reason === null ? null : <p>The engine gave no figure of its own. {reason}</p>}
      <Measured observations={observations} placement={placement} />
    </div>
  );
}

function Measured({ observations, placement }: { readonly observations: readonly LoadObservation[]; readonly placement: Placement }) {
  const now = useNow();
  const here = loadAt(observations, placement);
  if (here !== undefined)
    return (
      <p>
        Measured here {whenShort(here.at, now)}: {estimatedMeasured(here)}.
      </p>
    );
  const [last] = observations;
  if (last === undefined) return null;
  return (
    <p>
      Last load, {whenShort(last.at, now)} with {formatCount(last.placement.contextTokens)} context: {estimatedMeasured(last)}.
    </p>
  );
}

/** Where both a GPU and RAM hold a part of it. */
function splitWords({ fit, tier }: RefinedFit): string {
  const { gpu, ram } = fit.bytes;
  if (gpu === 0 || ram === 0) return '';
  const about = tier === 't1' ? '' : 'about ';
  return `, ${about}${formatGibibytes(gpu)} of it on the GPU`;
}
