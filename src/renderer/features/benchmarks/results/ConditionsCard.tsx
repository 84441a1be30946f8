import { Copy } from 'lucide-react';
import { formatCount, missing } from '#core/units.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { copyText } from '../../../ui/copyText.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { showToast } from '../../../ui/toast.ts';

/** What a rerun needs to be comparable. */
export function ConditionsCard({ results }: { readonly results: RunResults }) {
  const { conditions, run, verdict, comparability } = results;
  const facts: readonly (readonly [string, string])[] = [
    ['Processor', conditions.cpu ?? missing],
    ['Engine', conditions.engine ?? missing],
    ['Backend', conditions.backend ?? missing],
    ['Threads', formatCount(conditions.threads)],
    ['Context', conditions.context ?? formatCount(conditions.contextTokens)],
    ['Temperatures', run.plan.temperatures.join(', ')],
    ['Longest answer', `${formatCount(run.plan.maxTokens)} tokens`],
    ['Seed', String(run.plan.seed)],
    ['Power', conditions.power ?? missing],
    ['Heat', conditions.thermal ?? missing],
    ...(verdict.level === undefined ? [] : [['Wrong pass at most', levelWords(verdict.level)] as const]),
  ];
  return (
    <section className="card" aria-label="Conditions">
      <header>
        <h3 className="h3">Conditions</h3>
      </header>
      <dl className="kv">
        {facts.map(([name, value]) => (
          <div key={name} className="kv-row">
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
        {comparability == null ? null : (
          <div className="kv-row">
            <dt>Comparable with</dt>
            <dd className="comparable">
              <span className="mono" title={comparability.key}>
                {comparability.key.slice(0, 12)}
              </span>
              <IconButton
                icon={Copy}
                size="sm"
                label="Copy the comparability key"
                onClick={() => void copyText(comparability.key).then(() => showToast({ title: 'Key copied', tone: 'done' }))}
              />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** "4%, over all models", "0.5% at look 2" */
function levelWords({ testing, look, alpha }: NonNullable<RunResults['verdict']['level']>): string {
  const share = `${Number((alpha * 100).toPrecision(2))}%`;
  if (look > 1) return `${share} at look ${look}`;
  return testing === 'holm' ? `${share}, over all models` : `${share}, largest first`;
}
