import { useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { rpc } from '../../stores/rpc.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';
import { removalWords } from './removalWords.ts';

interface RemoveDialogProps {
  readonly artifact: Artifact;
  readonly isLoaded: boolean;
  readonly onClose: () => void;
}

/** Says what happens to the file before it does. */
export function RemoveDialog({ artifact, isLoaded, onClose }: RemoveDialogProps) {
  const [busy, setBusy] = useState(false);
  const [withFile, setWithFile] = useState(false);
  const words = removalWords(artifact);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      const { fileDeleted } = await rpc.call('library.remove', { id: artifact.id, deleteFile: withFile });
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
      confirmLabel={words.confirm(withFile)}
      busy={busy}
      onConfirm={() => void remove()}
    >
      <p>
        {words.consequence}
        {isLoaded ? ' It is in memory now and is unloaded first.' : ''} Conversations and benchmark results are kept.
      </p>
      <p className="mono xs ink3 break-all mt-2">{artifact.path}</p>
      {words.hint === null ? null : <p className="mt-2">{words.hint}</p>}
      {words.fileChoice === null ? null : (
        <div className="mt-3">
          <Checkbox checked={withFile} onChange={setWithFile}>
            {words.fileChoice}
          </Checkbox>
        </div>
      )}
    </ConfirmDialog>
  );
}
