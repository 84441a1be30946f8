import { formatCount } from '#core/units.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';
import { Checkbox } from '../../../ui/Checkbox.tsx';
import { Tag } from '../../../ui/Tag.tsx';

interface SuitesListProps {
  readonly suites: readonly Suite[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly scenarios: number;
}

export function SuitesList({ suites, selected, onSelect, scenarios }: SuitesListProps) {
  const chosen = suites.filter((suite) => selected.has(suite.id)).map((suite) => suite.id);
  return (
    <section aria-label="Suites">
      <div className="row spread section-head">
        <h2 className="h2">
          Suites{' '}
          <span className="ink3">
            {chosen.length} of {suites.length}, {formatCount(scenarios)} scenarios
          </span>
        </h2>
      </div>
      <ul className="su">
        {suites.map((suite) => (
          <li key={suite.id} className={selected.has(suite.id) ? undefined : 'off'}>
            <Checkbox
              checked={selected.has(suite.id)}
              onChange={(on) => onSelect(on ? [...chosen, suite.id] : chosen.filter((id) => id !== suite.id))}
            >
              <span className="ink">{suite.name}</span> <span className="ink3">{suite.description}</span>
            </Checkbox>
            {suite.source === 'yours' ? <Tag tone="acc">yours</Tag> : null}
            <span className="n">{suite.kind === 'speed' ? <span className="note">no score</span> : formatCount(suite.itemCount)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
