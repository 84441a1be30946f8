import { type ReactNode, useEffect, useState } from 'react';
import { formatGibibytes } from '#core/units.ts';
import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { followLoad, useSystem } from '../../stores/system.ts';
import { coreWords } from '../../ui/machineWords.ts';
import { memoryParts } from '../../ui/shortForms.ts';

const slots = 61;

/** The last minute of processor and memory. Read only while this page is on the screen. */
export function LiveCharts({ hardware }: { readonly hardware: Hardware }) {
  useWhileVisible(followLoad);
  const load = useSystem((state) => state.load);
  const now = load.at(-1);
  const own = (reading: HardwareLoad): number => reading.ownResidentBytes + reading.runnersResidentBytes;
  const total = hardware.memory.totalBytes;
  return (
    <section className="charts" aria-label="Load now">
      <LiveCard title="CPU load" note={coreWords(hardware)} value={now === undefined ? '–' : String(Math.round(now.cpuPercent))} unit="%">
        <Sparkline
          values={load.map((reading) => reading.cpuPercent)}
          slots={slots}
          max={100}
          label={now === undefined ? 'CPU load, nothing read yet' : `CPU load over the last minute, now ${Math.round(now.cpuPercent)}%`}
        />
      </LiveCard>
      <LiveCard
        title="Memory"
        note={now === undefined ? '' : `other apps ${formatGibibytes(Math.max(0, now.memoryUsedBytes - own(now)))}`}
        value={now === undefined ? '–' : memoryParts(now.memoryUsedBytes).value}
        unit={`${now === undefined ? '' : `${memoryParts(now.memoryUsedBytes).unit} `}of ${formatGibibytes(total)}`}
      >
        <Sparkline
          values={load.map((reading) => reading.memoryUsedBytes)}
          slots={slots}
          max={total}
          label={
            now === undefined
              ? 'Memory, nothing read yet'
              : `Memory in use over the last minute, now ${formatGibibytes(now.memoryUsedBytes)}`
          }
        />
      </LiveCard>
      <LiveCard
        title="Rightsize"
        note={now === undefined ? '' : `models ${formatGibibytes(now.runnersResidentBytes)}`}
        value={now === undefined ? '–' : memoryParts(own(now)).value}
        unit={now === undefined ? '' : memoryParts(own(now)).unit}
      >
        <Sparkline
          values={load.map(own)}
          slots={slots}
          max={null}
          label={
            now === undefined
              ? 'Memory of Rightsize, nothing read yet'
              : `Memory of Rightsize and its models, now ${formatGibibytes(own(now))}`
          }
        />
      </LiveCard>
    </section>
  );
}

interface LiveCardProps {
  readonly title: string;
  readonly note: string;
  readonly value: string;
  readonly unit: string;
  readonly children: ReactNode;
}

function LiveCard({ title, note, value, unit, children }: LiveCardProps) {
  return (
    <div className="card">
      <div className="row spread">
        <h2 className="h3">{title}</h2>
        <span className="note ell">{note}</span>
      </div>
      <div className="v">
        {value} <small>{unit}</small>
      </div>
      {children}
      <div className="row spread ax">
        <span>60 s ago</span>
        <span>now</span>
      </div>
    </div>
  );
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
