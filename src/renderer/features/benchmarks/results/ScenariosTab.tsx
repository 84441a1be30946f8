import { useMemo } from 'react';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { useShortcut } from '../../../shell/useShortcut.ts';
import { loadSamples } from '../../../stores/benchmarks.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { ScenarioFilters } from './ScenarioFilters.tsx';
import { ScenarioList } from './ScenarioList.tsx';
import { ScenarioTranscript } from './ScenarioTranscript.tsx';
import { outcomeOf, overruledWords, scenariosOf } from './scenarios.ts';
import { useAsked } from './useAsked.ts';

export interface ScenarioFilter {
  readonly modelId: string;
  readonly suite: string;
  /** Null = all. */
  readonly temperature: number | null;
  readonly failingOnly: boolean;
  /** The scenario that is read; null or one that is not listed = the first. */
  readonly itemId: string | null;
}

/** Goes to the transcript of one scenario. */
export type OpenScenario = (scenario: { readonly modelId: string; readonly suite: string; readonly itemId: string }) => void;

interface ScenariosTabProps {
  readonly results: RunResults;
  readonly filter: ScenarioFilter;
  readonly onFilter: (filter: ScenarioFilter) => void;
}

/** Every item of a suite with every model's outcome, and the transcript of the chosen one. J and K move, F shows failing only. */
export function ScenariosTab({ results, filter, onFilter }: ScenariosTabProps) {
  // All samples of one suite; only the suite on the screen is held.
  const { answer: samples, again } = useAsked(`${results.run.id} ${filter.suite}`, (options) =>
    loadSamples({ runId: results.run.id, suite: filter.suite }, options),
  );
  const scenarios = useMemo(() => {
    if (samples.state !== 'ready') return [];
    const all = scenariosOf(samples.value, { temperature: filter.temperature });
    return filter.failingOnly ? all.filter((scenario) => ['fail', 'some'].includes(outcomeOf(scenario.byModel.get(filter.modelId)))) : all;
  }, [samples, filter]);
  const index = Math.max(
    0,
    scenarios.findIndex((scenario) => scenario.itemId === filter.itemId),
  );
  const chosen = scenarios[index];

  const move = (step: number): void => {
    const next = scenarios[Math.min(scenarios.length - 1, Math.max(0, index + step))];
    if (next !== undefined) onFilter({ ...filter, itemId: next.itemId });
  };
  useShortcut('J', () => move(1));
  useShortcut('K', () => move(-1));
  useShortcut('F', () => onFilter({ ...filter, failingOnly: !filter.failingOnly }));

  if (results.suites.every((suite) => suite.kind === 'speed')) {
    return (
      <EmptyState title="No scenarios in this run">
        Only speed was measured. A run with a labelled suite shows every question and answer here.
      </EmptyState>
    );
  }
  const model = results.models.find((one) => one.modelId === filter.modelId);
  return (
    <div className="body scenarios">
      <section className="pane sl" aria-label="Scenarios">
        <ScenarioFilters results={results} filter={filter} onFilter={onFilter} count={scenarios.length} />
        {samples.state === 'loading' ? (
          <Skeleton label="Reading the scenarios" rows={8} />
        ) : samples.state === 'failed' ? (
          <ErrorState
            title="The scenarios could not be read"
            error={samples.problem}
            actions={
              <Button size="sm" onClick={again}>
                Try again
              </Button>
            }
          />
        ) : scenarios.length === 0 ? (
          <EmptyState
            title={filter.failingOnly ? 'Nothing fails here' : 'Nothing was asked here'}
            {...(filter.failingOnly
              ? { actions: <Button onClick={() => onFilter({ ...filter, failingOnly: false })}>Show all</Button> }
              : {})}
          >
            {filter.failingOnly
              ? `${model?.name ?? 'This model'} passes every scenario of this suite.`
              : 'The run ended before this suite.'}
          </EmptyState>
        ) : (
          <ScenarioList
            scenarios={scenarios}
            models={results.models}
            modelId={filter.modelId}
            selectedIndex={index}
            onSelect={(next) => onFilter({ ...filter, itemId: scenarios[next]?.itemId ?? null })}
          />
        )}
      </section>
      {chosen === undefined ? null : (
        <ScenarioTranscript
          key={`${chosen.itemId} ${filter.modelId} ${filter.temperature ?? ''}`}
          scenario={chosen}
          models={results.models}
          modelId={filter.modelId}
          overruledOf={(grader) => (samples.state === 'ready' ? overruledWords(samples.value, grader) : null)}
          onModel={(modelId) => onFilter({ ...filter, modelId })}
          onMove={move}
          onChanged={again}
        />
      )}
    </div>
  );
}
