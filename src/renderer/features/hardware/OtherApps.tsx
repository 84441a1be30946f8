import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { formatGibibytes } from '#core/units.ts';
import type { MemoryHolder, MemoryHolders } from '#shared/contract/system.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from '../../stores/rpc.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { memoryParts } from '../../ui/shortForms.ts';

type Reading = { readonly holders: MemoryHolders } | { readonly problem: RpcErrorData } | null;

/** How much other programs hold, and, read when it is opened, which of them the most. */
export function OtherApps({ bytes }: { readonly bytes: number }) {
  const [reading, setReading] = useState<Reading>(null);
  const read = (): void => {
    setReading(null);
    rpc.call('system.holders', {}).then(
      (holders) => setReading({ holders }),
      (thrown: unknown) => setReading({ problem: toRpcErrorData(thrown) }),
    );
  };
  return (
    <Popover.Root onOpenChange={(open) => open && read()}>
      <Popover.Trigger className="others" aria-label={`Other apps hold ${formatGibibytes(bytes)}, show which`}>
        other apps {shortBytes(bytes)}
        <Icon of={ChevronDown} size={12} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" sideOffset={4} align="end" collisionPadding={8}>
          <Popover.Popup className="pop popup holders" aria-label="Memory of other apps">
            <Popover.Title className="h3">Other apps hold {formatGibibytes(bytes)}</Popover.Title>
            <Holders reading={reading} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Holders({ reading }: { readonly reading: Reading }) {
  if (reading === null) return <Skeleton label="Asking who holds memory" rows={3} />;
  if ('problem' in reading) return <p className="note">Which of them could not be read. {reading.problem.message}</p>;
  const { ram, gpu } = reading.holders;
  if (ram.length === 0 && gpu.length === 0) return <p className="note">The system does not tell which.</p>;
  return (
    <>
      <HolderList holders={ram} />
      {gpu.length === 0 ? null : (
        <>
          <h3 className="h3">On the GPU</h3>
          <HolderList holders={gpu} />
        </>
      )}
      <p className="note">Closing one gives back about as much.</p>
    </>
  );
}

function HolderList({ holders }: { readonly holders: readonly MemoryHolder[] }) {
  return (
    <dl className="kv">
      {holders.map(({ name, bytes, processes }) => (
        <div key={name} className="contents">
          <dt className="ell" title={name}>
            {name}
            {processes > 1 ? <span className="note"> {processes} processes</span> : null}
          </dt>
          <dd>{formatGibibytes(bytes)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Without its unit where that is GiB, as the number beside it has one. */
function shortBytes(bytes: number): string {
  const { value, unit } = memoryParts(bytes);
  return unit === 'GiB' ? value : `${value} ${unit}`;
}
