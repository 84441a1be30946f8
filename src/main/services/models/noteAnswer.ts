import type { GenerateResult } from '#shared/contract/runner.ts';
import type { LoadedRunner } from './modelService.ts';

/** Tells how fast an answer was written, at the depth in the middle of it. An answer too short to be timed tells nothing. */
export function noteAnswer(runner: Pick<LoadedRunner, 'noteSpeed'>, { usage, timings, contextUsedTokens }: GenerateResult): void {
  const tokensPerSecond = timings.generationTokensPerSecond;
  const generatedTokens = usage.completionTokens;
  if (tokensPerSecond === null) return;
  runner.noteSpeed({ tokensPerSecond, generatedTokens, depthTokens: Math.max(0, contextUsedTokens - generatedTokens / 2) });
}
