import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { isOtherApps } from '#shared/ownerWords.ts';

/**
 * What is hashed in the background, in that order. What the user brought in always is. What other apps and the shared cache hold may be
 * hundreds of gigabytes that nobody asked us to read: only where no record tells a hash and another file of the same size may be the same model.
 * @param rows all rows, listed or not
 */
export function worthHashing(rows: readonly ArtifactRow[]): ArtifactRow[] {
  const unhashed = rows.filter((row) => row.state === 'ready' && row.sha256 === null);
  const sizes = new Map<number, number>();
  if (unhashed.length > 0) for (const row of rows) sizes.set(row.sizeBytes, (sizes.get(row.sizeBytes) ?? 0) + 1);
  const hasTwin = (row: ArtifactRow): boolean => row.claimedSha256 === null && (sizes.get(row.sizeBytes) ?? 0) > 1;
  const own = unhashed.filter((row) => !isAdopted(row));
  return [...own, ...unhashed.filter((row) => isAdopted(row) && hasTwin(row))];
}

const isAdopted = (row: ArtifactRow): boolean => isOtherApps(row.owner) || row.owner === 'hub-cache';
