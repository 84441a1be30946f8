import type { LoadOptions } from '#shared/contract/models.ts';
import type { LoadingOptions } from './modelService.ts';
import type { RunnerEntry } from './runnerEntries.ts';

/** Whether it is loaded as is asked for; what is left open is right as it is. */
export function isAsAsked({ decision }: RunnerEntry, wish: Partial<LoadOptions> & Pick<LoadingOptions, 'sees'>): boolean {
  const request = decision?.request;
  return (
    request !== undefined &&
    (wish.sees !== true || request.projectorPath !== undefined) &&
    (wish.contextTokens ?? request.contextTokens) === request.contextTokens &&
    (wish.threads ?? request.threads) === request.threads &&
    (wish.gpuLayers ?? request.gpuLayers) === request.gpuLayers &&
    (wish.kvType ?? request.kvType) === request.kvType &&
    (wish.flashAttention ?? request.flashAttention) === request.flashAttention &&
    (wish.sequences ?? request.sequences ?? 1) === (request.sequences ?? 1)
  );
}

/** Whether it was loaded when fewer answers side by side were wanted, and by nobody's wish. */
export function isTooNarrow({ decision }: RunnerEntry, parallel: number | null): boolean {
  const wish = decision?.plan?.wish;
  // The engine that reads pictures answers one at a time.
  if (decision?.request.projectorPath !== undefined) return false;
  return wish !== undefined && wish.sequences == null && (wish.wishedSequences ?? 1) < (parallel ?? 1);
}
