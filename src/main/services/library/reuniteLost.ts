import { basename } from 'node:path';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import type { LibraryRows } from './libraryRows.ts';

/**
 * Finds again what has vanished from its place: other apps move files (llama.cpp into the hub's cache, a user into another folder). An entry
 * with the same content that this scan found first, or that was never used, becomes the old one: id, use and measurements go on.
 * @param scan.seen ids that lie on disk
 * @param scan.isNew those of them that were not known before
 * @param scan.isOffline rows whose folder is not there just now: they wait for it
 * @returns ids of the rows that were found again
 */
export function reuniteLost(
  rows: LibraryRows,
  scan: {
    readonly seen: ReadonlySet<string>;
    readonly isNew: ReadonlySet<string>;
    readonly isOffline: (row: ArtifactRow) => boolean;
  },
): string[] {
  const found: string[] = [];
  const lostRows = rows.all().filter((row) => !scan.seen.has(row.id) && row.owner !== 'bundled' && !scan.isOffline(row));
  if (lostRows.length === 0) return found;
  const candidates = rows
    .all()
    .filter((row) => scan.seen.has(row.id) && row.owner !== 'bundled' && (scan.isNew.has(row.id) || !wasUsed(row)));
  for (const lost of lostRows) {
    const index = candidates.findIndex(
      (row) => row.role === lost.role && hasSameContent(row, lost, { byHashOnly: !scan.isNew.has(row.id) }),
    );
    const [match] = index === -1 ? [] : candidates.splice(index, 1);
    if (match === undefined) continue;
    takeOver(rows, { lost, match });
    found.push(lost.id);
  }
  return found;
}

/**
 * As `reuniteLost`, for a row whose content has just been read: where a missing entry had it, and this one was never used, it becomes that one.
 * @param isOffline rows whose folder is not there just now: they wait for it
 */
export function reuniteHashed(rows: LibraryRows, hashed: ArtifactRow, isOffline: (row: ArtifactRow) => boolean): void {
  if (wasUsed(hashed)) return;
  const lost = rows
    .all()
    .find(
      (row) => row.state === 'missing' && row.id !== hashed.id && row.sha256 !== null && row.sha256 === hashed.sha256 && !isOffline(row),
    );
  if (lost !== undefined) takeOver(rows, { lost, match: hashed });
}

function takeOver(rows: LibraryRows, { lost, match }: { readonly lost: ArtifactRow; readonly match: ArtifactRow }): void {
  rows.remove(match.id);
  rows.save({
    ...match,
    id: lost.id,
    sha256: match.sha256 ?? lost.sha256,
    provenance: lost.provenance?.verifiedAt && !match.provenance?.verifiedAt ? lost.provenance : (match.provenance ?? lost.provenance),
    isHidden: lost.isHidden,
    addedAt: lost.addedAt,
    lastUsedAt: lost.lastUsedAt,
    speed: lost.speed,
    score: lost.score,
  });
}

const wasUsed = (row: ArtifactRow): boolean => row.lastUsedAt !== null || row.speed !== null || row.score !== null;

function hasSameContent(a: ArtifactRow, b: ArtifactRow, { byHashOnly }: { readonly byHashOnly: boolean }): boolean {
  if (a.files.length !== b.files.length || a.sizeBytes !== b.sizeBytes) return false;
  const [hash, other] = [a.sha256 ?? a.claimedSha256, b.sha256 ?? b.claimedSha256];
  if (hash !== null && other !== null) return hash === other;
  if (byHashOnly) return false;
  if (a.provenance?.file && a.provenance.repo === b.provenance?.repo && a.provenance.file === b.provenance.file) return true;
  // A moved file keeps its time to the nanosecond; that and its size and name are as good as a hash.
  return a.files.every((file, index) => {
    const before = b.files[index];
    return file.modifiedAtMs === before?.modifiedAtMs && basename(file.path) === basename(before.path);
  });
}
