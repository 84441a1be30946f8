import { Eject } from 'lucide-react';
import { formatCount, formatGibibytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { loadedMemoryParts, memoryScale } from '../../shell/loadedMemory.ts';
import { unload } from '../../shell/unload.ts';
import { unloadAll, useModels } from '../../stores/models.ts';
import { useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { Legend } from '../../ui/Legend.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { showError } from '../../ui/showError.ts';
import { Tank } from '../../ui/Tank.tsx';
import { Ticks } from '../../ui/Ticks.tsx';
import type { TankPart } from '../../ui/tankPart.ts';

/** What is in memory, each on the scale of the memory it lies in. */
export function LoadedModels({ hardware }: { readonly hardware: Hardware }) {
  const loaded = useModels((state) => state.loaded);
  return (
    <section className="card" aria-label="Loaded models">
      <header>
        <h2 className="h2 grow">Loaded models</h2>
        {loaded.length > 1 ? (
          <Button
            variant="ghost"
            size="sm"
            onClick={() => void unloadAll().catch((thrown: unknown) => showError('Not every model was unloaded', thrown))}
          >
            Unload all
          </Button>
        ) : null}
      </header>
      {loaded.length === 0 ? (
        <p className="lm sm ink3">
          None. A model is loaded when you chat with it or benchmark it, and unloaded when it has not been used for a while.
        </p>
      ) : (
        loaded.map((model) => <LoadedCard key={model.artifactId} model={model} hardware={hardware} />)
      )}
    </section>
  );
}

function LoadedCard({ model, hardware }: { readonly model: LoadedModel; readonly hardware: Hardware }) {
  const scale = memoryScale(model, hardware);
  const otherBytes = useSystem((state) => otherAppsBytes(state.load.at(-1)));
  const own = loadedMemoryParts(model);
  const parts: readonly TankPart[] = scale?.place === 'RAM' && otherBytes !== null ? [{ kind: 'other', value: otherBytes }, ...own] : own;
  const names = {
    weights: 'Weights',
    kv: 'KV cache',
    compute: scale?.place === 'RAM' ? 'Compute and engine' : 'Compute',
    other: 'Other apps',
    over: 'Missing',
    free: 'Free',
  } as const;
  return (
    <div className="lm">
      <div className="row spread">
        <span className="ink med ell">{model.name}</span>
        <Button size="sm" icon={Eject} disabled={model.state !== 'ready'} onClick={() => void unload(model)}>
          Unload
        </Button>
      </div>
      <div className="xs ink3">
        <span className="mono">{model.quant ?? '–'}</span>, {placeWords(model)}
        {model.contextTokens === null ? '' : `, ${formatCount(model.contextTokens)} context`}
      </div>
      {model.state === 'loading' ? (
        <ProgressBar label={`Loading ${model.name}`} value={model.progress} />
      ) : model.memory === null || scale === null ? null : (
        <>
          <Tank
            className="mt-2"
            parts={parts}
            total={scale.totalBytes}
            label={`${model.name} uses ${formatGibibytes(model.memory.residentBytes)} of ${formatGibibytes(scale.totalBytes)} ${scale.place}`}
          />
          <Ticks totalGib={scale.totalBytes / 2 ** 30} />
          <Legend entries={parts.map((part) => ({ kind: part.kind, label: names[part.kind], value: formatGibibytes(part.value) }))} />
        </>
      )}
    </div>
  );
}

/** @returns memory that neither Rightsize nor its models hold, rounded so that a ruler does not tremble. */
function otherAppsBytes(reading: HardwareLoad | undefined): number | null {
  if (reading === undefined) return null;
  const bytes = reading.memoryUsedBytes - reading.ownResidentBytes - reading.runnersResidentBytes;
  return Math.max(0, Math.round(bytes / 2 ** 25) * 2 ** 25);
}

function placeWords(model: LoadedModel): string {
  if (model.gpuLayers !== null && model.gpuLayers > 0) return `${model.gpuLayers}/${model.layers ?? '–'} layers on GPU`;
  return model.threads === null ? 'in RAM' : `in RAM, ${model.threads === 1 ? '1 thread' : `${model.threads} threads`}`;
}
