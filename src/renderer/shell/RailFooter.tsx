import { Eject } from 'lucide-react';
import { formatGibibytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { useModels } from '../stores/models.ts';
import { useSystem } from '../stores/system.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { contextShort, usedOf } from '../ui/shortForms.ts';
import { Tank } from '../ui/Tank.tsx';
import { DownloadsTray } from './downloads/DownloadsTray.tsx';
import { loadedBytesThere, loadedMemoryParts, memoryScale } from './loadedMemory.ts';
import { unload } from './unload.ts';

/** What is being downloaded, and what is in memory now, with the way to get it out. */
export function RailFooter() {
  const loaded = useModels((state) => state.loaded);
  const shown = loaded.slice(0, 2);
  return (
    <div className="rail-foot">
      <DownloadsTray />
      {shown.length === 0 ? <EmptyTray /> : null}
      {shown.map((model) => (
        <LoadedTray key={model.artifactId} model={model} />
      ))}
      {loaded.length > shown.length ? (
        <div className="tray">
          <a href="#/hardware" className="xs">
            {loaded.length - shown.length} more on Hardware
          </a>
        </div>
      ) : null}
    </div>
  );
}

function EmptyTray() {
  return (
    <section className="tray" aria-label="No model loaded">
      <h3>
        <span className="dot off" />
        No model loaded
      </h3>
      <span className="dot off short" title="No model loaded" />
    </section>
  );
}

function LoadedTray({ model }: { readonly model: LoadedModel }) {
  const hardware = useSystem((state) => state.hardware);
  const scale = memoryScale(model, hardware);
  const words = stateWords[model.state];
  const bytes = loadedBytesThere(model);
  const label = `${model.name}: ${bytes === null ? words : `${formatGibibytes(bytes)} in use`}`;
  const tank = (className: string) => (
    <Tank size="rail" className={className} parts={loadedMemoryParts(model)} total={scale?.totalBytes ?? 0} label={label} />
  );
  return (
    <section className="tray" aria-label={`${words}: ${model.name}`}>
      <h3>
        <span className={model.state === 'ready' ? 'dot ok' : 'dot off'} />
        {words}
        {model.state === 'ready' ? (
          <IconButton
            size="sm"
            icon={Eject}
            label={`Unload ${model.name}`}
            keys={['Ctrl', 'U']}
            className="end"
            onClick={() => void unload(model)}
          />
        ) : null}
      </h3>
      <div className="nm">
        <span className="ell">{model.name}</span>
      </div>
      <div className="sub">
        <span className="mono">{model.quant ?? '–'}</span>
        <span>{model.contextTokens === null ? '–' : `${contextShort(model.contextTokens)} context`}</span>
      </div>
      {model.state === 'loading' ? <ProgressBar label={`Loading ${model.name}`} value={model.progress} /> : tank('')}
      <div className="sub">
        <span>{scale?.place ?? '–'}</span>
        <span>{bytes === null ? '–' : usedOf(bytes, scale?.totalBytes ?? null)}</span>
      </div>
      <span className={model.state === 'ready' ? 'dot ok short' : 'dot off short'} title={label} />
      {tank('short')}
    </section>
  );
}

const stateWords = { loading: 'Loading', ready: 'Loaded', unloading: 'Unloading' } as const;
