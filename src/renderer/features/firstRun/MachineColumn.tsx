import { Cpu, Gpu, HardDrive, MemoryStick } from 'lucide-react';
import { formatGibibytes } from '#core/units.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Legend } from '../../ui/Legend.tsx';
import { machineFacts } from '../../ui/machineWords.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Tank } from '../../ui/Tank.tsx';
import { Ticks } from '../../ui/Ticks.tsx';

const icons = { gpu: Gpu, processor: Cpu, memory: MemoryStick, disk: HardDrive } as const;

/** The machine and its memory on one ruler. */
export function MachineColumn({ hardware }: { readonly hardware: Hardware | null }) {
  return (
    <section aria-label="Your machine">
      <h2 className="h2">Your machine</h2>
      {hardware === null ? <Skeleton label="Reading the machine" rows={4} /> : <Machine hardware={hardware} />}
    </section>
  );
}

function Machine({ hardware }: { readonly hardware: Hardware }) {
  const { totalBytes, availableBytes } = hardware.memory;
  const usedBytes = Math.max(0, totalBytes - availableBytes);
  return (
    <>
      <ul className="machine-list">
        {machineFacts(hardware).map((fact) => (
          <li key={fact.kind}>
            <Icon of={icons[fact.kind]} size={18} />
            <div className="grow">
              <div className="ink med ell" title={fact.value}>
                {fact.short ?? fact.value}
              </div>
              <div className="xs ell">{fact.detail}</div>
            </div>
            <span className="xs ink3">{fact.label}</span>
          </li>
        ))}
      </ul>
      <div className="machine-ruler">
        <Tank
          parts={[{ kind: 'other', value: usedBytes }]}
          total={totalBytes}
          label={`Memory: ${formatGibibytes(usedBytes)} used by other apps, ${formatGibibytes(availableBytes)} free for models`}
        />
        <Ticks totalGib={totalBytes / 2 ** 30} />
        <Legend
          entries={[
            { kind: 'other', label: 'Other apps', value: formatGibibytes(usedBytes) },
            { kind: 'free', label: 'Free for models', value: formatGibibytes(availableBytes) },
          ]}
        />
      </div>
    </>
  );
}
