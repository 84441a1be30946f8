import type { Artifact } from '#shared/contract/models.ts';

/** @returns the models that came with the app and can be used, smallest first. */
export function starterModels(artifacts: readonly Artifact[]): readonly Artifact[] {
  return artifacts
    .filter((artifact) => artifact.owner === 'bundled' && artifact.state === 'ready')
    .toSorted((a, b) => (a.parameters ?? 0) - (b.parameters ?? 0) || a.sizeBytes - b.sizeBytes);
}

/** @returns the starter that answers best: the largest one with a chat template. */
export function chatStarter(starters: readonly Artifact[]): Artifact | undefined {
  return starters.findLast((artifact) => artifact.hasChatTemplate);
}
