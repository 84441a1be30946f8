import type { Artifact } from '#shared/contract/models.ts';

/** Only what was imported, or has vanished, leaves the library by itself: starters stay, folders are removed whole. */
export function canRemove(artifact: Artifact): boolean {
  return artifact.state === 'missing' || artifact.owner === 'imported';
}
