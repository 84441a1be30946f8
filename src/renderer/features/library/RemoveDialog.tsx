import { useState } from 'react';
import type { Artifact } from '#shared/contract/models.ts';
import { formatGigabytes } from '#core/units.ts';
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
  const size = formatGigabytes(artifact.sizeBytes);
  const isDeleted = artifact.state !== 'missing' && artifact.owner === 'imported';
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      const { fileDeleted } = await rpc.call('library.remove', { id: artifact.id });
      showToast({ tone: 'done', title: `Removed ${artifact.name}`, text: fileDeleted ? `${size} freed.` : 'The file was left where it is.' });
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
      confirmLabel={isDeleted ? `Remove ${size}` : 'Remove from the list'}
      busy={busy}
      onConfirm={() => void remove()}
    >
      <p>
        {isDeleted
          ? `${artifact.files.length === 1 ? 'Its file is' : `Its ${artifact.files.length} files are`} deleted and ${size} is freed. This cannot be undone.`
          : 'It leaves the library. Its file is not touched.'}
        {isLoaded ? ' It is in memory now and is unloaded first.' : ''} Conversations and benchmark results are kept.
      </p>
      <p className="mono xs ink3 break-all mt-2">{artifact.path}</p>
    </ConfirmDialog>
  );
}
