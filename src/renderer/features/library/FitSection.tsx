import { useDeferredValue, useMemo } from 'react';
import { formatCount, formatGibibytes, formatTokensPerSecond } from '#core/units.ts';
import type { LoadObservation } from '#shared/contract/fit.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { ContextControl } from '../../fit/ContextControl.tsx';
import { ContextNote } from '../../fit/ContextNote.tsx';
import { FitAdviceView } from '../../fit/FitAdviceView.tsx';
import { FitFigures } from '../../fit/FitFigures.tsx';
import { fitAdvice } from '../../fit/fitAdvice.ts';
import { loadAt, speedRange } from '../../fit/fitFigures.ts';
import type { FitPlan, FitSubject } from '../../fit/fitPlan.ts';
import { KvTypeSelect } from '../../fit/KvTypeSelect.tsx';
import { MemoryRuler } from '../../fit/MemoryRuler.tsx';
import { memoryBars } from '../../fit/memoryBars.ts';
import { useObservations } from '../../fit/useObservations.ts';
import type { RefinedFit } from '../../fit/useRefinedFit.ts';
import { chooseContext } from '../../stores/fitChoice.ts';
import { useLibrary } from '../../stores/library.ts';
import { useSystem } from '../../stores/system.ts';
import { fitWords } from '../../ui/fitWords.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { quantsBeside } from './quantsBeside.ts';
import type { ModelFit } from './useModelFit.ts';

interface FitSectionProps {
  readonly artifact: Artifact;
  readonly plan: FitPlan | null;
  readonly model: ModelFit;
  readonly onSelect: (id: string) => void;
}

/** Where the model would lie at a context length, what would make it fit, and what loading it took. */
export function FitSection({ artifact, plan, model: { known, subject, refined }, onSelect }: FitSectionProps) {
  const problem = useSystem((state) => state.hardwareProblem);
  if (known.state === 'unknown')
    return (
      <section className="sec" aria-label="Memory">
        <h3 className="h3">Memory</h3>
        <p className="note">How much it takes is unknown. {known.reason}</p>
      </section>
    );
  if (plan === null && problem !== null)
    return (
      <section className="sec" aria-label="Memory">
        <h3 className="h3">Memory</h3>
        <p className="note">How it fits is unknown, because this machine could not be read. {problem.message}</p>
      </section>
    );
  if (plan === null || subject === null || refined === null) return <Skeleton label="Reading what it takes" rows={4} />;
  return <KnownFit artifact={artifact} plan={plan} subject={subject} refined={refined} onSelect={onSelect} />;
}

interface KnownFitProps {
  readonly artifact: Artifact;
  readonly plan: FitPlan;
  readonly subject: FitSubject;
  readonly refined: RefinedFit;
  readonly onSelect: (id: string) => void;
}

function KnownFit({ artifact, plan, subject, refined, onSelect }: KnownFitProps) {
  const artifacts = useLibrary((state) => state.artifacts);
  const observations = useObservations(artifact.id);
  const { fit, placement } = refined;
  const trained = artifact.contextTokens;
  // What would help takes several estimates: the slider never waits for them.
  const asked = useDeferredValue(useMemo(() => ({ subject, plan, fit }), [subject, plan, fit]));
  const advice = useMemo(() => fitAdvice(asked, quantsBeside(artifact, artifacts)), [asked, artifact, artifacts]);
  return (
    <section className="sec" aria-label="Memory">
      <div className="row spread">
        <h3 className="h3">Memory at {formatCount(placement.contextTokens)}</h3>
        <KvTypeSelect value={plan.kvType} />
      </div>
      <ContextControl
        isStacked
        tokens={placement.contextTokens}
        trainedTokens={trained}
        fitsUpTo={fit.maxContext}
        onChange={chooseContext}
        outcome={fitWords(fit).words}
        note={<ContextNote fit={fit} trainedTokens={trained} />}
      />
      <MemoryRuler bars={memoryBars(fit, plan.machine, { onlyUsed: true })} isCompact />
      <dl className="kv">
        <dt>Weights</dt>
        <dd>{formatGibibytes(fit.bytes.weights)}</dd>
        <dt>KV cache</dt>
        <dd>{formatGibibytes(fit.bytes.kvCache + fit.bytes.recurrent)}</dd>
        <dt title="Working space of the engine, its process and the driver">Compute</dt>
        <dd>{formatGibibytes(fit.bytes.compute + fit.bytes.overhead)}</dd>
        <dt>Speed</dt>
        <Speed refined={refined} plan={plan} observations={observations} />
      </dl>
      <FitFigures refined={refined} observations={observations} />
      {advice === null ? null : <FitAdviceView advice={advice} onPickQuant={onSelect} />}
    </section>
  );
}

/** Of a load like this one what was measured; else the prediction, as a range; else why there is none. */
function Speed({
  refined,
  plan,
  observations,
}: Pick<KnownFitProps, 'refined' | 'plan'> & { readonly observations: readonly LoadObservation[] }) {
  const { fit, placement } = refined;
  const measured = loadAt(observations, placement)?.tokensPerSecond.measured ?? null;
  if (measured !== null) return <dd title="Of a load just like this one">{formatTokensPerSecond(measured)} measured here</dd>;
  if (fit.tokensPerSecond !== null && fit.state !== 'none')
    return <dd title={`Predicted: ${fit.tokensPerSecond.basis}`}>{speedRange(fit.tokensPerSecond)} tok/s</dd>;
  const canMeasure = fit.state !== 'none' && plan.machine.bandwidthBytesPerSecond === null;
  return <dd title={canMeasure ? 'Predicted once the speed of the memory is measured, on the Hardware page' : undefined}>–</dd>;
}
