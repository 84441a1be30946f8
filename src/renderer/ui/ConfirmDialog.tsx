import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button.tsx';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The question. */
  readonly title: string;
  readonly children?: ReactNode;
  /** Names the result: "Remove 2.0 GB". */
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  /** What closing it means, where "Cancel" could be taken for the action. */
  readonly dismissLabel?: string;
  readonly busy?: boolean;
}

/** Only for what cannot be undone. Cancel has the focus. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  children,
  confirmLabel,
  onConfirm,
  dismissLabel = 'Cancel',
  busy = false,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim" />
        <AlertDialog.Popup className="pop dialog" initialFocus={cancel}>
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="sm">
            {children}
          </AlertDialog.Description>
          <div className="actions">
            <Button ref={cancel} variant="ghost" onClick={onClose}>
              {dismissLabel}
            </Button>
            <Button variant="danger" busy={busy} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
