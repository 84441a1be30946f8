import { Check, Copy, Square } from 'lucide-react';
import { formatCount } from '#core/units.ts';
import type { ComparedAnswer } from '#shared/contract/comparisons.ts';
import { useComparisons } from '../../../stores/comparisons.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { CopyButton } from '../../../ui/markdown/CopyButton.tsx';
import { useThrottled } from '../../../ui/markdown/useThrottled.ts';

interface ColumnFootProps {
  readonly answer: ComparedAnswer;
  readonly index: number;
  readonly isPreferred: boolean;
  readonly isBlind: boolean;
  readonly preferKey: string;
  /** Null where there is nothing to prefer yet. */
  readonly onPrefer: (() => void) | null;
  readonly onStop: (() => void) | null;
}

/** How long an answer is, and what is thought of it. */
export function ColumnFoot({ answer, index, isPreferred, isBlind, preferKey, onPrefer, onStop }: ColumnFootProps) {
  const isOpen = answer.state === 'streaming' || answer.state === 'waiting';
  return (
    <footer className="column-foot">
      {isOpen && onStop !== null ? (
        <LiveCount answer={answer} index={index} />
      ) : (
        <span className="note" title={promptTitle(answer)}>
          {lengthWords(answer, isBlind)}
        </span>
      )}
      <span className="row ml-auto">
        {answer.text === '' ? null : <CopyButton text={answer.text} className="ib sm" isCompact icon={<Icon of={Copy} size={14} />} />}
        {isOpen && onStop !== null ? (
          <button type="button" className="btn sm" aria-label={`Stop ${answer.label}`} onClick={onStop}>
            <Square size={11} strokeWidth={3} aria-hidden="true" />
            Stop
          </button>
        ) : (
          <button
            type="button"
            className={isPreferred ? 'btn sm preferred' : 'btn sm'}
            aria-pressed={isPreferred}
            aria-label={isPreferred ? `${answer.label} is preferred` : `Prefer ${answer.label}`}
            aria-keyshortcuts={preferKey}
            disabled={onPrefer === null}
            onClick={onPrefer ?? undefined}
          >
            {isPreferred ? <Icon of={Check} size={14} /> : null}
            {isPreferred ? 'Preferred' : 'Prefer this'}
          </button>
        )}
      </span>
    </footer>
  );
}

function LiveCount({ answer, index }: { readonly answer: ComparedAnswer; readonly index: number }) {
  const live = useComparisons((state) => state.live?.columns[index]);
  const shown = useThrottled(live, { everyMs: 250 });
  if (answer.state === 'waiting') return <span className="note">Waiting</span>;
  const count = shown?.completionTokens ?? 0;
  return (
    <span className="note row row-1">
      <span className="pulse" aria-hidden="true" />
      {count === 0 ? 'Starting' : `Writing, ${formatCount(count)} tokens`}
    </span>
  );
}

function promptTitle({ usage }: ComparedAnswer): string | undefined {
  return usage === null ? undefined : `${formatCount(usage.promptTokens)} prompt tokens, ${formatCount(usage.completionTokens)} written`;
}

function lengthWords({ usage, state }: ComparedAnswer, isBlind: boolean): string {
  if (isBlind || state === 'waiting') return '';
  return usage === null ? (state === 'complete' ? 'Tokens not counted' : '') : `${formatCount(usage.completionTokens)} tokens`;
}
