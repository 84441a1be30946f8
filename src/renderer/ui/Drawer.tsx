import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './IconButton.tsx';
import { PaneDivider } from './PaneDivider.tsx';
import { usePaneWidth } from './usePaneWidth.ts';

interface DrawerProps {
  /** What it shows details of; also its accessible name. */
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Moves the focus in when it opens; off where a selection merely changes what it shows. */
  readonly takesFocus?: boolean;
}

/** Details at the right that keep the list visible. In the flow from 1100 px, floating below. Esc closes it and focus returns. */
export function Drawer({ title, onClose, children, takesFocus = true }: DrawerProps) {
  const panel = useRef<HTMLElement>(null);
  const pane = usePaneWidth({ name: 'drawer', initial: 328, min: 288, max: 560 });
  useEffect(() => {
    if (!takesFocus) return;
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [takesFocus]);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className="pane drawer"
      style={{ width: pane.width }}
      aria-label={`Details of ${title}`}
      onKeyDown={(event) => {
        // A menu opened from here hangs elsewhere in the page, though its events come by: its Escape is its own.
        const isInside = event.target instanceof Node && event.currentTarget.contains(event.target);
        if (event.key !== 'Escape' || !isInside) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="row spread drawer-title">
        <h2 className="ell" title={title}>
          {title}
        </h2>
        <IconButton icon={X} label="Close details" keys={['Esc']} onClick={onClose} />
      </header>
      <div className="scroll">{children}</div>
      <PaneDivider label="Width of the details" pane={pane} paneIs="right" />
    </aside>
  );
}
