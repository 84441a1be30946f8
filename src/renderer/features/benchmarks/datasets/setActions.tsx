import { useState } from 'react';
import { navigate } from '../../../router.ts';
import { exportSet, removeSet, saveAsCopy, saveNow, useDatasets } from '../../../stores/datasets.ts';
import { changeDraft } from '../../../stores/runDraft.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { showError } from '../../../ui/showError.ts';
import { showToast } from '../../../ui/toast.ts';

/** Hands the set over as a file and says what is not in it. */
export async function exportWithWords(suiteId: string): Promise<void> {
  try {
    const left = await exportSet(suiteId);
    if (left > 0) {
      const count = left === 1 ? 'One item is' : `${left} items are`;
      showToast({ tone: 'warning', title: `${count} not in the file`, text: 'They are not finished. They stay in the set.' });
    }
  } catch (thrown) {
    showError('The set was not exported', thrown);
  }
}

/** Goes on with the rows on screen as a set of its own, at an address of its own. */
export async function copyAndShow(): Promise<void> {
  await saveAsCopy();
  const suiteId = useDatasets.getState().open?.suiteId ?? null;
  if (suiteId !== null) navigate({ screen: 'benchmark-data', suiteId }, { replace: true });
}

/** Sets up a run that asks the open set alone. */
export async function benchmarkSet(): Promise<void> {
  await saveNow();
  const { open } = useDatasets.getState();
  if (open === null || open.suiteId === null || open.save.state === 'failed') return;
  changeDraft({ suiteIds: [open.suiteId] });
  navigate({ screen: 'benchmark' });
}

interface RemoveSetDialogProps {
  readonly set: { readonly id: string; readonly name: string } | null;
  readonly onClose: () => void;
  readonly onRemoved?: () => void;
}

export function RemoveSetDialog({ set, onClose, onRemoved }: RemoveSetDialogProps) {
  const [busy, setBusy] = useState(false);
  async function remove(): Promise<void> {
    if (set === null) return;
    setBusy(true);
    try {
      await removeSet(set.id);
      onRemoved?.();
    } catch (thrown) {
      showError(`${set.name} was not removed`, thrown);
    }
    setBusy(false);
    onClose();
  }
  return (
    <ConfirmDialog
      open={set !== null}
      onClose={onClose}
      title={`Remove ${set?.name ?? ''}?`}
      confirmLabel="Remove set"
      busy={busy}
      onConfirm={() => void remove()}
    >
      Its items are gone from the list of suites for good; export them first to keep them. Runs that asked them keep what they asked.
    </ConfirmDialog>
  );
}
