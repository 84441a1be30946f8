import type { ComparedAnswer } from '#shared/contract/comparisons.ts';
import type { LiveColumn } from '../../../stores/comparedColumns.ts';
import { useComparisons } from '../../../stores/comparisons.ts';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { Markdown } from '../../../ui/markdown/Markdown.tsx';
import { Preparation } from '../Preparation.tsx';
import { Reasoning } from '../Reasoning.tsx';
import { reasonedMs } from '../reasonedMs.ts';
import { useFollowGrowth } from './useFollowGrowth.ts';

interface ColumnAnswerProps {
  /** Null before anything was asked. */
  readonly answer: ComparedAnswer | null;
  readonly index: number;
  readonly name: string;
  readonly isBlind: boolean;
  readonly isWriting: boolean;
}

/** What one model answers, while it is written and after. */
export function ColumnAnswer({ answer, index, name, isBlind, isWriting }: ColumnAnswerProps) {
  const live = useComparisons((state) => state.live?.columns[index]);
  const isLive = isWriting && answer?.state === 'streaming';
  const { boxRef, contentRef } = useFollowGrowth(isLive);
  const text = isLive ? (live?.text ?? answer.text) : (answer?.text ?? '');
  const reasoning = isLive ? (live?.reasoning ?? '') : (answer?.reasoning ?? '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keys
    <div className="scroll column-answer" ref={boxRef} tabIndex={0} role="group" aria-label={`Answer of ${name}`} aria-busy={isLive}>
      <div ref={contentRef}>
        {answer === null ? <p className="note">Its answer appears here.</p> : null}
        {reasoning === '' ? null : (
          <Reasoning text={reasoning} isGrowing={isLive && text === ''} ms={answer === null ? null : reasonedMs(answer)} tokens={null} />
        )}
        {text === '' ? null : isLive ? (
          <div className="growing">
            <Markdown text={text} isGrowing />
          </div>
        ) : (
          <Markdown text={text} />
        )}
        {isLive ? <ColumnPreparation live={live} name={name} /> : null}
        {answer === null ? null : <StateNote answer={answer} isBlind={isBlind} isWriting={isWriting} />}
        {answer?.error == null ? null : <ErrorState title={`${name} gave no whole answer`} error={answer.error} tone="warn" />}
      </div>
    </div>
  );
}

function StateNote({
  answer,
  isBlind,
  isWriting,
}: {
  readonly answer: ComparedAnswer;
  readonly isBlind: boolean;
  readonly isWriting: boolean;
}) {
  const words = stateWords(answer, { isBlind, isWriting });
  return words === null ? null : <p className="note">{words}</p>;
}

function stateWords(
  { state, text, finishReason }: ComparedAnswer,
  { isBlind, isWriting }: { readonly isBlind: boolean; readonly isWriting: boolean },
): string | null {
  switch (state) {
    case 'waiting':
      if (!isWriting) return null;
      return isBlind ? 'Shown when all answers are written.' : 'Waits for its turn.';
    case 'stopped':
      return text === '' ? 'Stopped before the first word.' : 'Stopped here.';
    case 'complete':
      if (text === '') return 'The model answered with nothing.';
      if (finishReason === 'length') return 'Cut at the token limit.';
      return finishReason === 'context-full' ? 'Cut: the context is full.' : null;
    case 'streaming':
    case 'failed':
      return null;
    default:
      return state satisfies never;
  }
}

function ColumnPreparation({ live, name }: { readonly live: LiveColumn | undefined; readonly name: string }) {
  const { phase, loadProgress, prompt } = live ?? { phase: 'loading' as const, loadProgress: null, prompt: null };
  if (phase === 'writing' || (phase === 'prompt' && (prompt?.totalTokens ?? 0) <= 256)) return null;
  const words = { loading: 'Loading the model', reading: 'Reading the prompt' };
  return <Preparation words={words} name={name} phase={phase} loadProgress={loadProgress} prompt={prompt} />;
}
