import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { PaneWidth } from './usePaneWidth.ts';

interface PaneDividerProps {
  /** What it makes wider. */
  readonly label: string;
  readonly pane: PaneWidth;
  /** Which side of the divider the pane is on. */
  readonly paneIs: 'left' | 'right';
}

const step = 16;

/** Drags between two panes; the arrows do the same. Sits inside the pane, at its edge. */
export function PaneDivider({ label, pane, paneIs }: PaneDividerProps) {
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const sign = paneIs === 'right' ? -1 : 1;
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width: pane.width };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current !== null) pane.setWidth(drag.current.width + sign * (event.clientX - drag.current.x));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    pane.setWidth(pane.width + sign * direction * step);
  };
  return (
    <div
      role="separator"
      className={`pane-divider ${paneIs}`}
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={pane.width}
      aria-valuemin={pane.min}
      aria-valuemax={pane.max}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onKeyDown={onKeyDown}
    />
  );
}
