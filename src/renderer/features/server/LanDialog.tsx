import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { saveServer } from './serverActions.ts';

interface LanDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asked before other devices may connect. */
export function LanDialog({ open, onClose }: LanDialogProps) {
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title="Let other devices on this network connect?"
      confirmLabel="Let other devices connect"
      onConfirm={() => {
        // Without a key the service refuses it.
        saveServer({ lan: true, requiresKey: true });
        onClose();
      }}
    >
      <p>
        Everyone in the network who has the key can ask your models and load them. Questions, answers and the key cross the network
        unencrypted: others in the same network may read them.
      </p>
      <p className="mt-2">Turn it on at home or at work, not in a café. A key is always asked for.</p>
    </ConfirmDialog>
  );
}
