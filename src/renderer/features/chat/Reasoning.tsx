import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { formatCount, formatDuration } from '#core/units.ts';
import { useSettings } from '../../stores/settings.ts';
import { Icon } from '../../ui/Icon.tsx';

interface ReasoningProps {
  readonly text: string;
  /** The model is still at it: the fold starts open and says so. */
  readonly isGrowing: boolean;
  /** How long it took; null = nobody measured it. */
  readonly ms: number | null;
  readonly tokens: number | null;
}

/** What a reasoning model wrote before its answer. Folded once the answer has begun, unless all are shown or somebody opened it. */
export function Reasoning({ text, isGrowing, ms, tokens }: ReasoningProps) {
  const showsAll = useSettings((state) => state.settings?.showReasoning ?? false);
  const [choice, setChoice] = useState<boolean | null>(null);
  const [showedAll, setShowedAll] = useState(showsAll);
  const id = useId();
  // The switch for all of them takes back what was chosen for one before.
  if (showedAll !== showsAll) {
    setShowedAll(showsAll);
    setChoice(null);
  }
  const isOpen = choice ?? (showsAll || isGrowing);
  const words = isGrowing ? 'Reasoning' : ms === null ? 'Reasoned before answering' : `Reasoned for ${formatDuration(ms)}`;
  const numbers = [
    ...(isGrowing && ms !== null && ms >= 1_000 ? [`${Math.floor(ms / 1_000)} s`] : []),
    ...(tokens === null || tokens === 0 ? [] : [`${formatCount(tokens)} tokens`]),
  ];
  return (
    <>
      <button type="button" className="fold" aria-expanded={isOpen} aria-controls={id} onClick={() => setChoice(!isOpen)}>
        <Icon of={isOpen ? ChevronDown : ChevronRight} size={13} />
        <span className="ink2">{words}</span>
        {numbers.length === 0 ? null : <span>{numbers.join(', ')}</span>}
      </button>
      <div id={id} dir="auto" className="reason selectable" hidden={!isOpen}>
        {isOpen ? text : null}
      </div>
    </>
  );
}
