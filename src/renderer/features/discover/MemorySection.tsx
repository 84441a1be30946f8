import type { FitEstimate, KvType } from '#core/fit/fitTypes.ts';
import { formatGibibytes } from '#core/units.ts';
import type { CatalogQuant, CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';
import type { Loadable } from '../../stores/benchmarks.ts';
import { chooseContext, chooseKvType } from '../../stores/catalog.ts';
import { Button } from '../../ui/Button.tsx';
import { Legend } from '../../ui/Legend.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { contextShort, memoryParts } from '../../ui/shortForms.ts';
import { Tank } from '../../ui/Tank.tsx';
import { Ticks } from '../../ui/Ticks.tsx';
import { ContextControl } from './ContextControl.tsx';
import { type MemoryBar, type MemoryPlan, memoryBars } from './memoryBars.ts';
import type { FitPlan } from './quantFit.ts';

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
      {bars === null ? null : <Bars bars={bars} />}
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
        {bars === null ? <span /> : <BarsLegend bars={bars} />}
        {plan === null ? null : (
          <Select<KvType> label="Type of the KV cache" size="sm" plain value={plan.kvType} onChange={chooseKvType} options={kvOptions} />
        )}
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

const kvOptions: readonly { readonly value: KvType; readonly label: string; readonly detail: string }[] = [
  { value: 'f16', label: 'KV f16', detail: 'usual' },
  { value: 'q8_0', label: 'KV q8_0', detail: 'about half' },
  { value: 'q4_0', label: 'KV q4_0', detail: 'about a quarter' },
];

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

function Bars({ bars: { bars, scaleBytes } }: { readonly bars: MemoryPlan }) {
  return (
    <div className="tanks">
      {bars.map((bar) => (
        <div key={bar.place} className="contents">
          <span className="lab">{bar.place}</span>
          <div style={{ width: `${(bar.drawnBytes / scaleBytes) * 100}%` }}>
            <Tank parts={bar.parts} total={bar.drawnBytes} label={`${bar.place}: ${barWords(bar)}`} />
          </div>
          <span className="val" aria-hidden="true">
            <b>{memoryParts(bar.usedBytes).value}</b> of {formatGibibytes(bar.totalBytes)}
          </span>
        </div>
      ))}
      <span />
      <Ticks totalGib={scaleBytes / 2 ** 30} />
      <span />
    </div>
  );
}

function barWords(bar: MemoryBar): string {
  const short = bar.usedBytes - bar.totalBytes;
  return `${formatGibibytes(bar.usedBytes)} of ${formatGibibytes(bar.totalBytes)}${short > 0 ? `, ${formatGibibytes(short)} short` : ''}`;
}

function BarsLegend({ bars }: { readonly bars: MemoryPlan }) {
  const value = (bytes: number): string => (bytes < 0.1 * 2 ** 30 ? formatGibibytes(bytes) : memoryParts(bytes).value);
  return (
    <Legend
      entries={[
        { kind: 'weights', label: 'Weights', value: value(bars.weights) },
        { kind: 'kv', label: 'KV cache', value: value(bars.kv) },
        { kind: 'compute', label: 'Compute', value: value(bars.compute) },
        { kind: 'other', label: 'Other apps', value: value(bars.other) },
        bars.missing > 0
          ? { kind: 'over', label: 'Missing', value: formatGibibytes(bars.missing) }
          : { kind: 'free', label: 'Free', value: formatGibibytes(bars.free) },
      ]}
    />
  );
}
