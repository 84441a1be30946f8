import { useEffect, useState } from 'react';
import { formatCount } from '#core/units.ts';
import { type Comparison, comparedModels } from '#shared/contract/comparisons.ts';
import { navigate } from '../../../router.ts';
import { useShortcut } from '../../../shell/useShortcut.ts';
import { isHidden } from '../../../stores/comparedColumns.ts';
import {
  changeChoice,
  compare,
  compareAgain,
  dismissProblem,
  showComparison,
  takeBackPrompt,
  useComparisons,
  vote,
} from '../../../stores/comparisons.ts';
import { SaveItemDialog } from '../../../testItems/SaveItemDialog.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { FailureBanner } from '../../../ui/FailureBanner.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { leftOutWords } from '../itemFromChat.ts';
import { MessageAttachments } from '../MessageAttachments.tsx';
import { CompareColumns } from './CompareColumns.tsx';
import { CompareComposer } from './CompareComposer.tsx';
import { CompareToolbar } from './CompareToolbar.tsx';
import { ComparisonsDialog } from './ComparisonsDialog.tsx';
import { DifferenceDialog } from './DifferenceDialog.tsx';
import { itemFromComparison } from './itemFromComparison.ts';
import { useCompareModels } from './useCompareModels.ts';
import { VoteBar } from './VoteBar.tsx';
import '../../../styles/work.css';
import '../chat.css';
import '../composer.css';
import '../transcript.css';
import './compare.css';

type Opened = 'comparisons' | 'difference' | 'item' | null;

/** One prompt to several models, side by side. */
export function CompareScreen({ comparisonId }: { readonly comparisonId: string | null }) {
  const { choices, chosen, isLoading } = useCompareModels();
  // Each by itself: text that streams in renders the columns alone.
  const choice = useComparisons((state) => state.choice);
  const shown = useComparisons((state) => state.shown);
  const opening = useComparisons((state) => state.opening);
  const written = useComparisons((state) => state.live?.comparison ?? null);
  const isStarting = useComparisons((state) => state.isStarting);
  const problem = useComparisons((state) => state.problem);
  const [opened, setOpened] = useState<Opened>(null);
  const isWriting = written !== null;
  const comparison = written ?? (comparisonId === null ? null : shown);
  const modelIds = comparison === null || isHidden(comparison) ? chosen : modelsOf(comparison);
  const hasEnded = comparison !== null && !isWriting;

  useEffect(() => void showComparison(comparisonId), [comparisonId]);
  // The way here without an address leads to what is being written.
  useEffect(() => {
    if (written !== null && comparisonId !== written.id) showAddress(written.id);
  }, [written, comparisonId]);

  const draft = { ...choice, modelIds: [...modelIds] };
  const canAsk = !isWriting && !isStarting && modelIds.length >= comparedModels.least;

  function ask(): void {
    const { typed: prompt, attached } = useComparisons.getState();
    if (prompt.trim() === '' || !canAsk) return;
    changeChoice({ modelIds });
    void compare({ ...draft, prompt, attachments: [...attached] }, showAddress);
  }

  function askAgain(before: Comparison): void {
    if (!canAsk) return;
    changeChoice({ modelIds });
    void compareAgain(before, draft, showAddress);
  }

  /** Other models are another comparison: the prompt is there to be asked again. */
  function changeModels(next: readonly string[]): void {
    changeChoice({ modelIds: next });
    if (comparison === null) return;
    void takeBackPrompt(comparison);
    navigate({ screen: 'compare', comparisonId: null });
  }

  function prefer(choiceOf: Comparison['vote']): void {
    if (comparison === null || !hasEnded) return;
    void vote(comparison.id, !isHidden(comparison) && comparison.vote === choiceOf ? null : choiceOf);
  }
  useVoteKeys(hasEnded ? comparison : null, prefer);
  useShortcut('/', () => setOpened('comparisons'));

  const leftOut = leftOutWords((comparison?.attachments.length ?? 0) > 0 ? ['the attached files'] : []);
  const isEmpty = comparison === null && choices.length < 2;
  return (
    <>
      <CompareToolbar
        comparison={comparison}
        modelIds={modelIds}
        choices={choices}
        isLocked={isWriting || isStarting}
        onModels={changeModels}
        onHistory={() => setOpened('comparisons')}
      />
      <FailureBanner problem={problem} onDismiss={dismissProblem} />
      {comparison === null ? null : <Prompt comparison={comparison} />}
      {opening !== null ? (
        <Opening problem={opening.problem} />
      ) : isEmpty ? (
        isLoading ? null : (
          <TooFewModels count={choices.length} />
        )
      ) : (
        <>
          <CompareColumns comparison={comparison} modelIds={modelIds} choices={choices} onModels={changeModels} onPrefer={prefer} />
          {comparison === null || !hasEnded ? null : (
            <VoteBar
              comparison={comparison}
              onVote={prefer}
              onAgain={() => askAgain(comparison)}
              onReveal={() => void vote(comparison.id, null)}
              onDifference={() => setOpened('difference')}
              onSaveItem={() => setOpened('item')}
            />
          )}
          <CompareComposer modelIds={modelIds} choices={choices} onSend={ask} />
        </>
      )}
      <ComparisonsDialog
        open={opened === 'comparisons'}
        onClose={() => setOpened(null)}
        onRemove={(id) => {
          if (id === comparisonId) navigate({ screen: 'compare', comparisonId: null });
        }}
      />
      {comparison === null ? null : (
        <DifferenceDialog open={opened === 'difference'} onClose={() => setOpened(null)} comparison={comparison} />
      )}
      <SaveItemDialog
        item={opened === 'item' && comparison !== null ? itemFromComparison(comparison) : null}
        setName="From chats"
        {...(leftOut === null ? {} : { description: leftOut })}
        onClose={() => setOpened(null)}
      />
    </>
  );
}

function showAddress(id: string): void {
  navigate({ screen: 'compare', comparisonId: id }, { replace: window.location.hash === '#/compare' });
}

const modelsOf = ({ answers }: Comparison): readonly string[] => answers.flatMap(({ modelId }) => modelId ?? []);

/** 1 to 4 prefer a column, T is a tie, N is none. */
function useVoteKeys(comparison: Comparison | null, prefer: (choice: Comparison['vote']) => void): void {
  const enabled = comparison !== null;
  const column = (index: number) => (): void => {
    if (comparison?.answers[index] !== undefined) prefer(index);
  };
  useShortcut('1', column(0), { enabled });
  useShortcut('2', column(1), { enabled });
  useShortcut('3', column(2), { enabled });
  useShortcut('4', column(3), { enabled });
  useShortcut('t', () => prefer('tie'), { enabled });
  useShortcut('n', () => prefer('none'), { enabled });
}

function Prompt({ comparison }: { readonly comparison: Comparison }) {
  return (
    <div className="compared-prompt">
      <article className="user" aria-label="You">
        <MessageAttachments attachments={comparison.attachments} attachedTo="comparisons" />
        <p className="selectable" dir="auto">
          {comparison.prompt}
        </p>
        <p className="note">{askedWords(comparison)}</p>
      </article>
    </div>
  );
}

/** With what everybody was asked, so that it can be asked again. */
function askedWords({ sampling, systemPrompt, pace }: Comparison): string {
  const { temperature, seed, maxTokens } = sampling;
  return [
    `Temperature ${temperature}`,
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(maxTokens === null ? [] : [`at most ${formatCount(maxTokens)} tokens`]),
    pace === 'turns' ? 'in turns' : 'at the same time',
    ...(systemPrompt.trim() === '' ? [] : [`system prompt: ${systemPrompt}`]),
  ].join(', ');
}

function Opening({ problem }: { readonly problem: Parameters<typeof ErrorState>[0]['error'] | null }) {
  if (problem === null) return <Skeleton label="Opening the comparison" />;
  return (
    <div className="p-4">
      <ErrorState
        title="This comparison cannot be shown"
        error={problem}
        actions={<Button onClick={() => navigate({ screen: 'compare', comparisonId: null })}>New comparison</Button>}
      />
    </div>
  );
}

function TooFewModels({ count }: { readonly count: number }) {
  return (
    <EmptyState
      title={count === 0 ? 'There is no model to compare yet' : 'One more model is needed to compare'}
      actions={
        <>
          <Button variant="primary" onClick={() => navigate({ screen: 'discover', repo: null, revision: null })}>
            Discover models
          </Button>
          <Button onClick={() => navigate({ screen: 'library' })}>Open the library</Button>
        </>
      }
    >
      Two to four models answer the same prompt side by side, with the same seed. Models behind endpoints count too.
    </EmptyState>
  );
}
