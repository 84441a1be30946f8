import { formatCount } from '#core/units.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { Chip } from '../../../ui/Chip.tsx';
import { Select } from '../../../ui/Select.tsx';
import { modelLabels } from '../modelLabels.ts';
import type { ScenarioFilter } from './ScenariosTab.tsx';

interface ScenarioFiltersProps {
  readonly results: RunResults;
  readonly filter: ScenarioFilter;
  readonly onFilter: (filter: ScenarioFilter) => void;
  readonly count: number;
}

export function ScenarioFilters({ results, filter, onFilter, count }: ScenarioFiltersProps) {
  const labels = modelLabels(results.models);
  const { temperatures } = results.run.plan;
  return (
    <div className="fl">
      <Select
        size="sm"
        label="Suite"
        value={filter.suite}
        onChange={(suite) => onFilter({ ...filter, suite })}
        options={results.suites.filter((suite) => suite.kind === 'labelled').map((suite) => ({ value: suite.id, label: suite.name }))}
      />
      <Select
        size="sm"
        label="Model"
        value={filter.modelId}
        onChange={(modelId) => onFilter({ ...filter, modelId })}
        options={results.models.map((model) => ({ value: model.modelId, label: labels.get(model.modelId) ?? model.name }))}
      />
      {temperatures.length < 2 ? null : (
        <Select
          size="sm"
          label="Temperature"
          value={filter.temperature === null ? 'all' : String(filter.temperature)}
          onChange={(value) => onFilter({ ...filter, temperature: value === 'all' ? null : Number(value) })}
          options={[{ value: 'all', label: 'All T' }, ...temperatures.map((value) => ({ value: String(value), label: `T ${value}` }))]}
        />
      )}
      <Chip pressed={filter.failingOnly} onPressedChange={(failingOnly) => onFilter({ ...filter, failingOnly })}>
        Failing only
      </Chip>
      <span className="note count" role="status">
        {formatCount(count)}
      </span>
    </div>
  );
}
