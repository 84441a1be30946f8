import { readName } from '#core/names/readName.ts';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { provenanceOf } from './artifactNames.ts';
import type { FileGroup } from './groupShards.ts';

type ClaimedFields = Pick<ArtifactRow, 'name' | 'publisher' | 'repo' | 'nameInApp' | 'provenance' | 'claimedSha256' | 'projectorPath'>;

/**
 * What the records of the owning app say, as fields of a row. What a download has verified outweighs a claim.
 * @param before the row as it was; undefined for a new one, and for one whose content is another now
 */
export function claimedFields(group: FileGroup, before: ArtifactRow | undefined): Partial<ClaimedFields> {
  const { claim } = group;
  if (claim === undefined) return {};
  const name = nameGivenByApp(group);
  return {
    ...(name === null ? {} : { name }),
    ...originOf(group),
    nameInApp: claim.nameInApp,
    provenance: before?.provenance?.verifiedAt ? before.provenance : (claim.provenance ?? before?.provenance ?? null),
    claimedSha256: claim.sha256 ?? before?.claimedSha256 ?? null,
    projectorPath: claim.projectorPath ?? before?.projectorPath ?? null,
  };
}

/** Publisher and repo: records of the owning app know more than folder names. */
export function originOf(group: FileGroup): { readonly publisher: string | null; readonly repo: string | null } {
  const { claim } = group;
  if (claim === undefined) return provenanceOf(group.files[0]?.path ?? '');
  return { publisher: claim.publisher, repo: claim.provenance?.repo ?? null };
}

/** `llama3.2:3b` as a person would write it, where the file's own name is a hash. Null where no app names it. */
export function nameGivenByApp(group: FileGroup): string | null {
  const name = group.claim?.nameInApp ?? null;
  return name === null ? null : readName(name).displayName || name;
}
