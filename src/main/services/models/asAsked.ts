import type { LoadOptions } from '#shared/contract/models.ts';
import type { LoadingOptions } from './modelService.ts';
import type { RunnerEntry } from './runnerEntries.ts';

type Wish = Partial<LoadOptions> & Pick<LoadingOptions, 'sees' | 'wishedContextTokens'>;

/** Whether it is loaded as is asked for; what is left open is right as it is. */
export function isAsAsked(entry: RunnerEntry, wish: Wish): boolean {
  return hasOptions(entry, wish) && !isLess(entry, wish);
}

/** Whether all that is missing is that it sees, or a longer context. */
export function isOnlyLess(entry: RunnerEntry, wish: Wish): boolean {
  return hasOptions(entry, wish) && isLess(entry, wish);
}

function hasOptions({ decision }: RunnerEntry, wish: Wish): boolean {
  const request = decision?.request;
  return (
    request !== undefined &&
    (wish.contextTokens ?? request.contextTokens) === request.contextTokens &&
    (wish.threads ?? request.threads) === request.threads &&
    (wish.gpuLayers ?? request.gpuLayers) === request.gpuLayers &&
    (wish.kvType ?? request.kvType) === request.kvType &&
    (wish.flashAttention ?? request.flashAttention) === request.flashAttention &&
    (wish.sequences ?? request.sequences ?? 1) === (request.sequences ?? 1)
  );
}

/** What was wished for and did not fit is not tried again. */
function isLess({ decision, wishedContextTokens }: RunnerEntry, wish: Wish): boolean {
  const request = decision?.request;
  const contextTokens = Math.max(request?.contextTokens ?? 0, wishedContextTokens ?? 0);
  const isBlind = wish.sees === true && request?.projectorPath === undefined;
  return isBlind || (wish.contextTokens == null && (wish.wishedContextTokens ?? 0) > contextTokens);
}

/** How it is loaded again: as its user had asked for, with what it lacks. What it had is not taken away. */
export function asAskedAnd({ options, decision, wishedContextTokens }: RunnerEntry, wish: Wish): Wish {
  const request = decision?.request;
  const longest = Math.max(wishedContextTokens ?? 0, wish.wishedContextTokens ?? 0);
  const isLonger = longest > (request?.contextTokens ?? 0);
  return {
    contextTokens: isLonger ? null : (wish.contextTokens ?? options.contextTokens ?? null),
    threads: wish.threads ?? options.threads ?? null,
    gpuLayers: wish.gpuLayers ?? options.gpuLayers ?? null,
    kvType: wish.kvType ?? options.kvType ?? null,
    flashAttention: wish.flashAttention ?? options.flashAttention ?? null,
    sequences: wish.sequences ?? options.sequences ?? null,
    wishedContextTokens: longest > 0 ? longest : null,
    sees: wish.sees === true || request?.projectorPath !== undefined,
  };
}

/** Whether it was loaded when fewer answers side by side were wanted, and by nobody's wish. */
export function isTooNarrow({ decision }: RunnerEntry, parallel: number | null): boolean {
  const wish = decision?.plan?.wish;
  // The engine that reads pictures answers one at a time.
  if (decision?.request.projectorPath !== undefined) return false;
  return wish !== undefined && wish.sequences == null && (wish.wishedSequences ?? 1) < (parallel ?? 1);
}
