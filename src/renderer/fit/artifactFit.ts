import type { FitEstimate, FitShape } from '#core/fit/fitTypes.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { KnownShape } from '../stores/fit.ts';
import { type FitPlan, fitOf } from './fitPlan.ts';

/** What is known of the fit of a model in the library. */
export type ArtifactFit =
  | { readonly state: 'known'; readonly fit: FitEstimate }
  | { readonly state: 'reading' }
  /** Why not, for people. */
  | { readonly state: 'unknown'; readonly reason: string };

const kept = new WeakMap<FitShape, { readonly plan: FitPlan; readonly fit: FitEstimate | null }>();

/** @param known what the store has of it. Computed once for a plan, however many places show it */
export function artifactFit(artifact: Artifact, known: KnownShape | undefined, plan: FitPlan | null): ArtifactFit {
  if (artifact.state === 'missing') return { state: 'unknown', reason: 'Its file is gone, so nothing can be computed.' };
  if (artifact.state === 'broken') return { state: 'unknown', reason: 'Its file is damaged, so nothing can be computed.' };
  if (known?.state === 'unknown') return { state: 'unknown', reason: known.problem };
  if (known === undefined || plan === null) return { state: 'reading' };
  const fit = keptFit(known, plan);
  return fit === null ? { state: 'unknown', reason: 'No estimate could be made from its header.' } : { state: 'known', fit };
}

function keptFit(known: KnownShape & { readonly state: 'ready' }, plan: FitPlan): FitEstimate | null {
  const entry = kept.get(known.shape);
  if (entry?.plan === plan) return entry.fit;
  const fit = fitOf(known, plan);
  kept.set(known.shape, { plan, fit });
  return fit;
}
