import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { formatGibibytes } from '#core/units.ts';
import type { CatalogQuant, CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';
import { ContextControl } from '../../fit/ContextControl.tsx';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { KvTypeSelect } from '../../fit/KvTypeSelect.tsx';
import { MemoryLegend, MemoryRuler } from '../../fit/MemoryRuler.tsx';
import { memoryBars } from '../../fit/memoryBars.ts';
import type { Loadable } from '../../stores/benchmarks.ts';
import { chooseContext } from '../../stores/fitChoice.ts';
import { Button } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { contextShort } from '../../ui/shortForms.ts';

interface MemorySectionProps {
  readonly repo: CatalogRepo;
  readonly quant: CatalogQuant;
  readonly header: Loadable<RemoteHeader> | undefined;
  readonly fit: FitEstimate | null;
  readonly plan: FitPlan | null;
  readonly onRetryHeader: () => void;
}

/** Where the selected quant would lie at a context length: one ruler for every memory of the machine. */
export function MemorySection({ repo, quant, header, fit, plan, onRetryHeader }: MemorySectionProps) {
  const trained = (header?.state === 'ready' ? header.value.contextTokens : null) ?? repo.contextTokens;
  const bars = fit === null || plan === null ? null : memoryBars(fit, plan.machine);
  return (
    <section className="mem" aria-label="Memory">
      {plan === null ? null : (
        <ContextControl
          tokens={Math.min(plan.contextTokens, trained ?? Number.POSITIVE_INFINITY)}
          trainedTokens={trained}
          fitsUpTo={fit?.maxContext ?? null}
          onChange={chooseContext}
          note={<ContextNote fit={fit} trainedTokens={trained} />}
        />
      )}
      {bars === null ? null : <MemoryRuler bars={bars} />}
      {bars === null && (header === undefined || header.state === 'loading') ? (
        <Skeleton label={`Reading the header of ${quant.type ?? quant.file}`} rows={2} />
      ) : null}
      {bars === null && header?.state === 'failed' ? (
        <p className="note unknown-fit">
          How much memory it takes is unknown. {header.problem.message}
          <Button size="sm" variant="ghost" onClick={onRetryHeader}>
            Try again
          </Button>
        </p>
      ) : null}
      {bars === null && header?.state === 'ready' ? (
        <p className="note unknown-fit">How much memory it takes is unknown: no estimate could be made from this header.</p>
      ) : null}
      <div className="row spread mem-foot">
        {bars === null ? <span /> : <MemoryLegend bars={bars} />}
        {plan === null ? null : <KvTypeSelect value={plan.kvType} />}
      </div>
      {fit !== null && !fit.isExact ? (
        <p className="note">
          It takes between {formatGibibytes(fit.range.low)} and {formatGibibytes(fit.range.high)}: how this architecture uses memory is not
          fully known.
        </p>
      ) : null}
    </section>
  );
}

function ContextNote({ fit, trainedTokens }: { readonly fit: FitEstimate | null; readonly trainedTokens: number | null }) {
  const isAll = fit !== null && fit.maxContext !== null && trainedTokens !== null && fit.maxContext >= trainedTokens;
  return (
    <>
      {fit === null ? null : (
        <>
          {isAll ? 'All of it fits.' : fit.maxContext === null ? 'No context fits.' : `Fits up to ${contextShort(fit.maxContext)}.`}
          <br />
        </>
      )}
      1k is about 2 pages.
    </>
  );
}
