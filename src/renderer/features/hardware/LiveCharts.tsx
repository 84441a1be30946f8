import { useEffect, useState } from 'react';
import { formatGibibytes, missing } from '#core/units.ts';
import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { followLoad, useSystem } from '../../stores/system.ts';
import { coreWords } from '../../ui/machineWords.ts';
import { memoryParts, unitOf } from '../../ui/shortForms.ts';
import { GpuCards } from './GpuCards.tsx';
import { LiveCard } from './LiveCard.tsx';
import { OtherApps } from './OtherApps.tsx';

/** The last minute of GPU, processor and memory. Read only while this page is on the screen. */
export function LiveCharts({ hardware }: { readonly hardware: Hardware }) {
  useWhileVisible(followLoad);
  const load = useSystem((state) => state.load);
  const now = load.at(-1);
  const { gpus, memory } = hardware;
  return (
    <section className={gpus.length === 0 || gpus.length === 2 ? 'charts three' : 'charts'} aria-label="Load now">
      {gpus.map((gpu, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two GPUs may have one name, and devices keep their order
        <GpuCards key={`${index} ${gpu.name}`} gpu={gpu} index={index} count={gpus.length} load={load} />
      ))}
      <LiveCard
        title="CPU load"
        note={coreWords(hardware)}
        value={now === undefined ? missing : String(Math.round(now.cpuPercent))}
        unit="%"
        values={load.map((reading) => reading.cpuPercent)}
        max={100}
        label={now === undefined ? 'CPU load, nothing read yet' : `CPU load over the last minute, now ${Math.round(now.cpuPercent)}%`}
      />
      <LiveCard
        title="Memory"
        note={now === undefined ? '' : <OtherApps bytes={Math.max(0, now.memoryUsedBytes - ownBytes(now))} />}
        value={now === undefined ? missing : memoryParts(now.memoryUsedBytes).value}
        unit={unitOf(now?.memoryUsedBytes ?? null, memory.totalBytes)}
        values={load.map((reading) => reading.memoryUsedBytes)}
        max={memory.totalBytes}
        label={
          now === undefined ? 'Memory, nothing read yet' : `Memory in use over the last minute, now ${formatGibibytes(now.memoryUsedBytes)}`
        }
      />
      {gpus.length > 0 ? null : (
        <LiveCard
          title="Rightsize"
          note={now === undefined ? '' : `models ${formatGibibytes(now.runnersResidentBytes)}`}
          value={now === undefined ? missing : memoryParts(ownBytes(now)).value}
          unit={now === undefined ? '' : memoryParts(ownBytes(now)).unit}
          values={load.map(ownBytes)}
          max={null}
          label={
            now === undefined
              ? 'Memory of Rightsize, nothing read yet'
              : `Memory of Rightsize and its models, now ${formatGibibytes(ownBytes(now))}`
          }
        />
      )}
    </section>
  );
}

function ownBytes({ ownResidentBytes, runnersResidentBytes }: HardwareLoad): number {
  return ownResidentBytes + runnersResidentBytes;
}

/** Runs a subscription while the page is visible, and not in a hidden window or tab. */
function useWhileVisible(start: () => () => void): void {
  const [visible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const onChange = (): void => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, []);
  useEffect(() => (visible ? start() : undefined), [visible, start]);
}
