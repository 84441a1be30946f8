import { CircleCheck, TriangleAlert } from 'lucide-react';
import { formatCount, formatPercent, missing } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { NumberTable } from '../../../charts/NumberTable.tsx';
import { Tag } from '../../../ui/Tag.tsx';

interface JudgeCardProps {
  readonly results: RunResults;
  readonly models: readonly ModelResult[];
  readonly labels: ReadonlyMap<string, string>;
}

/** What the judge said, after how far it agrees with people: a judge that does not is no part of pass or fail. */
export function JudgeCard({ results, models, labels }: JudgeCardProps) {
  const { judge } = results;
  if (judge == null) return null;
  const judged = models.filter((model) => model.judged != null);
  const hasPreferences = judged.some((model) => model.preferred != null);
  return (
    <section className="card" aria-label="Judge">
      <header>
        <h3 className="h3">Judge</h3>
        <span className="note ell">{judge.name}</span>
        <span className="grow" />
        {judge.calibrated ? (
          <Tag tone="ok" icon={CircleCheck}>
            calibrated
          </Tag>
        ) : (
          <Tag tone="warn" icon={TriangleAlert}>
            uncalibrated: not part of pass or fail
          </Tag>
        )}
      </header>
      <p className="sm judge-words">{judgeWords(judge)}</p>
      {judge.problem === null ? null : <p className="sm judge-words">{judge.problem}</p>}
      {judged.length === 0 ? null : (
        <NumberTable
          caption="Judged answers"
          columns={['Model', 'Criteria met', 'Bounds', 'n', 'Missing', ...(hasPreferences ? ['Preferred'] : [])]}
          rows={judged.map((model) => ({
            id: model.modelId,
            label: labels.get(model.modelId) ?? model.name,
            isVerdict: false,
            values: [
              formatPercent(model.judged?.score),
              model.judged == null ? missing : `${formatPercent(model.judged.low).replace('%', '')}–${formatPercent(model.judged.high)}`,
              formatCount(model.judged?.n),
              formatCount(model.judged?.missing),
              ...(hasPreferences ? [formatPercent(model.preferred?.score)] : []),
            ],
          }))}
        />
      )}
      {judged.some((model) => (model.judged?.missing ?? 0) > 0) ? (
        <p className="note chart-foot">Bounds: with all missing judgements against the model, and all for it.</p>
      ) : null}
    </section>
  );
}

function judgeWords(judge: NonNullable<RunResults['judge']>): string {
  if (judge.n === 0) return 'It was not held against judgements of people.';
  const bounds = judge.low === null || judge.high === null ? '' : ` [${judge.low.toFixed(2)} to ${judge.high.toFixed(2)}]`;
  const kappa = judge.kappa === null ? 'κ unknown' : `κ ${judge.kappa.toFixed(2)}${bounds}`;
  const flips = judge.flipRate === null ? '' : ` ${formatPercent(judge.flipRate)} of its judgements come out otherwise with another seed.`;
  return `Agrees with people in ${formatPercent(judge.accuracy)} of ${formatCount(judge.n)} judgements, ${kappa}; it counts from κ 0.60.${flips}`;
}
