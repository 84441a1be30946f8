import { useState } from 'react';
import { formatCount, formatPoints } from '#core/units.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { compareModels } from '../../../../stores/benchmarks.ts';
import { Button } from '../../../../ui/Button.tsx';
import { ErrorState } from '../../../../ui/ErrorState.tsx';
import { Icon } from '../../../../ui/Icon.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Skeleton } from '../../../../ui/Skeleton.tsx';
import type { OpenScenario } from '../ScenariosTab.tsx';
import { useAsked } from '../useAsked.ts';
import { chanceWords, changeLooks } from './BaselineCard.tsx';
import { changeOf, firstPair, flippedScenarios } from './comparedRows.ts';
import { FlipsDialog } from './FlipsDialog.tsx';

interface QuantFlipsCardProps {
  readonly results: RunResults;
  readonly onOpen: OpenScenario;
}

/** One model of the run against another, mostly two quants: which answers a smaller file costs. */
export function QuantFlipsCard({ results, onOpen }: QuantFlipsCardProps) {
  const scored = results.models.filter((model) => model.overall !== null);
  const first = firstPair(scored, results.verdict.modelId);
  const [modelId, setModelId] = useState(first?.modelId ?? '');
  const [againstId, setAgainstId] = useState(first?.againstId ?? '');
  const [isOpen, setOpen] = useState(false);
  const { answer, again } = useAsked(`${results.run.id} ${modelId} ${againstId}`, (options) =>
    compareModels({ runId: results.run.id, modelId, againstId }, options),
  );
  if (first === null) return null;
  const labels = new Map(scored.map((model) => [model.modelId, `${model.name}${model.quant === null ? '' : ` ${model.quant}`}`]));
  const options = scored.map((model) => ({ value: model.modelId, label: labels.get(model.modelId) ?? model.name }));
  const suiteNames = new Map(results.suites.map((suite) => [suite.id, suite.name]));
  const compared = answer.state === 'ready' ? answer.value : null;
  const flips = compared === null ? [] : flippedScenarios([compared]);
  const look = compared === null ? null : changeLooks[changeOf(compared)];
  const rateOf = (id: string): number | null => scored.find((model) => model.modelId === id)?.overall?.passRate ?? null;
  const now = compared?.passRateNow ?? rateOf(modelId);
  const before = compared?.passRateBefore ?? rateOf(againstId);
  return (
    <section className="card q" aria-label="Model against model">
      <header>
        <h3 className="h3">Model against model</h3>
        <Select size="sm" label="Model" value={modelId} onChange={setModelId} options={options.filter((one) => one.value !== againstId)} />
        <span className="note">against</span>
        <Select
          size="sm"
          label="Held against"
          value={againstId}
          onChange={setAgainstId}
          options={options.filter((one) => one.value !== modelId)}
        />
        <span className="grow" />
        {flips.length === 0 ? null : (
          <Button size="sm" variant="ghost" onClick={() => setOpen(true)}>
            All flips
          </Button>
        )}
      </header>
      {answer.state === 'loading' ? <Skeleton label="Comparing the models" rows={2} /> : null}
      {answer.state === 'failed' ? (
        <ErrorState
          title="The models could not be compared"
          error={answer.problem}
          actions={
            <Button size="sm" onClick={again}>
              Try again
            </Button>
          }
        />
      ) : null}
      {compared === null || look === null ? null : (
        <>
          <dl className="pair">
            <div>
              <dt>Harmful</dt>
              <dd>{formatCount(compared.lost)}</dd>
            </div>
            <div>
              <dt>Beneficial</dt>
              <dd>{formatCount(compared.gained)}</dd>
            </div>
            {compared.changed === undefined ? null : (
              <div>
                <dt>Other answer, same score</dt>
                <dd>{formatCount(compared.changed)}</dd>
              </div>
            )}
            <div>
              <dt>Score</dt>
              <dd>{now === null || before === null ? '–' : formatPoints(now - before)}</dd>
            </div>
            <div>
              <dt>Change</dt>
              <dd className={`w ${look.tone ?? 'ink3'}`}>
                <Icon of={look.icon} size={14} />
                {look.words}
              </dd>
            </div>
          </dl>
          <p className="note chart-foot">
            {formatCount(compared.n)} scenarios that both answered. {chanceWords(compared)}
          </p>
          <FlipsDialog
            open={isOpen}
            onClose={() => setOpen(false)}
            title="All flips between the two"
            before={labels.get(againstId) ?? ''}
            now={labels.get(modelId) ?? ''}
            flips={flips}
            labels={labels}
            suiteNames={suiteNames}
            onOpen={onOpen}
          />
        </>
      )}
    </section>
  );
}
