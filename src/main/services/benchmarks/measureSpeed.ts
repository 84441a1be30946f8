import { loadItemId, type SpeedTest, speedTests, warmLoadItemId } from '#core/bench/planRun.ts';
import { formatCount, formatDuration } from '#core/units.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { LaneRunner } from './laneRunner.ts';

export type SpeedOutcome = Pick<JournaledSample, 'state' | 'tokensPerSecond' | 'timings' | 'error'>;

/** A repetition that takes longer, reading up to its depth included, is not made again. */
const longMs = 60_000;
/** How long the last repetition of a test took on a process, from the request. */
const tookMs = new WeakMap<LaneRunner, Map<string, number>>();

/**
 * One repetition of a speed test; the first on a process is preceded by a warm-up that is not timed, but at depth, where one has long been made.
 * @returns `skipped` with the reason where the context is too small for the test, or where one repetition took so long that it has to do.
 * @throws {RpcError} whatever the runner throws.
 */
export async function measureSpeed(
  runner: LaneRunner,
  options: { readonly test: SpeedTest; readonly seed: number; readonly signal: AbortSignal },
): Promise<SpeedOutcome> {
  const { test, seed, signal } = options;
  const { generation, load } = runner.fresh;
  const { promptTokens, generatedTokens, depthTokens } = test;
  // The engine keeps one for itself.
  const needed = depthTokens + promptTokens + generatedTokens + 1;
  if (load.contextTokens < needed) {
    return skipped({
      code: modelErrors.contextFull,
      message: `${test.id} needs a context of ${formatCount(needed)} tokens; this model was loaded with ${formatCount(load.contextTokens)}.`,
      hint: 'Measure it with a larger context.',
    });
  }
  const took = tookMs.get(runner) ?? new Map<string, number>();
  tookMs.set(runner, took);
  const before = took.get(test.id) ?? 0;
  if (depthTokens > 0 && before > longMs) {
    return skipped({
      code: benchmarkErrors.limitReached,
      message: `One repetition of ${test.id} took ${formatDuration(before)}, so it was made once.`,
    });
  }
  const warmUp = depthTokens === 0 && !runner.warmedTests.has(test.id);
  const askedAt = performance.now();
  const { elapsedMs, tokensPerSecond } = await generation.measure({ promptTokens, generatedTokens, depthTokens, seed, warmUp }, { signal });
  took.set(test.id, performance.now() - askedAt);
  runner.warmedTests.add(test.id);
  if (promptTokens === 0) runner.fresh.noteSpeed({ tokensPerSecond, generatedTokens, depthTokens: depthTokens + generatedTokens / 2 });
  return {
    state: 'measured',
    tokensPerSecond,
    timings: {
      loadMs: load.loadMs,
      ttftMs: null,
      promptTokensPerSecond: promptTokens > 0 ? tokensPerSecond : null,
      generationTokensPerSecond: generatedTokens > 0 ? tokensPerSecond : null,
      totalMs: elapsedMs,
    },
    error: null,
  };
}

function skipped(reason: NonNullable<SpeedOutcome['error']>): SpeedOutcome {
  return { state: 'skipped', tokensPerSecond: null, timings: null, error: reason };
}

/** The load that was already done: how long it took, from the request to a context that answers. */
export function loadOutcome(runner: LaneRunner): SpeedOutcome {
  const { loadMs } = runner.fresh.load;
  return {
    state: 'measured',
    tokensPerSecond: null,
    timings: { loadMs, ttftMs: null, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: loadMs },
    error: null,
  };
}

const testDescriptions: Readonly<Record<string, string>> = {
  [loadItemId]: 'Loading the file into a fresh process; whether it was in the disk cache is not known',
  [warmLoadItemId]: 'Loading it again right after, out of the disk cache',
  pp512: '512 random tokens read from an empty context',
  tg128: '128 tokens written one by one from an empty context',
  'tg128 @ d4096': '128 tokens written one by one behind 4,096 random tokens',
};

/** What a speed test does, for the drill-down. */
export const describeTest = (itemId: string): string => testDescriptions[itemId] ?? itemId;

/** @throws {Error} for an id that is no test: a bug. */
export function speedTestOf(itemId: string): SpeedTest {
  const test = speedTests.find((candidate) => candidate.id === itemId);
  if (test === undefined) throw new Error(`there is no speed test named ${itemId}`);
  return test;
}
