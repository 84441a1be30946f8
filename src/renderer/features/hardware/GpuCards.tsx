import { formatGibibytes, missing } from '#core/units.ts';
import type { Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { shortName } from '../../ui/machineWords.ts';
import { memoryParts, unitOf } from '../../ui/shortForms.ts';
import { gpuNote, gpuReading } from './gpuReadings.ts';
import { LiveCard } from './LiveCard.tsx';

interface GpuCardsProps {
  readonly gpu: Hardware['gpus'][number];
  readonly index: number;
  /** Of several the title says which. */
  readonly count: number;
  readonly load: readonly HardwareLoad[];
}

/** Load and memory of one GPU over the last minute, as far as its driver tells. */
export function GpuCards({ gpu, index, count, load }: GpuCardsProps) {
  const which = count > 1 ? ` ${index + 1}` : '';
  const readings = load.map((reading) => gpuReading(reading, { gpu, index }));
  const now = readings.at(-1);
  const percent = now?.loadPercent ?? null;
  const used = now?.memoryUsedBytes ?? null;
  const total = now?.memoryTotalBytes ?? gpu.vramBytes;
  const silent = load.length === 0 ? '' : 'not told by the driver';
  return (
    <>
      <LiveCard
        title={`GPU${which} load`}
        note={gpuNote(now) ?? (percent === null ? silent : '')}
        value={percent === null ? missing : String(Math.round(percent))}
        unit={percent === null ? '' : '%'}
        values={readings.map((reading) => reading?.loadPercent ?? null)}
        max={100}
        label={percent === null ? `GPU${which} load is not known` : `GPU${which} load over the last minute, now ${Math.round(percent)}%`}
      />
      <LiveCard
        title={`GPU${which} memory`}
        note={<span title={gpu.name}>{used === null && silent !== '' ? silent : shortName(gpu.name)}</span>}
        value={used === null ? missing : memoryParts(used).value}
        unit={unitOf(used, total)}
        values={readings.map((reading) => reading?.memoryUsedBytes ?? null)}
        max={total}
        label={
          used === null
            ? `GPU${which} memory in use is not known`
            : `GPU${which} memory in use over the last minute, now ${formatGibibytes(used)}`
        }
      />
    </>
  );
}
