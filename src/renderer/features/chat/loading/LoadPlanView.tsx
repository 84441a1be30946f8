import { formatGibibytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { bytesRange, estimatedMeasured } from '../../../fit/fitFigures.ts';
import { MemoryRuler } from '../../../fit/MemoryRuler.tsx';
import { memoryBars } from '../../../fit/memoryBars.ts';
import { useFitMachine } from '../../../fit/useFitPlan.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import type { ShownPlan } from './useLoadPlan.ts';

/** What a load with these settings would take and why it would be made so, and what the load that is there took. */
export function LoadPlanView({
  shown: { plan, problem },
  running,
}: {
  readonly shown: ShownPlan;
  readonly running: LoadedModel | undefined;
}) {
  const machine = useFitMachine();
  if (problem !== null)
    return (
      <p className="note" role="alert">
        {problem.message} {problem.hint}
      </p>
    );
  if (plan === null) return <Skeleton label="Planning the load" rows={3} />;
  const { fit } = plan;
  const took = running === undefined || running.estimate === null || running.measured === null ? null : running;
  return (
    <div className="load-plan note" aria-live="polite">
      {fit === null || machine === null ? null : <MemoryRuler bars={memoryBars(fit, machine, { onlyUsed: true })} isCompact />}
      {fit === null ? null : (
        <p>
          <b className="num">{plan.tier === 't1' ? formatGibibytes(fit.bytes.total) : bytesRange(fit.range)}</b> in all,{' '}
          <span className="num">{formatGibibytes(fit.bytes.kvCache + fit.bytes.recurrent)}</span> of it for the context
          {plan.tier === 't1' ? ', by the engine’s own figure' : ''}.
        </p>
      )}
      {plan.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {took?.estimate == null || took.measured === null ? null : (
        <p className="num">As it is loaded: {estimatedMeasured({ estimated: took.estimate, measured: took.measured })}.</p>
      )}
    </div>
  );
}
