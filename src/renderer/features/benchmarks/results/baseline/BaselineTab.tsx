import { useEffect, useState } from 'react';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { compareRuns, loadResults, useBenchmarks } from '../../../../stores/benchmarks.ts';
import { Button } from '../../../../ui/Button.tsx';
import { ErrorState } from '../../../../ui/ErrorState.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Skeleton } from '../../../../ui/Skeleton.tsx';
import { formatDayAndTime } from '../../runTime.ts';
import type { OpenScenario } from '../ScenariosTab.tsx';
import { useAsked } from '../useAsked.ts';
import { BaselineCard } from './BaselineCard.tsx';
import { CostCard } from './CostCard.tsx';
import { baselineChoices, likeliestBaseline } from './comparedRows.ts';
import { HostedCard } from './HostedCard.tsx';
import { NewlyFailingCard } from './NewlyFailingCard.tsx';
import { QuantFlipsCard } from './QuantFlipsCard.tsx';

interface BaselineTabProps {
  readonly results: RunResults;
  readonly onOpen: OpenScenario;
}

/** What changed since an earlier run, between two models of this one, and what its calls cost. */
export function BaselineTab({ results, onOpen }: BaselineTabProps) {
  const { run, cost } = results;
  const runs = useBenchmarks((state) => state.runs) ?? [];
  const choices = baselineChoices(run, runs);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const baseline = choices.find((one) => one.id === (chosenId ?? run.plan.baselineRunId)) ?? likeliestBaseline(run, choices);
  const isScored = results.models.some((model) => model.overall !== null);
  return (
    <div className="bc">
      {baseline === undefined ? (
        <section className="card q" aria-label="Against baseline">
          <header>
            <h3 className="h3">Against baseline</h3>
          </header>
          <p className="sm none">
            There is no earlier run of these models on these suites. Run this benchmark again after a change of model, engine or prompt, and
            what got worse or better is shown here.
          </p>
        </section>
      ) : (
        <Against
          key={baseline.id}
          results={results}
          baseline={baseline}
          choice={
            <Select
              size="sm"
              label="Baseline"
              value={baseline.id}
              onChange={setChosenId}
              options={choices.map((one) => ({ value: one.id, label: `${formatDayAndTime(one.startedAt)}, ${one.name}` }))}
            />
          }
          onOpen={onOpen}
        />
      )}
      {isScored && results.models.length > 1 ? <QuantFlipsCard results={results} onOpen={onOpen} /> : null}
      {cost == null ? null : (
        <>
          <CostCard cost={cost} runId={run.id} />
          <HostedCard results={results} cost={cost} />
        </>
      )}
    </div>
  );
}

function Against({
  results,
  baseline,
  choice,
  onOpen,
}: BaselineTabProps & { readonly baseline: RunSummary; readonly choice: React.ReactNode }) {
  const { run } = results;
  const { answer, again } = useAsked(`${run.id} ${baseline.id}`, (options) =>
    compareRuns({ runId: run.id, baselineRunId: baseline.id }, options),
  );
  const earlier = useBenchmarks((state) => state.results[baseline.id]);
  useEffect(() => void loadResults(baseline.id), [baseline.id]);
  if (answer.state === 'ready') {
    return (
      <>
        <BaselineCard
          results={results}
          baseline={baseline}
          earlier={earlier?.state === 'ready' ? earlier.value : null}
          comparison={answer.value}
          choice={choice}
        />
        <NewlyFailingCard results={results} baseline={baseline} comparison={answer.value} onOpen={onOpen} />
      </>
    );
  }
  return (
    <section className="card a" aria-label="Against baseline">
      <header>
        <h3 className="h3">Against baseline</h3>
        {choice}
      </header>
      {answer.state === 'loading' ? (
        <Skeleton label="Comparing the runs" rows={5} />
      ) : (
        <ErrorState
          title="The runs could not be compared"
          error={answer.problem}
          actions={
            <Button size="sm" onClick={again}>
              Try again
            </Button>
          }
        />
      )}
    </section>
  );
}
