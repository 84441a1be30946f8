import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, primary last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

/** A modal. Focus moves in, Esc and the scrim close it, focus returns. */
export function Dialog({ open, onClose, title, description, children, actions, wide = false }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={wide ? 'pop dialog wide' : 'pop dialog'}>
          <header className="row spread">
            <Base.Title>{title}</Base.Title>
            <Base.Close className="ib" aria-label="Close">
              <Icon of={X} />
            </Base.Close>
          </header>
          {description === undefined ? null : <Base.Description className="sm">{description}</Base.Description>}
          {children}
          {actions === undefined ? null : <div className="actions">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
