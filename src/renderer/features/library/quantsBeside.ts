import type { Artifact } from '#shared/contract/models.ts';
import type { OtherQuant } from '../../fit/fitAdvice.ts';

/** Other quants of the same model that are here too, ready to be taken instead; `file` is their id. None where its repo is not known. */
export function quantsBeside(artifact: Artifact, artifacts: readonly Artifact[]): readonly OtherQuant[] {
  if (artifact.repo === null) return [];
  return artifacts
    .filter(({ id, repo, state, parameters }) => {
      const isSameModel = repo === artifact.repo && parameters === artifact.parameters;
      return isSameModel && id !== artifact.id && state === 'ready';
    })
    .map(({ id, quant, name, sizeBytes }) => ({ file: id, name: quant ?? name, sizeBytes }));
}
