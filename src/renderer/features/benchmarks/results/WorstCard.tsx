import { useState } from 'react';
import { formatPercent } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { Select } from '../../../ui/Select.tsx';
import { modelLabels } from '../modelLabels.ts';
import type { OpenScenario } from './ScenariosTab.tsx';

interface WorstCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly onOpen: OpenScenario;
}

/** The items a model did worst on, to be read: with few hundred of them they say more than any percentile. */
export function WorstCard({ results, models, onOpen }: WorstCardProps) {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const told = models.filter((model) => model.worst !== undefined);
  const model = told.find((one) => one.modelId === (chosenId ?? results.verdict.modelId)) ?? told[0];
  if (model === undefined) return null;
  const labels = modelLabels(models);
  const suiteNames = new Map(results.suites.map((suite) => [suite.id, suite.name]));
  const worst = model.worst ?? [];
  return (
    <section className="card worst" aria-label="Worst items">
      <header>
        <h3 className="h3">Worst items</h3>
        <span className="grow" />
        <Select
          size="sm"
          label="Model"
          value={model.modelId}
          onChange={setChosenId}
          options={told.map((one) => ({ value: one.modelId, label: labels.get(one.modelId) ?? one.name }))}
        />
      </header>
      {worst.length === 0 ? (
        <p className="sm none">Nothing failed.</p>
      ) : (
        <ol>
          {worst.map((item) => (
            <li key={`${item.suite} ${item.itemId}`}>
              <button type="button" className="link grow" onClick={() => onOpen({ modelId: model.modelId, ...item })}>
                <span className="ell">
                  <span className="mono ink">{item.itemId}</span>{' '}
                  <span className="xs ink3">{suiteNames.get(item.suite) ?? item.suite}</span>
                </span>
                <span className="xs ink2 ell">{item.reason}</span>
              </button>
              <span className="xs ink2 nowrap">{item.share === 0 ? 'never passes' : `${formatPercent(item.share)} of runs pass`}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
