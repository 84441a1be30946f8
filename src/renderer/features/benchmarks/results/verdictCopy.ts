import { formatCount, formatGigabytes, formatPercent, formatRatio, formatScore, formatTokensPerSecond } from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';

export interface VerdictCopy {
  readonly tone: 'fits' | 'fails' | 'open' | 'none';
  readonly kicker: string;
  readonly headline: string;
  /** Shown after the headline where that is a model. */
  readonly quant: string | null;
  readonly sentences: readonly string[];
  /** The model the card is about: its numbers stand beside the words. */
  readonly subject: ModelResult | null;
  /** What the subject is compared with; null when it is the best itself. */
  readonly best: ModelResult | null;
}

/** Puts the outcome of a run into words: what passes, or honestly what does not follow from this run. */
export function verdictCopy(results: RunResults): VerdictCopy {
  const { verdict, models, run } = results;
  const bar = formatPercent(run.plan.bar);
  const scored = models.filter((model) => model.overall !== null && model.overall.n > 0);
  if (scored.length === 0) return withoutScores(results);
  const best = bestOf(scored);
  const partial = run.state === 'done' ? [] : [`From the ${formatCount(run.done)} of ${formatCount(run.total)} calls that were made.`];
  const notRun = models.reduce((sum, model) => sum + model.endings.notRun, 0);
  // The reason of a verdict that is open says it itself.
  const missing =
    notRun === 0 ? [] : [`${formatCount(notRun)} planned ${notRun === 1 ? 'answer was' : 'answers were'} not run and count neither way.`];
  switch (verdict.state) {
    case 'fits': {
      const subject = scored.find((model) => model.modelId === verdict.modelId) ?? best;
      const other = subject === best ? null : best;
      const faster = other === null ? null : ratioOf(speedOf(subject), speedOf(other));
      const fasterWords =
        other === null || faster === null || faster < 1.05
          ? ''
          : `, and is ${formatRatio(faster)} faster than the best, ${nameOf(other)} (${formatScore(other.overall)})`;
      return {
        tone: 'fits',
        kicker: scored.length === 1 ? 'Passes your bar' : 'Smallest that passes',
        headline: subject.name,
        quant: subject.quant,
        sentences: [
          `${subject.remote === true ? 'Behind an endpoint, it' : `${formatGigabytes(subject.sizeBytes)},`} scores ${formatScore(subject.overall)}: at least your ${bar} bar with 95% confidence${fasterWords}.`,
          ...(verdict.nextLarger === null ? [] : [verdict.nextLarger]),
          ...missing,
          ...partial,
        ],
        subject,
        best: other,
      };
    }
    case 'fails':
      return {
        tone: 'fails',
        kicker: 'Nothing passes',
        headline: `No model here reaches ${bar}`,
        quant: null,
        sentences: [
          `The best is ${nameOf(best)} with ${formatScore(best.overall)}.`,
          'A larger model, an easier suite or a lower bar may pass.',
          ...missing,
          ...partial,
        ],
        subject: best,
        best: null,
      };
    case 'not-enough-evidence':
      return {
        tone: 'open',
        kicker: 'Not enough evidence',
        headline:
          verdict.moreItems === null
            ? 'No verdict yet'
            : `Run ${formatCount(verdict.moreItems)} more ${verdict.moreItems === 1 ? 'item' : 'items'}`,
        quant: null,
        sentences: [
          verdict.reason,
          ...(run.plan.itemLimit === null && run.state === 'done'
            ? ['Every item of these suites was asked; another suite or items of your own bring more.']
            : []),
          ...partial,
        ],
        subject: closestOf(scored, verdict.moreItems) ?? best,
        best: null,
      };
    default:
      return verdict.state satisfies never;
  }
}

function withoutScores({ models, suites, run, verdict }: RunResults): VerdictCopy {
  const fastest = models.filter((model) => speedOf(model) !== null).toSorted((a, b) => (speedOf(b) ?? 0) - (speedOf(a) ?? 0))[0];
  const wasPlanned = suites.some((suite) => suite.kind === 'labelled');
  const nothing = { tone: 'none', quant: null, subject: null, best: null } as const;
  if (wasPlanned) {
    const sentences = [`The run ended at ${formatCount(run.done)} of ${formatCount(run.total)} calls, before anything was scored.`];
    return { ...nothing, kicker: 'Nothing was scored', headline: 'No verdict yet', sentences, subject: fastest ?? null };
  }
  if (fastest === undefined) return { ...nothing, kicker: 'Nothing was measured', headline: 'No verdict', sentences: [verdict.reason] };
  return {
    tone: 'none',
    kicker: 'Speed only, no verdict',
    headline: fastest.name,
    quant: fastest.quant,
    sentences: [
      `${models.length === 1 ? 'It writes' : 'The fastest here: it writes'} ${formatTokensPerSecond(speedOf(fastest))}. Fast is not good: nothing was scored in this run.`,
      'Add a suite with answers to learn which model passes.',
    ],
    subject: fastest,
    best: null,
  };
}

function nameOf(model: ModelResult): string {
  return model.quant === null ? model.name : `${model.name} ${model.quant}`;
}

function bestOf(scored: readonly ModelResult[]): ModelResult {
  return scored.reduce((best, model) => ((model.overall?.passRate ?? 0) > (best.overall?.passRate ?? 0) ? model : best));
}

/** The model that a verdict still open speaks of: whose doubt the fewest more items would end, the smallest of those. */
function closestOf(scored: readonly ModelResult[], moreItems: number | null): ModelResult | undefined {
  const undecided = scored
    .filter((model) => model.verdict === 'not-enough-evidence')
    .toSorted((a, b) => Number(a.remote ?? false) - Number(b.remote ?? false) || a.sizeBytes - b.sizeBytes);
  return undecided.find((model) => model.moreItems === moreItems) ?? undecided[0];
}

/** Generation speed: over the run's answers, else of the speed suite. */
export function speedOf(model: ModelResult): number | null {
  return model.speed.find((test) => test.test === 'tg128')?.tokensPerSecond.mean ?? model.generationTokensPerSecond;
}

/** Peak memory where it was measured, else the file's size, and which of the two it is; null behind an endpoint, where neither is known. */
export function memoryOf(model: ModelResult): { readonly bytes: number | null; readonly isMeasured: boolean } {
  if (model.remote === true) return { bytes: null, isMeasured: false };
  return model.peakMemoryBytes === null
    ? { bytes: model.sizeBytes, isMeasured: false }
    : { bytes: model.peakMemoryBytes, isMeasured: true };
}

export function ratioOf(value: number | null, other: number | null): number | null {
  return value === null || other === null || other === 0 ? null : value / other;
}
