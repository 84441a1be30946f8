import { isAttempted, isCompleted } from './itemOutcomes.ts';
import type { ModelResult } from './runRecords.ts';
import type { SampleRecord } from './sampleRecord.ts';
import { mean, percentilesOf } from './statistics.ts';

/**
 * How an endpoint does with several requests at the same time: latency, and requests a second by Little's law (those under way over the mean time
 * of one), which pauses between them do not blur.
 * @param answers of one model behind an endpoint
 * @returns by number of requests at the same time, ascending
 */
export function sweepOf(answers: readonly SampleRecord[]): ModelResult['sweep'] {
  const groups = Map.groupBy(answers, (sample) => sample.work?.beside ?? 1);
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([concurrency, group]) => {
      const completed = group.filter((sample) => isAttempted(sample) && isCompleted(sample));
      const totals = completed.flatMap((sample) => sample.timings?.totalMs ?? []);
      const meanMs = mean(totals);
      if (meanMs === null || meanMs <= 0) return [];
      const errors = group.filter((sample) => sample.state === 'error').length;
      return [{ concurrency, requestsPerSecond: (concurrency * 1000) / meanMs, totalMs: percentilesOf(totals), errors }];
    });
}
