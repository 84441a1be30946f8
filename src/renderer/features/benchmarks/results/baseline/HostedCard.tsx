import { formatMoney } from '#core/bench/runCost.ts';
import { formatCount, formatDuration } from '#core/units.ts';
import type { RunCost, RunResults } from '#shared/contract/benchmarkResults.ts';
import { localAgainstHosted, ratioWords } from './costWords.ts';

const callsAMonth = 50_000;

/** The verdict's model against the cheapest hosted one, at a month's calls. */
export function HostedCard({ results, cost }: { readonly results: RunResults; readonly cost: RunCost }) {
  const pair = localAgainstHosted(cost, results.verdict.modelId);
  if (pair === null) {
    return (
      <section className="card d" aria-label="Local or hosted">
        <header>
          <h3 className="h3">Local or hosted</h3>
        </header>
        <p className="sm none">
          {cost.rows.some((row) => row.kind === 'hosted')
            ? 'What a call costs here is not known: it needs a reading of the power drawn, and a price of electricity under Edit prices.'
            : 'No hosted prices are entered. Add some under Edit prices to compare.'}
        </p>
      </section>
    );
  }
  const { local, hosted, ratio } = pair;
  const { figure, words } = ratioWords(ratio);
  const monthly = (row: typeof local): string =>
    formatMoney(row.perThousandCalls === null ? null : (row.perThousandCalls * callsAMonth) / 1000, row.currency);
  const medianMs = results.models.find((model) => model.modelId === local.modelId)?.totalMs.p50 ?? null;
  return (
    <section className="card d" aria-label="Local or hosted">
      <header>
        <h3 className="h3">Local or hosted</h3>
      </header>
      <div className="be">
        <div className="big">
          {figure} <small>{words}</small>
        </div>
        <p>
          {local.label} here against {hosted.label}, per call. {scoreWords(local.passRate, hosted.passRate)}
        </p>
      </div>
      <dl className="kv">
        <dt>At {formatCount(callsAMonth)} calls a month</dt>
        <dd>
          {monthly(local)}, not {monthly(hosted)}
        </dd>
        <dt title="At the median of this run">Machine time</dt>
        <dd>{medianMs === null ? '–' : `${formatDuration(medianMs * callsAMonth)} a month`}</dd>
        <dt>Data leaves this machine</dt>
        <dd>No</dd>
      </dl>
    </section>
  );
}

function scoreWords(local: number | null, hosted: number | null): string {
  if (local === null || hosted === null) return 'The hosted one was not part of this run, so its score is unknown.';
  const points = Math.round((hosted - local) * 100);
  if (points === 0) return 'It scores the same.';
  return `It scores ${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'} ${points > 0 ? 'lower' : 'higher'}.`;
}
