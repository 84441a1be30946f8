import { useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { rpc } from '../../stores/rpc.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';

interface RemoveDialogProps {
  readonly artifact: Artifact;
  readonly isLoaded: boolean;
  readonly onClose: () => void;
}

/** Says what happens to the file before it does. */
export function RemoveDialog({ artifact, isLoaded, onClose }: RemoveDialogProps) {
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      const { fileDeleted } = await rpc.call('library.remove', { id: artifact.id });
      showToast({
        tone: 'done',
        title: `Removed ${artifact.name}`,
        text: fileDeleted ? `${formatGigabytes(artifact.sizeBytes)} freed.` : 'The file was left where it is.',
      });
    } catch (thrown) {
      showError(`${artifact.name} was not removed`, thrown);
    }
    onClose();
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Remove ${artifact.name}?`}
      confirmLabel="Remove from the library"
      busy={busy}
      onConfirm={() => void remove()}
    >
      <p>
        It leaves the library; its {artifact.files.length === 1 ? 'file stays' : `${artifact.files.length} files stay`} where you put{' '}
        {artifact.files.length === 1 ? 'it' : 'them'}.{isLoaded ? ' It is in memory now and is unloaded first.' : ''} Conversations and
        benchmark results are kept.
      </p>
      <p className="mono xs ink3 break-all mt-2">{artifact.path}</p>
    </ConfirmDialog>
  );
}
