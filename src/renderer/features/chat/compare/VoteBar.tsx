import { BookmarkPlus, Diff, Eye, RotateCw } from 'lucide-react';
import type { Comparison } from '#shared/contract/comparisons.ts';
import { isHidden } from '../../../stores/comparedColumns.ts';
import { Button } from '../../../ui/Button.tsx';
import { firstPair } from './wordDifference.ts';

interface VoteBarProps {
  readonly comparison: Comparison;
  readonly onVote: (vote: 'tie' | 'none') => void;
  /** Asks the same once more, with another seed unless one was chosen. */
  readonly onAgain: () => void;
  readonly onReveal: () => void;
  readonly onDifference: () => void;
  readonly onSaveItem: () => void;
}

/** What can be said of all answers together, and done with them. */
export function VoteBar({ comparison, onVote, onAgain, onReveal, onDifference, onSaveItem }: VoteBarProps) {
  const { answers, vote } = comparison;
  const isBlind = isHidden(comparison);
  const hasPair =
    firstPair(
      answers.map(({ text }) => text),
      vote,
    ) !== null;
  return (
    <div className="vote-bar" role="group" aria-label="What you think of the answers">
      <Button size="sm" aria-pressed={vote === 'tie'} className={vote === 'tie' ? 'preferred' : ''} onClick={() => onVote('tie')}>
        Equally good
      </Button>
      <Button size="sm" aria-pressed={vote === 'none'} className={vote === 'none' ? 'preferred' : ''} onClick={() => onVote('none')}>
        All bad
      </Button>
      {isBlind ? (
        <Button size="sm" variant="ghost" icon={Eye} onClick={onReveal}>
          Show names without a vote
        </Button>
      ) : null}
      <span className="note ell" role="status">
        {blindWords(comparison)}
      </span>
      <span className="row ml-auto">
        <Button size="sm" icon={RotateCw} onClick={onAgain}>
          Ask again
        </Button>
        <Button size="sm" icon={Diff} disabled={!hasPair} onClick={onDifference}>
          Differences
        </Button>
        <Button size="sm" icon={BookmarkPlus} onClick={onSaveItem}>
          Save as test item
        </Button>
      </span>
    </div>
  );
}

function blindWords(comparison: Comparison): string {
  if (isHidden(comparison)) return 'Blind: choose the better answer, then the names are told.';
  if (!comparison.isBlind) return '';
  if (comparison.answers.some(({ state }) => state === 'stopped')) return 'Stopped, so the names are told and no vote counts as blind.';
  return comparison.vote === null ? '' : 'Your vote is kept. These are the names.';
}
