import { useEffect, useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import type { ReclaimItem } from '#shared/contract/models.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from '../../../stores/rpc.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { RulerPicture } from '../../../ui/RulerPicture.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { showError } from '../../../ui/showError.ts';
import { showToast } from '../../../ui/toast.ts';
import { ReclaimList } from './ReclaimList.tsx';
import { totalBytes } from './reclaimGroups.ts';

interface ReclaimDialogProps {
  readonly onClose: () => void;
}

/** What takes space for nothing. Nothing is chosen beforehand, and everything chosen goes by one button that says what it frees. */
export function ReclaimDialog({ onClose }: ReclaimDialogProps) {
  const [items, setItems] = useState<readonly ReclaimItem[] | null>(null);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [failures, setFailures] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let isOpen = true;
    rpc.call('library.reclaimable', {}).then(
      (answer) => isOpen && setItems(answer.items),
      (thrown: unknown) => isOpen && setProblem(toRpcErrorData(thrown)),
    );
    return () => {
      isOpen = false;
    };
  }, []);

  const free = async (): Promise<void> => {
    setBusy(true);
    try {
      const { freedBytes, failed } = await rpc.call('library.reclaim', { ids: [...chosen] });
      const kept = new Map(failed.map((failure) => [failure.id, failure.message]));
      setFailures(kept);
      setItems((items ?? []).filter((item) => !chosen.has(item.id) || kept.has(item.id)));
      setChosen(new Set());
      const removed = chosen.size - failed.length;
      if (removed > 0) showToast({ tone: 'done', title: `${formatGigabytes(freedBytes)} freed`, text: `${countOf(removed)} removed.` });
      if (failed.length === 0) onClose();
    } catch (thrown) {
      showError('Nothing was removed', thrown);
    }
    setBusy(false);
  };

  const hasItems = items !== null && items.length > 0;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Reclaim space"
      {...(hasItems
        ? { description: 'Choose what may go. Each file is checked again before it is removed; files of other apps stay.' }
        : {})}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          {hasItems ? (
            <Button variant="danger" busy={busy} disabled={chosen.size === 0} onClick={() => void free()}>
              {chosen.size === 0 ? 'Nothing chosen' : `Remove ${countOf(chosen.size)}, ${formatGigabytes(totalBytes(items, chosen))}`}
            </Button>
          ) : null}
        </>
      }
    >
      {problem === null ? null : <ErrorState title="The disk could not be looked through" error={problem} />}
      {items === null && problem === null ? <Skeleton label="Looking through the disk" rows={6} /> : null}
      {items !== null && items.length === 0 ? (
        <EmptyState picture={<RulerPicture />} title="Nothing to reclaim">
          No unfinished downloads, leftovers, duplicates or models that nobody uses.
        </EmptyState>
      ) : null}
      {hasItems ? <ReclaimList items={items} chosen={chosen} failures={failures} onChoose={setChosen} /> : null}
    </Dialog>
  );
}

const countOf = (count: number): string => (count === 1 ? '1 item' : `${count} items`);
