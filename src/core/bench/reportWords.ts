import { formatCount, formatDuration, formatPercent } from '../units.ts';
import type { RunReport } from './runRecords.ts';

/** A verdict as a heading. */
export const verdictWords = { fits: 'Fits', fails: 'Fails', 'not-enough-evidence': 'Not enough evidence' } as const;

/**
 * What a rerun needs to be comparable, by name; null = unknown.
 * @param results of a run
 */
export function runConditions({ run, suites, conditions }: RunReport): readonly (readonly [string, string | number | null])[] {
  const { plan } = run;
  const repeats = `${plan.repeats} ${plan.repeats === 1 ? 'repeat' : 'repeats'}`;
  const constrained = plan.constrained ? ', constrained to the schema' : '';
  return [
    ['Run', `${run.id}, ${run.state}, ${formatCount(run.done)} of ${formatCount(run.total)} scenarios`],
    ['Started', new Date(run.startedAt).toISOString()],
    ['Took', formatDuration(run.elapsedMs)],
    ['Rule', runRule(plan)],
    [
      'Sampling',
      `temperatures ${plan.temperatures.join(', ')}, ${repeats}, seed ${plan.seed}, at most ${formatCount(plan.maxTokens)} tokens${constrained}`,
    ],
    ['Engine', conditions.engine],
    ['Backend', conditions.backend],
    ['Threads', conditions.threads],
    ['Context', conditions.contextTokens === null ? null : formatCount(conditions.contextTokens)],
    ['CPU', conditions.cpu],
    ...suites.map((suite) => [`Suite ${suite.id}`, suite.sha256] as const),
    ...conditions.models.map((model) => [`Model ${model.modelId}`, model.sha256] as const),
  ];
}

/**
 * The rule by which a run is judged, in a sentence.
 * @param plan bar, margin and the chosen reference
 */
function runRule({ bar, margin, referenceId }: RunReport['run']['plan']): string {
  const reference =
    referenceId === null ? '' : `, and at most ${Math.round(margin * 1000) / 10} points worse than ${referenceId} on the same items`;
  return `passes ${formatPercent(bar)} of the items${reference}, by exact tests; the chance that any model of the run is called fitting by luck is at most 5%`;
}
