import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { Icon } from '../../ui/Icon.tsx';

interface ReasoningProps {
  readonly text: string;
  /** The model is still at it: the fold starts open and says so. */
  readonly isGrowing: boolean;
}

/** What a reasoning model wrote before its answer. Folded once the answer has begun, unless somebody opened it. */
export function Reasoning({ text, isGrowing }: ReasoningProps) {
  const [choice, setChoice] = useState<boolean | null>(null);
  const id = useId();
  const isOpen = choice ?? isGrowing;
  return (
    <>
      <button type="button" className="fold" aria-expanded={isOpen} aria-controls={id} onClick={() => setChoice(!isOpen)}>
        <Icon of={isOpen ? ChevronDown : ChevronRight} size={13} />
        <span className="ink2">{isGrowing ? 'Reasoning' : 'Reasoned before answering'}</span>
      </button>
      <div id={id} className="reason selectable" hidden={!isOpen}>
        {text}
      </div>
    </>
  );
}
