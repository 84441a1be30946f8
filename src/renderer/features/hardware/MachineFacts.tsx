import { Cpu, Gpu, HardDrive, MemoryStick } from 'lucide-react';
import type { Hardware } from '#shared/contract/system.ts';
import { Icon } from '../../ui/Icon.tsx';
import { machineFacts } from '../../ui/machineWords.ts';

const icons = { gpu: Gpu, processor: Cpu, memory: MemoryStick, disk: HardDrive } as const;

export function MachineFacts({ hardware }: { readonly hardware: Hardware }) {
  return (
    <section className="mach" aria-label="This machine">
      {machineFacts(hardware).map((fact) => (
        <div key={fact.kind}>
          <Icon of={icons[fact.kind]} size={18} />
          <dl>
            <dt>{fact.label}</dt>
            <dd className="ell" title={fact.value}>
              {fact.short ?? fact.value}
            </dd>
            <dd className="detail ell" title={[fact.detail, fact.source].filter(Boolean).join('. ')}>
              {fact.detail}
            </dd>
          </dl>
        </div>
      ))}
    </section>
  );
}
