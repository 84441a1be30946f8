import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Icon } from '../../ui/Icon.tsx';

interface BranchArrowsProps {
  /** The message that is shown, and all that stand in its place, oldest first. */
  readonly id: string;
  readonly siblingIds: readonly string[];
  /** What there are several of. */
  readonly of: 'answer' | 'question';
  /** Null while an answer is being written: the path stays as it is. */
  readonly onChoose: ((messageId: string) => void) | null;
}

/** `2 / 3` with an arrow to each side; nothing where there is one. The arrow keys do the same while one of them has the focus. */
export function BranchArrows({ id, siblingIds, of, onChoose }: BranchArrowsProps) {
  if (siblingIds.length < 2) return null;
  const at = siblingIds.indexOf(id);
  const step = (by: number): void => {
    const next = siblingIds[at + by];
    if (next !== undefined) onChoose?.(next);
  };
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(event.key === 'ArrowLeft' ? -1 : 1);
  }
  const arrow = (by: -1 | 1) => (
    <button
      type="button"
      className="ib sm"
      data-branch={by === -1 ? 'earlier' : 'later'}
      aria-label={`${by === -1 ? 'Earlier' : 'Later'} ${of}`}
      // Kept focusable at the ends, so that the keys go on working where the last step left the focus.
      aria-disabled={onChoose === null || siblingIds[at + by] === undefined}
      onClick={() => step(by)}
      onKeyDown={onKeyDown}
    >
      <Icon of={by === -1 ? ChevronLeft : ChevronRight} size={14} />
    </button>
  );
  return (
    <span className="branches" role="group" aria-label={`Versions of this ${of}`}>
      {arrow(-1)}
      <span className="num" role="status" aria-label={`${of} ${at + 1} of ${siblingIds.length}`}>
        {at + 1} / {siblingIds.length}
      </span>
      {arrow(1)}
    </span>
  );
}
