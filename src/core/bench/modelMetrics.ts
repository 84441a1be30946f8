import { isCompleted, isNotRun, isTimedOut, isTruncated } from './itemOutcomes.ts';
import type { Endings, ModelResult } from './runRecords.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { histogramOf, mean, percentilesOf } from './statistics.ts';

/** Beyond, reasons differ by item and belong to the drill-down. */
const shownReasons = 5;

export type ModelMetrics = Pick<
  ModelResult,
  | 'endings'
  | 'notRunBecause'
  | 'completionRate'
  | 'ttftMs'
  | 'ttfaMs'
  | 'totalMs'
  | 'modelMs'
  | 'toolMs'
  | 'interTokenMs'
  | 'tpotMs'
  | 'latencyHistogram'
  | 'generationTokensPerSecond'
  | 'promptTokensPerSecond'
  | 'tokensPerAnswer'
  | 'promptTokensPerAnswer'
  | 'cachedTokensPerAnswer'
  | 'joulesPerAnswer'
  | 'gpuUtilisation'
  | 'peakGpuBytes'
>;

/**
 * Time, speed, tokens and energy of one model's answers. Latency, speed and energy come from answers that were made alone; percentiles from those
 * that came to their own end. Times are milliseconds from the request to the engine.
 * - TTFT: to the first token of any kind. TTFA: to the first one of the answer, after reasoning.
 * - TPOT: (total - TTFT) / (tokens - 1), of each answer in one turn: a tool's time is no token's.
 * - Speeds: tokens over time, all answers together. Prompt speed counts what was really read, not what was kept of an earlier prompt.
 * @param answers of labelled suites, cancelled and skipped ones too
 */
export function modelMetrics(answers: readonly SampleRecord[]): ModelMetrics {
  const endings = endingsOf(answers);
  const attempted = answers.filter((sample) => !isNotRun(sample) && sample.finishReason !== 'cancelled');
  const alone = attempted.filter(wasAlone);
  const completed = alone.filter(isCompleted);
  const totals = completed.flatMap((sample) => sample.timings?.totalMs ?? []);
  const histogram = histogramOf(totals);
  const withTools = completed.filter((sample) => (sample.calls?.length ?? 0) > 0);
  const tokens = (count: (usage: NonNullable<SampleRecord['usage']>) => number): number | null =>
    mean(attempted.flatMap((sample) => (sample.usage ? count(sample.usage) : [])));
  return {
    endings,
    notRunBecause: reasonsNotRun(answers),
    completionRate: attempted.length > 0 ? endings.completed / attempted.length : null,
    ttftMs: percentilesOf(completed.flatMap((sample) => sample.timings?.ttftMs ?? [])),
    ttfaMs: percentilesOf(completed.flatMap((sample) => sample.timings?.ttfaMs ?? [])),
    totalMs: percentilesOf(totals),
    modelMs: percentilesOf(withTools.flatMap((sample) => sample.work?.modelMs ?? [])),
    toolMs: percentilesOf(withTools.flatMap((sample) => sample.work?.toolMs ?? [])),
    interTokenMs: percentilesOf(completed.flatMap((sample) => sample.interTokenMs ?? [])),
    tpotMs: percentilesOf(completed.flatMap(tpotOf)),
    latencyHistogram: { binMs: histogram.binWidth, counts: [...histogram.counts] },
    generationTokensPerSecond: generationSpeed(alone),
    promptTokensPerSecond: promptSpeed(alone),
    tokensPerAnswer: tokens((usage) => usage.completionTokens),
    promptTokensPerAnswer: tokens((usage) => usage.promptTokens),
    cachedTokensPerAnswer: tokens((usage) => usage.cachedTokens),
    joulesPerAnswer: mean(alone.flatMap((sample) => sample.work?.joules ?? [])),
    gpuUtilisation: utilisationOf(alone),
    peakGpuBytes: answers.reduce<number | null>((peak, sample) => larger(peak, sample.work?.gpuMemoryBytes ?? null), null),
  };
}

/**
 * Whether nothing else was answered at the same time: only then do time, speed and energy belong to the answer.
 * @param sample one outcome; what was journaled before lanes was made alone
 */
export function wasAlone(sample: Pick<SampleRecord, 'work'>): boolean {
  return (sample.work?.beside ?? 1) === 1;
}

/**
 * Whether a model answered only beside other answers: then its latency is unknown, and this is why.
 * @param model what its answers came to
 */
export function isOnlyBeside({ endings, totalMs }: Pick<ModelMetrics, 'endings' | 'totalMs'>): boolean {
  return endings.completed > 0 && totalMs.n === 0;
}

/**
 * Tokens written over time, all answers together: a mean of rates would give one-word answers the same weight as long ones.
 * @param samples answers
 */
export function generationSpeed(samples: readonly SampleRecord[]): number | null {
  return pooledRate(
    samples.map(({ usage, timings }) => ({ tokens: (usage?.completionTokens ?? 0) - 1, perSecond: timings?.generationTokensPerSecond })),
  );
}

/** Tokens really read: those kept from an earlier prompt cost nothing. */
function promptSpeed(samples: readonly SampleRecord[]): number | null {
  return pooledRate(
    samples.map(({ usage, timings }) => ({
      tokens: usage ? usage.promptTokens - usage.cachedTokens : 0,
      perSecond: timings?.promptTokensPerSecond,
    })),
  );
}

function pooledRate(parts: readonly { readonly tokens: number; readonly perSecond: number | null | undefined }[]): number | null {
  let tokens = 0;
  let seconds = 0;
  for (const part of parts) {
    if (part.tokens <= 0 || !part.perSecond || part.perSecond <= 0) continue;
    tokens += part.tokens;
    seconds += part.tokens / part.perSecond;
  }
  return seconds > 0 ? tokens / seconds : null;
}

function endingsOf(answers: readonly SampleRecord[]): Endings {
  const endings = { completed: 0, truncated: 0, timedOut: 0, errors: 0, cancelled: 0, notRun: 0 };
  for (const sample of answers) endings[endingOf(sample)] += 1;
  return endings;
}

function endingOf(sample: SampleRecord): keyof Endings {
  if (isNotRun(sample)) return 'notRun';
  if (isTimedOut(sample)) return 'timedOut';
  if (sample.finishReason === 'cancelled') return 'cancelled';
  if (isTruncated(sample)) return 'truncated';
  return isCompleted(sample) ? 'completed' : 'errors';
}

function reasonsNotRun(answers: readonly SampleRecord[]): ModelResult['notRunBecause'] {
  const reasons = answers.filter(isNotRun).map((sample) => sample.error?.message ?? 'No reason was written down.');
  return [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => ({ reason, n: all.length }))
    .toSorted((a, b) => b.n - a.n)
    .slice(0, shownReasons);
}

/** Milliseconds a token after the first, of an answer in one turn; nothing where that cannot be told, as of an answer that came in one lump. */
export function tpotOf({ usage, timings, work }: SampleRecord): readonly number[] {
  const steps = (usage?.completionTokens ?? 0) - 1;
  if (steps < 1 || timings?.ttftMs == null || timings.generationTokensPerSecond === null || (work?.turns ?? 1) > 1) return [];
  return [(timings.totalMs - timings.ttftMs) / steps];
}

/** A long answer says more about how busy the card is than a short one. */
function utilisationOf(samples: readonly SampleRecord[]): number | null {
  let busy = 0;
  let all = 0;
  for (const { work, timings } of samples) {
    if (work?.gpuUtilisation == null || timings === null || timings.totalMs <= 0) continue;
    busy += work.gpuUtilisation * timings.totalMs;
    all += timings.totalMs;
  }
  return all > 0 ? busy / all : null;
}

function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
