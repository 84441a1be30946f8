import { formatCount, formatDuration, formatPercent } from '../units.ts';
import { falsePassLimit } from './lookLevel.ts';
import type { VerdictLevel } from './runRecords.ts';
import type { RunReport } from './runReport.ts';

/** A verdict as a heading. */
export const verdictWords = { fits: 'Fits', fails: 'Fails', 'not-enough-evidence': 'Not enough evidence' } as const;

/**
 * What a rerun needs to be comparable, by name; null = unknown.
 * @param results of a run
 */
export function runConditions(results: RunReport): readonly (readonly [string, string | number | null])[] {
  const { run, suites, conditions, verdict } = results;
  const { plan } = run;
  const repeats = `${plan.repeats} ${plan.repeats === 1 ? 'repeat' : 'repeats'}`;
  const constrained = plan.constrained ? ', constrained to the schema' : '';
  return [
    ['Run', `${run.id}, ${run.state}, ${formatCount(run.done)} of ${formatCount(run.total)} scenarios`],
    ['Started', new Date(run.startedAt).toISOString()],
    ['Took', formatDuration(run.elapsedMs)],
    ['Rule', `${runRule(plan)}; ${levelWords(verdict.level)}`],
    [
      'Sampling',
      `temperatures ${plan.temperatures.join(', ')}, ${repeats}, seed ${plan.seed}, at most ${formatCount(plan.maxTokens)} tokens${constrained}`,
    ],
    ['Engine', conditions.engine],
    ['Backend', conditions.backend],
    ['Threads', conditions.threads],
    ['Context', conditions.context ?? (conditions.contextTokens === null ? null : formatCount(conditions.contextTokens))],
    ['CPU', conditions.cpu],
    ['Power', conditions.power ?? null],
    ['Heat', conditions.thermal ?? null],
    ['Thinking', plan.thinking ?? null],
    ['Keys and values', plan.kvType ?? null],
    ['Comparability key', results.comparability?.key ?? null],
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

const testingWords = {
  holm: 'the 5% are shared among all models that were named (Holm)',
  'fixed-sequence': 'models are tested from the largest down, until one does not pass',
} as const;

/**
 * How the 5 % were shared, in words.
 * @param level of the verdict; absent in what was summed up before it was told
 */
export function levelWords(level: VerdictLevel | undefined): string {
  if (level === undefined) return testingWords.holm;
  const alpha = `${Number((level.alpha * 100).toPrecision(2))}%`;
  const look = level.alpha < falsePassLimit ? `; this is look ${level.look} at a run that can be extended, which may spend ${alpha}` : '';
  return `${testingWords[level.testing]}${look}`;
}
