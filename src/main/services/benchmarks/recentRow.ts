import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import type { RunProgress } from '#shared/contract/benchmarks.ts';

/** A sample as a line of the last results: how it came out, or by whose word. */
export function recentRow(sample: Sample): RunProgress['recent'][number] {
  const { modelId, suite, itemId, passed } = sample;
  return { modelId, suite, itemId, passed, reason: reasonOf(sample), totalMs: sample.timings?.totalMs ?? null };
}

function reasonOf(sample: Sample): string {
  if (sample.overrule != null) return 'by your word';
  if (sample.error !== null) return sample.error.message;
  if (sample.tokensPerSecond !== null) return `${sample.itemId}: ${sample.tokensPerSecond.toFixed(0)} tok/s`;
  return sample.grade?.reason ?? '';
}
