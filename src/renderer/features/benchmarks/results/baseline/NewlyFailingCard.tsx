import { ArrowDownRight, Info } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Icon } from '../../../../ui/Icon.tsx';
import { modelLabels } from '../../modelLabels.ts';
import { formatPair } from '../../runTime.ts';
import type { OpenScenario } from '../ScenariosTab.tsx';
import { flippedScenarios, whatChanged } from './comparedRows.ts';
import { FlipsDialog } from './FlipsDialog.tsx';

interface NewlyFailingCardProps {
  readonly results: RunResults;
  readonly baseline: RunSummary;
  readonly comparison: RunComparison;
  readonly onOpen: OpenScenario;
}

const mostShown = 6;

/** What passed in the baseline and does not any more, and which files are not the same. */
export function NewlyFailingCard({ results, baseline, comparison, onOpen }: NewlyFailingCardProps) {
  const [isOpen, setOpen] = useState(false);
  const labels = modelLabels(results.models);
  const times = formatPair(baseline.startedAt, results.run.startedAt);
  const flips = flippedScenarios(comparison.models);
  const failing = flips.filter((flip) => flip.isHarm);
  const runs = failing.reduce((sum, flip) => sum + flip.runs, 0);
  const suiteNames = new Map(results.suites.map((suite) => [suite.id, suite.name]));
  return (
    <section className="card b" aria-label="Newly failing">
      <header>
        <h3 className="h3">Newly failing</h3>
        {failing.length === 0 ? null : (
          <span className="note ell">
            {plural(runs, 'run')}, {plural(failing.length, 'scenario')}
          </span>
        )}
        <span className="grow" />
        {flips.length === 0 ? null : (
          <Button size="sm" variant="ghost" onClick={() => setOpen(true)}>
            All flips
          </Button>
        )}
      </header>
      {failing.length === 0 ? (
        <p className="sm none">Nothing that passed then fails now.</p>
      ) : (
        <ul>
          {failing.slice(0, mostShown).map((flip) => (
            <li key={`${flip.modelId} ${flip.suite} ${flip.itemId}`}>
              <Icon of={ArrowDownRight} size={14} />
              <button type="button" className="link grow" onClick={() => onOpen(flip)}>
                <span className="mono ink ell">{flip.itemId}</span>
                <span className="xs ink3 ell">
                  {suiteNames.get(flip.suite) ?? flip.suite}, {labels.get(flip.modelId) ?? flip.modelId}
                </span>
              </button>
              <span className="xs ink2 nowrap">{plural(flip.runs, 'run')}</span>
            </li>
          ))}
        </ul>
      )}
      <WhatChanged labels={labels} comparison={comparison} />
      <FlipsDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`All flips since ${times.before}`}
        before={times.before}
        now={times.now}
        flips={flips}
        labels={labels}
        suiteNames={suiteNames}
        onOpen={onOpen}
      />
    </section>
  );
}

/** What is not as it was then, said once for all models that it is true of; silent where the app does not tell. */
function WhatChanged({ labels, comparison }: { readonly labels: ReadonlyMap<string, string>; readonly comparison: RunComparison }) {
  const sentences = whatChanged(comparison.models, labels);
  if (sentences.length === 0) return null;
  return (
    <div className="why">
      <Icon of={Info} size={15} />
      <p>{sentences.join(' ')}</p>
    </div>
  );
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
