import { formatDuration, formatGigabytes, formatPercent, formatPoints } from '../units.ts';
import type { PairedComparison } from './itemOutcomes.ts';
import { type ModelResult, modelLabel, type RunVerdict } from './runRecords.ts';

export type JudgedModel = Pick<
  ModelResult,
  'modelId' | 'name' | 'quant' | 'sizeBytes' | 'overall' | 'verdict' | 'verdictReason' | 'moreItems' | 'totalMs' | 'remote'
>;

/**
 * The answer of a run: the smallest model (by size on disk) that fits, why, and what the next larger fitting one would buy. A model behind an
 * endpoint, whose size is unknown, is the answer only where no model of this machine is.
 * @param models judged, in any order
 * @param options bar, and how to compare two models of the run on the items they share
 * @returns the verdict; `not-enough-evidence` with no model where none was scored
 */
export function decideVerdict(
  models: readonly JudgedModel[],
  options: { readonly bar: number; readonly compare: (candidateId: string, referenceId: string) => PairedComparison | null },
): RunVerdict {
  const scored = models.filter((model) => model.verdict !== null && model.overall !== null).toSorted(bySize);
  const nothing = { modelId: null, model: null, nextLarger: null, moreItems: null };
  if (scored.length === 0) {
    const reason =
      models.length === 0
        ? 'No model was run.'
        : `No labelled item was graded, so nothing can be said about quality.${models.some((model) => model.verdict !== null) ? '' : ' Add a labelled suite to the run.'}`;
    return { ...nothing, state: 'not-enough-evidence', reason };
  }
  const unanswered = models.filter((model) => model.verdict !== null && model.overall === null).toSorted(bySize);
  const bar = `${(options.bar * 100).toFixed(1).replace(/\.0$/, '')}%`;
  const fitting = scored.filter((model) => model.verdict === 'fits');
  const [answer, larger] = fitting;
  const undecided = scored.filter((model) => model.verdict === 'not-enough-evidence');
  if (answer) {
    const isSmaller = (model: JudgedModel): boolean =>
      model.remote !== true && (answer.remote === true || model.sizeBytes < answer.sizeBytes);
    const smaller = undecided.filter(isSmaller);
    const role = roleOf(answer, scored.length);
    return {
      state: 'fits',
      modelId: answer.modelId,
      model: modelLabel(answer),
      reason: `${modelLabel(answer)} ${role}: ${answer.verdictReason}${aboutSmaller(smaller)}${aboutUnanswered(unanswered.filter(isSmaller))}`,
      nextLarger: larger ? whatItBuys(answer, larger, options.compare(larger.modelId, answer.modelId)) : null,
      moreItems: null,
    };
  }
  const best = scored.reduce((a, b) => (rateOf(b) > rateOf(a) ? b : a));
  const [first] = undecided;
  if (!first) {
    const who =
      scored.length === 1
        ? `${modelLabel(best)} misses your bar of ${bar}`
        : `All ${scored.length} models${unanswered.length === 0 ? '' : ' that answered'} miss your bar of ${bar}. The best is ${modelLabel(best)}`;
    return { ...nothing, state: 'fails', reason: `${who}: ${best.verdictReason}${aboutUnanswered(unanswered)}` };
  }
  const needed = undecided.map((model) => model.moreItems).filter((count) => count !== null);
  const moreItems = needed.length > 0 ? Math.min(...needed) : null;
  const closest = undecided.find((model) => model.moreItems === moreItems) ?? first;
  return {
    ...nothing,
    state: 'not-enough-evidence',
    reason: `No model passes your bar of ${bar} beyond doubt yet. Closest to a decision is ${modelLabel(closest)}: ${closest.verdictReason}`,
    moreItems,
  };
}

function bySize(a: JudgedModel, b: JudgedModel): number {
  return Number(a.remote ?? false) - Number(b.remote ?? false) || a.sizeBytes - b.sizeBytes;
}

function roleOf(answer: JudgedModel, models: number): string {
  if (models === 1) return 'passes your bar';
  return answer.remote === true
    ? 'passes your bar, and no model of this machine does'
    : `is the smallest of ${models} models that passes your bar`;
}

function rateOf(model: JudgedModel): number {
  return model.overall?.passRate ?? -1;
}

function aboutSmaller(smaller: readonly JudgedModel[]): string {
  const [first, ...rest] = smaller;
  if (!first) return '';
  if (rest.length === 0) return ` ${modelLabel(first)} is smaller and still undecided.`;
  return ` ${smaller.length} smaller models are still undecided, ${modelLabel(first)} the smallest of them.`;
}

/** Such as a file that does not load: it may fit all the same. */
function aboutUnanswered(unanswered: readonly JudgedModel[]): string {
  if (unanswered.length === 0) return '';
  return ` ${unanswered.map(modelLabel).slice(0, 5).join(', ')} answered nothing, so nothing is said of ${unanswered.length === 1 ? 'it' : 'them'}.`;
}

/** What the next larger fitting model would buy, in points, time and bytes. */
function whatItBuys(answer: JudgedModel, larger: JudgedModel, comparison: PairedComparison | null): string {
  const difference = comparison?.difference ?? rateOf(larger) - rateOf(answer);
  const isChance = comparison !== null && comparison.mcnemarP >= 0.05 && Math.abs(difference) >= 5e-4;
  const rates = `${formatPercent(larger.overall?.passRate)} against ${formatPercent(answer.overall?.passRate)}${isChance ? ', within chance' : ''}`;
  const [slower, faster] = [larger, answer].map((model) => formatDuration(model.totalMs.p50));
  const isTimed = larger.totalMs.p50 !== null && answer.totalMs.p50 !== null && slower !== faster;
  const times = isTimed ? `; an answer takes ${slower} instead of ${faster}` : '';
  if (larger.remote === true)
    return `${modelLabel(larger)}, which is not on this machine, passes too: it ${gain(difference)} (${rates})${times}.`;
  const size = formatGigabytes(larger.sizeBytes - answer.sizeBytes);
  return `The next larger one that passes, ${modelLabel(larger)}, ${gain(difference)} (${rates}) for ${size} more${times}.`;
}

function gain(difference: number): string {
  if (Math.abs(difference) < 5e-4) return 'buys no points';
  return difference > 0 ? `buys ${formatPoints(difference)}` : `scores ${formatPoints(difference)}`;
}
