import { Eject } from 'lucide-react';
import { formatCount, formatGibibytes, missing } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { estimatedMeasured, gibibytesFine } from '../../fit/fitFigures.ts';
import { loadedBytesThere, loadedMemoryParts, type MemoryScale, memoryScale } from '../../shell/loadedMemory.ts';
import { unload } from '../../shell/unload.ts';
import { unloadAll, useModels } from '../../stores/models.ts';
import { useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { Legend } from '../../ui/Legend.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { memoryParts } from '../../ui/shortForms.ts';
import { showError } from '../../ui/showError.ts';
import { Tank } from '../../ui/Tank.tsx';
import { Ticks } from '../../ui/Ticks.tsx';
import type { TankKind, TankPart } from '../../ui/tankPart.ts';
import { otherBytes } from './otherBytes.ts';

/** What is in memory, each on the scale of the memory it lies in. */
export function LoadedModels({ hardware }: { readonly hardware: Hardware }) {
  const loaded = useModels((state) => state.loaded);
  return (
    <section className="card" aria-label="Loaded models">
      <header>
        <h2 className="h3 grow">Loaded models</h2>
        {loaded.length > 0 ? (
          <Button
            variant="ghost"
            size="sm"
            className="unload-all"
            onClick={() => void unloadAll().catch((thrown: unknown) => showError('Not every model was unloaded', thrown))}
          >
            Unload all
          </Button>
        ) : null}
      </header>
      {loaded.length === 0 ? (
        <p className="lm note">
          None. A model is loaded when you chat with it or benchmark it, and unloaded when it has not been used for a while.
        </p>
      ) : (
        loaded.map((model) => <LoadedCard key={model.artifactId} model={model} hardware={hardware} />)
      )}
    </section>
  );
}

const names: Readonly<Record<TankKind, string>> = {
  weights: 'Weights',
  kv: 'KV',
  compute: 'Compute',
  other: 'Other',
  over: 'Missing',
  free: 'Free',
};

function LoadedCard({ model, hardware }: { readonly model: LoadedModel; readonly hardware: Hardware }) {
  const scale = memoryScale(model, hardware);
  const loaded = useModels((state) => state.loaded);
  const other = useSystem((state) =>
    scale === null ? null : otherBytes(state.load.at(-1), { place: scale.place, loaded, gpus: hardware.gpus }),
  );
  const own = loadedMemoryParts(model);
  const bytes = loadedBytesThere(model);
  const parts: readonly TankPart[] = other === null ? own : [{ kind: 'other', value: other }, ...own];
  const where = placeWords(model);
  return (
    <div className="lm">
      <div className="row spread">
        <span className="ink med ell" title={model.name}>
          {model.name}
        </span>
        <Button size="sm" icon={Eject} disabled={model.state !== 'ready'} onClick={() => void unload(model)}>
          Unload
        </Button>
      </div>
      <div className="note ell" title={[`${where}, ${formatCount(model.contextTokens)} context`, ...model.reasons].join('\n')}>
        {model.quant === null ? null : (
          <>
            <span className="mono">{model.quant}</span>,{' '}
          </>
        )}
        {where}
      </div>
      {model.state === 'loading' ? (
        <ProgressBar label={`Loading ${model.name}`} value={model.progress} />
      ) : bytes === null || scale === null ? null : (
        <>
          {scale.totalBytes === null ? null : (
            <>
              <Tank
                className="mt-2"
                size="card"
                parts={parts}
                total={scale.totalBytes}
                label={`${model.name} uses ${formatGibibytes(bytes)} of ${formatGibibytes(scale.totalBytes)} ${scale.place}`}
              />
              <Ticks totalGib={scale.totalBytes / 2 ** 30} />
            </>
          )}
          <Legend entries={legendOrder(parts).map(({ kind, value }) => ({ kind, label: names[kind], value: shortBytes(value, scale) }))} />
          <Expected model={model} />
        </>
      )}
    </div>
  );
}

/** What it was expected to take beside what it took. */
function Expected({ model }: { readonly model: LoadedModel }) {
  const { estimate, measured } = model;
  if (estimate === null || measured === null) {
    return measured === null ? null : <p className="note expected">measured {gibibytesFine(measured.totalBytes)} in all</p>;
  }
  const tier = estimate.tier === 't1' ? 'The estimate is the engine’s own dry run.' : 'The estimate was computed from the header.';
  const onGpu =
    measured.gpuBytes === null ? '' : ` Measured: GPU ${gibibytesFine(measured.gpuBytes)}, RAM ${gibibytesFine(measured.ramBytes)}.`;
  return (
    <p className="note expected" title={`${tier}${onGpu}`}>
      {estimatedMeasured({ estimated: estimate, measured })}
    </p>
  );
}

/** Other programs come first on the ruler and last in words. */
function legendOrder(parts: readonly TankPart[]): readonly TankPart[] {
  return [...parts.filter(({ kind }) => kind !== 'other'), ...parts.filter(({ kind }) => kind === 'other')];
}

/** The ruler says the unit, where there is one. */
function shortBytes(bytes: number, { totalBytes }: MemoryScale): string {
  const { value, unit } = memoryParts(bytes);
  return totalBytes !== null && unit === 'GiB' ? value : `${value} ${unit}`;
}

function placeWords(model: LoadedModel): string {
  if (model.gpuLayers !== null && model.gpuLayers > 0) return `${model.gpuLayers}/${model.layers ?? missing} layers on GPU`;
  if (model.threads === null) return 'in RAM';
  return `in RAM, ${model.threads === 1 ? '1 thread' : `${model.threads} threads`}`;
}
