import { Dialog } from '@base-ui/react/dialog';
import { navigate } from '../../router.ts';
import { QuickPrompt } from './QuickPrompt.tsx';

/** The quick prompt above whatever screen is open. */
export function QuickPromptDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="pop palette" aria-label="Quick prompt">
          <QuickPrompt
            onClose={onClose}
            onOpenChat={(conversationId) => {
              onClose();
              navigate({ screen: 'chat', conversationId });
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
