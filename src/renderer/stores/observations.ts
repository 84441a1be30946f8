import { create } from 'zustand';
import type { LoadObservation } from '#shared/contract/fit.ts';
import { rpc } from './rpc.ts';

interface Observations {
  /** Newest first, by model. */
  readonly byModel: Readonly<Record<string, readonly LoadObservation[]>>;
}

/** What loads on this machine really took. */
export const useObservations = create<Observations>(() => ({ byModel: {} }));

const limit = 20;

/** Reads the loads of one model again. What was read stays where that fails. */
export async function readObservations(artifactId: string, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  try {
    const { observations } = await rpc.call('fit.observations', { artifactId, limit }, { signal });
    useObservations.setState(({ byModel }) => ({ byModel: { ...byModel, [artifactId]: observations } }));
  } catch {
    // Nothing of it is needed to load a model, and nobody asked for it.
  }
}
