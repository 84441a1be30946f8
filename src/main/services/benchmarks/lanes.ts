import type { JournaledSample } from '#main/storage/sampleTable.ts';

/** First answers of a model are made alone: they give its latency, enough of them for a p95. */
export const aloneAnswers = 20;
/** Fewer say too little of what lanes bring. */
const leastKnown = 5;
/** Lanes that bring less than this are not worth what they take. */
const leastGain = 1.1;
/** Answers a lane that are looked at before it is decided whether lanes pay. */
export const calibrationAnswersPerLane = 8;
/** Of free memory that lanes may take together. */
const memoryShare = 0.8;
/** Start of a process beside the load itself, measured at 0.5 to 0.7 s. */
const startMs = 700;
/** A laptop's processor has no more cores that a small model could use. */
const mostLanes = 16;
/** Sequences that a GPU is tried with: each holds a context of its own in its memory. */
const gpuSequences = 4;

/** What a model's tokens cost when nothing else is made beside it. */
export interface TokenCost {
  readonly promptMs: number;
  readonly answerMs: number;
}

/**
 * Reads what tokens cost off answers that were made alone.
 * @returns null when there are too few
 */
export function tokenCostOf(samples: readonly JournaledSample[]): TokenCost | null {
  const sums = { promptTokens: 0, promptMs: 0, answerTokens: 0, answerMs: 0, count: 0 };
  for (const sample of samples) {
    const timed = timesOf(sample);
    if (timed === null || (sample.work?.beside ?? 1) !== 1) continue;
    sums.count += 1;
    sums.promptTokens += timed.promptTokens;
    sums.promptMs += timed.promptMs;
    sums.answerTokens += timed.answerTokens;
    sums.answerMs += timed.answerMs;
  }
  if (sums.count < leastKnown || sums.promptTokens === 0) return null;
  return {
    promptMs: sums.promptMs / sums.promptTokens,
    answerMs: sums.answerTokens === 0 ? 0 : sums.answerMs / sums.answerTokens,
  };
}

/** How long an answer would have taken alone; null where it was not measured. */
export function aloneMs(sample: JournaledSample, cost: TokenCost): number | null {
  const timed = timesOf(sample);
  return timed === null ? null : timed.promptTokens * cost.promptMs + timed.answerTokens * cost.answerMs;
}

/**
 * Whether answers made side by side came faster than one after the other.
 * @param samples made in `elapsedMs` by all lanes together
 */
export function lanesPay(samples: readonly JournaledSample[], options: { readonly cost: TokenCost; readonly elapsedMs: number }): boolean {
  const expectedMs = samples.reduce((sum, sample) => sum + (aloneMs(sample, options.cost) ?? 0), 0);
  return expectedMs / options.elapsedMs >= leastGain;
}

/**
 * How many lanes are worth trying: as many as there are cores and memory for, and none where the answers that are left would not pay for
 * their start.
 * @param options.wanted the plan's; null = decide
 * @param options.residentBytes of one runner with this model; null = unknown, then none beside it are tried
 * @returns at least 1
 */
export function lanesToTry(options: {
  readonly wanted: number | null;
  readonly cores: number;
  readonly availableBytes: number;
  readonly residentBytes: number | null;
  /** Then lanes are sequences of one process, and neither cores nor memory of the processor tell how many. */
  readonly isOnGpu: boolean;
  readonly loadMs: number;
  readonly answersLeft: number;
  /** Mean of one answer made alone; null = unknown. */
  readonly answerMs: number | null;
}): number {
  const { wanted, cores, availableBytes, residentBytes, isOnGpu, loadMs, answersLeft, answerMs } = options;
  if (wanted !== null) return Math.min(wanted, Math.max(1, answersLeft));
  if (residentBytes === null || answerMs === null) return 1;
  const room = 1 + Math.floor((memoryShare * availableBytes) / Math.max(1, residentBytes));
  const lanes = isOnGpu ? Math.min(gpuSequences, answersLeft) : Math.min(cores, room, mostLanes, answersLeft);
  if (lanes < 2) return 1;
  const savedMs = answersLeft * answerMs * (1 - 1 / lanes);
  return savedMs > 2 * (isOnGpu ? 1 : lanes) * (startMs + loadMs) ? lanes : 1;
}

interface Times {
  readonly promptTokens: number;
  readonly promptMs: number;
  readonly answerTokens: number;
  readonly answerMs: number;
}

/** Null for what was not answered in one turn: then times and counts are of more than one prompt. */
function timesOf({ usage, timings, work, calls }: JournaledSample): Times | null {
  if (usage === null || timings === null || timings.ttftMs === null) return null;
  if ((work?.turns ?? 1) !== 1 || (calls?.length ?? 0) > 0) return null;
  return {
    promptTokens: usage.promptTokens - usage.cachedTokens,
    promptMs: timings.ttftMs,
    answerTokens: Math.max(0, usage.completionTokens - 1),
    answerMs: timings.totalMs - timings.ttftMs,
  };
}
