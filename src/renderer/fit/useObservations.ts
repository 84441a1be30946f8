import { useEffect } from 'react';
import type { LoadObservation } from '#shared/contract/fit.ts';
import { useModels } from '../stores/models.ts';
import { readObservations, useObservations as useStore } from '../stores/observations.ts';
import { onConnected } from '../stores/rpc.ts';

const none: readonly LoadObservation[] = [];

/** What loads of a model took here, newest first: read when it is looked at, and again when it has been loaded or unloaded. */
export function useObservations(artifactId: string | null): readonly LoadObservation[] {
  const loadedState = useModels((state) => state.loaded.find((model) => model.artifactId === artifactId)?.state);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a load that has ended, or a model that has gone, may have left a new one
  useEffect(() => {
    if (artifactId === null) return;
    return onConnected((signal) => void readObservations(artifactId, { signal }));
  }, [artifactId, loadedState]);
  return useStore((state) => (artifactId === null ? none : (state.byModel[artifactId] ?? none)));
}
