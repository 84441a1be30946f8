import { useEffect, useMemo, useRef } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { type Comparison, comparedModels } from '#shared/contract/comparisons.ts';
import { isHidden } from '../../../stores/comparedColumns.ts';
import { stopColumn, useComparisons } from '../../../stores/comparisons.ts';
import { choiceName, type ModelChoice } from '../../../stores/modelChoices.ts';
import { useReadyFits } from '../useReadyFits.ts';
import { ColumnAnswer } from './ColumnAnswer.tsx';
import { ColumnFoot } from './ColumnFoot.tsx';
import { ColumnHead } from './ColumnHead.tsx';
import { ColumnStats } from './ColumnStats.tsx';
import { statBars } from './statBars.ts';

interface CompareColumnsProps {
  readonly comparison: Comparison | null;
  /** Of the columns; of a blind comparison those that were chosen, in no order. */
  readonly modelIds: readonly string[];
  readonly choices: readonly ModelChoice[];
  readonly onModels: (modelIds: readonly string[]) => void;
  readonly onPrefer: (index: number) => void;
}

/** A column a model: who it is, its answer, its numbers, what is thought of it. */
export function CompareColumns({ comparison, modelIds, choices, onModels, onPrefer }: CompareColumnsProps) {
  const isWriting = useComparisons((state) => state.live !== null);
  const isStopping = useComparisons((state) => state.isStopping);
  const byId = useMemo(() => new Map(choices.map((choice) => [choice.id, choice])), [choices]);
  const fits: ReadonlyMap<string, FitEstimate> = useReadyFits(modelIds.flatMap((id) => byId.get(id)?.artifact ?? []));
  const isBlind = comparison !== null && isHidden(comparison);
  const stats = useMemo(() => (comparison === null || isBlind ? null : statBars(comparison)), [comparison, isBlind]);
  const box = useRef<HTMLDivElement | null>(null);
  /** The button that took a column away went with it: the focus goes to the column that came in its place. */
  const removedAt = useRef<number | null>(null);
  useEffect(() => {
    if (removedAt.current === null) return;
    const models = box.current?.querySelectorAll<HTMLElement>('.column-model') ?? [];
    models[Math.min(removedAt.current, modelIds.length - 1)]?.focus();
    removedAt.current = null;
  }, [modelIds]);
  const labels = comparison?.answers.map(({ label }) => label) ?? modelIds.map((_id, index) => 'ABCD'.charAt(index));

  return (
    <div className="body compared" ref={box}>
      {labels.map((label, index) => {
        const answer = comparison?.answers[index] ?? null;
        const modelId = isBlind ? null : (modelIds[index] ?? null);
        const choice = byId.get(modelId ?? '');
        const name = isBlind ? `Model ${label}` : (answer?.modelName ?? (choice === undefined ? 'No model' : choiceName(choice)));
        return (
          <section key={label} className="pane grow" aria-label={isBlind ? name : `${label}: ${name}`}>
            <ColumnHead
              label={label}
              name={name}
              isBlind={isBlind}
              modelId={modelId}
              choices={choices}
              taken={modelIds}
              fit={modelId === null ? null : (fits.get(modelId) ?? null)}
              isLocked={isWriting}
              onChoose={(id) => onModels(modelIds.with(index, id))}
              onRemove={
                modelIds.length > comparedModels.least
                  ? () => {
                      removedAt.current = index;
                      onModels(modelIds.toSpliced(index, 1));
                    }
                  : null
              }
            />
            <ColumnAnswer answer={answer} index={index} name={name} isBlind={isBlind} isWriting={isWriting} />
            {stats === null || answer === null ? null : <ColumnStats stats={stats[index] ?? []} answer={answer} />}
            {answer === null || comparison === null ? null : (
              <ColumnFoot
                answer={answer}
                index={index}
                isPreferred={comparison.vote === index}
                isBlind={isBlind}
                preferKey={String(index + 1)}
                onPrefer={isWriting || answer.text === '' ? null : () => onPrefer(index)}
                onStop={!isWriting || isBlind || isStopping ? null : () => void stopColumn(comparison.id, index)}
              />
            )}
          </section>
        );
      })}
    </div>
  );
}
