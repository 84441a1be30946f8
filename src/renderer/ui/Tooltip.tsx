import { Tooltip as Base } from '@base-ui/react/tooltip';
import { type ReactElement, useState } from 'react';
import { Kbd } from './Kbd.tsx';

interface TooltipProps {
  readonly text: string;
  readonly keys?: readonly string[];
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  /** The element it belongs to; it keeps its own accessible name. */
  readonly children: ReactElement;
}

export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps) {
  const [open, setOpen] = useState(false);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, details) => {
        // Escape hides a tooltip and still reaches what it was meant for: a drawer, a dialog, an answer.
        if (details.reason === 'escape-key') {
          details.cancel();
          details.allowPropagation();
        }
        setOpen(next);
      }}
    >
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className="layer tip-layer" side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className="tip">
            {text}
            {keys === undefined ? null : <Kbd keys={keys} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
