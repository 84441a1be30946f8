import { loadItemId, type SpeedTest, speedTests } from '#core/bench/planRun.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { LaneRunner } from './laneRunner.ts';

export type SpeedOutcome = Pick<JournaledSample, 'state' | 'tokensPerSecond' | 'timings' | 'error'>;

/**
 * One repetition of a speed test; the first on a process is preceded by a warm-up that is not timed.
 * @returns `skipped` with the reason where the context is too small for the test.
 * @throws {RpcError} whatever the runner throws.
 */
export async function measureSpeed(
  runner: LaneRunner,
  options: { readonly test: SpeedTest; readonly seed: number; readonly signal: AbortSignal },
): Promise<SpeedOutcome> {
  const { test, seed, signal } = options;
  const { generation, load } = runner.fresh;
  const needed = test.promptTokens + test.generatedTokens;
  if (load.contextTokens < needed) {
    return {
      state: 'skipped',
      tokensPerSecond: null,
      timings: null,
      error: {
        code: modelErrors.contextFull,
        message: `${test.id} needs a context of ${needed} tokens; this model was loaded with ${load.contextTokens}.`,
        hint: 'Measure it with a larger context.',
      },
    };
  }
  const { promptTokens, generatedTokens } = test;
  const warmUp = !runner.warmedTests.has(test.id);
  const { elapsedMs, tokensPerSecond } = await generation.measure({ promptTokens, generatedTokens, seed, warmUp }, { signal });
  runner.warmedTests.add(test.id);
  if (promptTokens === 0) runner.fresh.noteSpeed({ tokensPerSecond, generatedTokens, depthTokens: generatedTokens / 2 });
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
  [loadItemId]: 'Loading the file into a fresh process',
  pp512: '512 random tokens read from an empty context',
  tg128: '128 tokens written one by one from an empty context',
};

/** What a speed test does, for the drill-down. */
export const describeTest = (itemId: string): string => testDescriptions[itemId] ?? itemId;

/** @throws {Error} for an id that is no test: a bug. */
export function speedTestOf(itemId: string): SpeedTest {
  const test = speedTests.find((candidate) => candidate.id === itemId);
  if (test === undefined) throw new Error(`there is no speed test named ${itemId}`);
  return test;
}
