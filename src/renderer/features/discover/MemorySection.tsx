import { useDeferredValue, useMemo } from 'react';
import type { CatalogQuant, CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';
import { ContextControl } from '../../fit/ContextControl.tsx';
import { ContextNote } from '../../fit/ContextNote.tsx';
import { FitAdviceView } from '../../fit/FitAdviceView.tsx';
import { FitFigures } from '../../fit/FitFigures.tsx';
import { fitAdvice } from '../../fit/fitAdvice.ts';
import type { FitPlan, FitSubject } from '../../fit/fitPlan.ts';
import { KvTypeSelect } from '../../fit/KvTypeSelect.tsx';
import { MemoryLegend, MemoryRuler } from '../../fit/MemoryRuler.tsx';
import { memoryBars } from '../../fit/memoryBars.ts';
import { useObservations } from '../../fit/useObservations.ts';
import type { RefinedFit } from '../../fit/useRefinedFit.ts';
import type { Loadable } from '../../stores/benchmarks.ts';
import { pickQuant } from '../../stores/catalog.ts';
import { chooseContext } from '../../stores/fitChoice.ts';
import { Button } from '../../ui/Button.tsx';
import { fitWords } from '../../ui/fitWords.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { otherQuants } from './quantFit.ts';
import { useQuantOnDisk } from './useQuantOnDisk.ts';

interface MemorySectionProps {
  readonly repo: CatalogRepo;
  readonly quant: CatalogQuant;
  readonly header: Loadable<RemoteHeader> | undefined;
  /** Of the selected quant. */
  readonly subject: FitSubject | null;
  readonly refined: RefinedFit | null;
  readonly plan: FitPlan | null;
  readonly onRetryHeader: () => void;
}

/** Where the selected quant would lie at a context length: one ruler for every memory of the machine. */
export function MemorySection({ repo, quant, header, subject, refined, plan, onRetryHeader }: MemorySectionProps) {
  const trained = (header?.state === 'ready' ? header.value.contextTokens : null) ?? repo.contextTokens;
  const { artifact } = useQuantOnDisk(repo, quant);
  const observations = useObservations(artifact?.id ?? null);
  const fit = refined?.fit ?? null;
  const bars = fit === null || plan === null ? null : memoryBars(fit, plan.machine);
  return (
    <section className="mem" aria-label="Memory" tabIndex={-1}>
      {plan === null ? null : (
        <ContextControl
          tokens={Math.min(plan.contextTokens, trained ?? Number.POSITIVE_INFINITY)}
          trainedTokens={trained}
          fitsUpTo={fit?.maxContext ?? null}
          onChange={chooseContext}
          note={<ContextNote fit={fit} trainedTokens={trained} />}
          {...(fit === null ? {} : { outcome: fitWords(fit).words })}
        />
      )}
      {bars === null ? (
        <NoBars name={quant.type ?? quant.file} header={header} onRetryHeader={onRetryHeader} />
      ) : (
        <MemoryRuler bars={bars} />
      )}
      <div className="row spread mem-foot">
        {bars === null ? <span /> : <MemoryLegend bars={bars} />}
        {plan === null ? null : <KvTypeSelect value={plan.kvType} />}
      </div>
      {refined === null ? null : <FitFigures refined={refined} observations={observations} />}
      {refined === null || subject === null || plan === null ? null : (
        <Advice repo={repo} quant={quant} subject={subject} plan={plan} refined={refined} />
      )}
    </section>
  );
}

type AdviceProps = Pick<MemorySectionProps, 'repo' | 'quant'> & {
  readonly subject: FitSubject;
  readonly plan: FitPlan;
  readonly refined: RefinedFit;
};

function Advice({ repo, quant, subject, plan, refined }: AdviceProps) {
  // What would help takes several estimates: the slider never waits for them.
  const asked = useDeferredValue(useMemo(() => ({ subject, plan, fit: refined.fit }), [subject, plan, refined.fit]));
  const advice = useMemo(() => fitAdvice(asked, otherQuants(repo, quant)), [asked, repo, quant]);
  return advice === null ? null : <FitAdviceView advice={advice} onPickQuant={(file) => pickQuant(repo.repo, file)} />;
}

type NoBarsProps = Pick<MemorySectionProps, 'header' | 'onRetryHeader'> & { readonly name: string };

/** Why there is nothing to draw, or not yet. */
function NoBars({ name, header, onRetryHeader }: NoBarsProps) {
  if (header === undefined || header.state === 'loading') return <Skeleton label={`Reading the header of ${name}`} rows={2} />;
  if (header.state === 'ready')
    return <p className="note unknown-fit">How much memory it takes is unknown: no estimate could be made from this header.</p>;
  return (
    <p className="note unknown-fit">
      How much memory it takes is unknown. {header.problem.message}
      <Button size="sm" variant="ghost" onClick={onRetryHeader}>
        Try again
      </Button>
    </p>
  );
}
