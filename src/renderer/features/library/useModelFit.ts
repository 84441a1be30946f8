import { useEffect, useMemo } from 'react';
import type { Artifact } from '#shared/contract/models.ts';
import { type ArtifactFit, artifactFit } from '../../fit/artifactFit.ts';
import type { FitPlan, FitSubject } from '../../fit/fitPlan.ts';
import { type RefinedFit, useRefinedFit } from '../../fit/useRefinedFit.ts';
import { shapeOf, useFit, wantOpened } from '../../stores/fit.ts';
import { onConnected } from '../../stores/rpc.ts';

export interface ModelFit {
  readonly known: ArtifactFit;
  readonly subject: FitSubject | null;
  readonly refined: RefinedFit | null;
}

/** What one model of the library takes, as exactly as it can be said. */
export function useModelFit(artifact: Artifact, plan: FitPlan | null): ModelFit {
  const shape = useFit((state) => shapeOf(state.shapes, artifact));
  useEffect(() => onConnected(() => wantOpened(artifact)), [artifact]);
  const subject = shape?.state === 'ready' && artifact.state === 'ready' ? shape : null;
  const target = useMemo(() => ({ artifactId: artifact.id }), [artifact.id]);
  const refined = useRefinedFit(target, subject, plan);
  return { known: artifactFit(artifact, shape, plan), subject, refined };
}
