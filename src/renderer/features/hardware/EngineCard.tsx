import { formatCount } from '#core/units.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { useSettings } from '../../stores/settings.ts';
import { backendName, bandwidthWords } from '../../ui/machineWords.ts';

/** What runs the models here, and how. */
export function EngineCard({ hardware }: { readonly hardware: Hardware }) {
  const settings = useSettings((state) => state.settings);
  const gpu = hardware.gpus[0];
  const backend = gpu === undefined || settings?.gpu === 'off' ? 'cpu' : gpu.backend;
  const threads = settings?.threads ?? Math.max(1, (hardware.cpu.physicalCores ?? hardware.cpu.logicalCores) - 1);
  const rows = [
    ['Engine', hardware.engine ?? 'unknown until a model is loaded'],
    ['Backend', backendName(backend)],
    ['Threads', settings?.threads == null ? `${threads}, chosen by Rightsize` : String(threads)],
    ['Context', settings?.contextTokens == null ? 'the model’s own, at most 8,192' : formatCount(settings.contextTokens)],
    [
      'Memory bandwidth',
      hardware.memory.bandwidthBytesPerSecond === null ? 'not measured' : bandwidthWords(hardware.memory.bandwidthBytesPerSecond),
    ],
    ['System', hardware.platform],
  ] as const;
  return (
    <section className="card" aria-label="Engine">
      <header>
        <h2 className="h2">Engine</h2>
      </header>
      <dl className="kv lm">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="literal" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {hardware.cpu.features.length === 0 ? null : (
        <p className="lm note literal">Processor instructions: {hardware.cpu.features.join(', ')}</p>
      )}
    </section>
  );
}
