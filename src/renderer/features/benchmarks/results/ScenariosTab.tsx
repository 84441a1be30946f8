import { useEffect, useMemo, useState } from 'react';
import type { RunResults, Sample } from '#shared/contract/benchmarks.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { useShortcut } from '../../../shell/useShortcut.ts';
import { loadSamples } from '../../../stores/benchmarks.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { ScenarioFilters } from './ScenarioFilters.tsx';
import { ScenarioList } from './ScenarioList.tsx';
import { ScenarioTranscript } from './ScenarioTranscript.tsx';
import { outcomeOf, scenariosOf } from './scenarios.ts';

export interface ScenarioFilter {
  readonly modelId: string;
  readonly suite: string;
  /** Null = all. */
  readonly temperature: number | null;
  readonly failingOnly: boolean;
}

interface ScenariosTabProps {
  readonly results: RunResults;
  readonly filter: ScenarioFilter;
  readonly onFilter: (filter: ScenarioFilter) => void;
}

/** Every item of a suite with every model's outcome, and the transcript of the chosen one. J and K move, F shows failing only. */
export function ScenariosTab({ results, filter, onFilter }: ScenariosTabProps) {
  const samples = useSamples(results.run.id, filter.suite);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const scenarios = useMemo(() => {
    if (samples.state !== 'ready') return [];
    const all = scenariosOf(samples.value, { temperature: filter.temperature });
    return filter.failingOnly ? all.filter((scenario) => ['fail', 'some'].includes(outcomeOf(scenario.byModel.get(filter.modelId)))) : all;
  }, [samples, filter]);
  const index = Math.max(
    0,
    scenarios.findIndex((scenario) => scenario.itemId === chosenId),
  );
  const chosen = scenarios[index];

  const move = (step: number): void => {
    const next = scenarios[Math.min(scenarios.length - 1, Math.max(0, index + step))];
    if (next !== undefined) setChosenId(next.itemId);
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
              <Button size="sm" onClick={samples.retry}>
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
            onSelect={(next) => setChosenId(scenarios[next]?.itemId ?? null)}
          />
        )}
      </section>
      {chosen === undefined ? null : (
        <ScenarioTranscript
          key={`${chosen.itemId} ${filter.modelId} ${filter.temperature ?? ''}`}
          scenario={chosen}
          models={results.models}
          modelId={filter.modelId}
          onModel={(modelId) => onFilter({ ...filter, modelId })}
          onMove={move}
        />
      )}
    </div>
  );
}

type Samples =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: readonly Sample[] }
  | { readonly state: 'failed'; readonly problem: RpcErrorData; readonly retry: () => void };

/** All samples of one suite; only the suite on the screen is held. */
function useSamples(runId: string, suite: string): Samples {
  const [samples, setSamples] = useState<Samples>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const asked = new AbortController();
    setSamples({ state: 'loading' });
    loadSamples({ runId, suite }, { signal: asked.signal }).then(
      (value) => {
        if (!asked.signal.aborted) setSamples({ state: 'ready', value });
      },
      (thrown: unknown) => {
        if (!asked.signal.aborted)
          setSamples({ state: 'failed', problem: toRpcErrorData(thrown), retry: () => setAttempt((before) => before + 1) });
      },
    );
    return () => asked.abort();
  }, [runId, suite, attempt]);
  return samples;
}
