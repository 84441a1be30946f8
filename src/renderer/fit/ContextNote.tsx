import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { contextShort } from '../ui/shortForms.ts';

/** How far the context could go, and what a number of tokens means to a reader. */
export function ContextNote({ fit, trainedTokens }: { readonly fit: FitEstimate | null; readonly trainedTokens: number | null }) {
  const isAll = fit !== null && fit.maxContext !== null && trainedTokens !== null && fit.maxContext >= trainedTokens;
  return (
    <>
      {fit === null ? null : (
        <>
          {isAll ? 'All of it fits.' : fit.maxContext === null ? 'It does not fit.' : `Fits up to ${contextShort(fit.maxContext)}.`} <br />
        </>
      )}
      1k is about 2 pages.
    </>
  );
}
