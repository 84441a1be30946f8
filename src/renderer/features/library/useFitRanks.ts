import { useEffect, useState } from 'react';
import type { Artifact } from '#shared/contract/models.ts';
import { artifactFit } from '../../fit/artifactFit.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { rankFits } from '../../fit/rankFits.ts';
import { shapeOf, useFit, wantAll } from '../../stores/fit.ts';
import { onConnected } from '../../stores/rpc.ts';

const none: ReadonlyMap<string, number> = new Map();

/**
 * How well every model fits, by id, for sorting: known bit by bit, without the page standing still.
 * @param isAsked off = nothing is read or computed
 */
export function useFitRanks(artifacts: readonly Artifact[], plan: FitPlan | null, isAsked: boolean): ReadonlyMap<string, number> {
  const [ranks, setRanks] = useState(none);
  useEffect(() => {
    if (!isAsked || plan === null) return;
    const stopped = new AbortController();
    const stop = onConnected(() => wantAll(artifacts));
    void rankFits({
      models: artifacts,
      fitOf(artifact) {
        const known = artifactFit(artifact, shapeOf(useFit.getState().shapes, artifact), plan);
        return known.state === 'known' ? known.fit : known.state === 'unknown' ? null : undefined;
      },
      pause: () => new Promise((resolve) => setTimeout(resolve)),
      more: () => moreShapes(stopped.signal),
      onRanks: setRanks,
      now: () => performance.now(),
      signal: stopped.signal,
    });
    return () => {
      stopped.abort();
      stop();
      wantAll([]);
    };
  }, [artifacts, plan, isAsked]);
  return ranks;
}

function moreShapes(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      unsubscribe();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const unsubscribe = useFit.subscribe(end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
