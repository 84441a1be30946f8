import { useEffect, useState } from 'react';
import type { LoadObservation } from '#shared/contract/fit.ts';
import { useModels } from '../../stores/models.ts';
import { onConnected, rpc } from '../../stores/rpc.ts';

const limit = 8;
const none: readonly LoadObservation[] = [];

/** The last loads of any model, newest first: read when the page is opened, and again when a model came or went. */
export function useRecentLoads(): readonly LoadObservation[] {
  const [loads, setLoads] = useState(none);
  const loaded = useModels((state) => state.loaded.map((model) => `${model.artifactId} ${model.state}`).join('\n'));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a load that has ended has left a new one
  useEffect(
    () =>
      onConnected((signal) => {
        rpc.call('fit.observations', { artifactId: null, limit }, { signal }).then(
          ({ observations }) => setLoads(observations),
          // Nothing of it is needed, and nobody asked for it: what was read stays.
          () => undefined,
        );
      }),
    [loaded],
  );
  return loads;
}
