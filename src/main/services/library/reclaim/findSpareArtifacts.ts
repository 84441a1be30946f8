import { stat } from 'node:fs/promises';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import type { Owner, ReclaimItem } from '#shared/contract/models.ts';
import { howItsAppRemoves, isOtherApps, ownerLabel } from '#shared/ownerWords.ts';
import { toArtifact } from '../libraryRows.ts';
import { freedBytes } from '../ownFiles.ts';
import { type Reclaimable, reclaimId } from './reclaimable.ts';

const dayMs = 24 * 3_600_000;
const unusedDays = 60;

/** Models that are here twice, older versions of what is here, and models that nobody uses. Each is listed once, for the first of these. */
export async function findSpareArtifacts(rows: readonly ArtifactRow[], now: number): Promise<Reclaimable[]> {
  const ready = rows.filter((row) => row.state === 'ready');
  const found = new Map<string, Reclaimable>();
  const keptIds = new Set<string>();
  for (const group of sameContent(ready)) {
    const [kept, ...spare] = group.toSorted(
      (a, b) => rankOf(a) - rankOf(b) || (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || a.addedAt - b.addedAt,
    );
    if (kept === undefined) continue;
    keptIds.add(kept.id);
    for (const row of spare) {
      const isLinked = await isSameFile(row, kept);
      const reason = `${isLinked ? 'Another name for the bytes of' : 'Same bytes as'} ${namedWithPlace(kept)}, which stays`;
      found.set(row.id, await spareItem('duplicate', row, reason));
    }
  }
  for (const row of ready.filter((candidate) => !found.has(candidate.id) && !keptIds.has(candidate.id) && isOurs(candidate))) {
    const newer = ready.find((other) => isNewerVersion(other, row));
    const days = Math.floor((now - (row.lastUsedAt ?? row.addedAt)) / dayMs);
    if (newer !== undefined) found.set(row.id, await spareItem('unused', row, 'An older version: the newer one is here too'));
    else if (days >= unusedDays) {
      const reason = row.lastUsedAt === null ? `Never used since it was added ${days} days ago` : `Not used for ${days} days`;
      found.set(row.id, await spareItem('unused', row, reason));
    }
  }
  return [...found.values()];
}

/** The hash that says whether two artifacts hold the same bytes; a claimed one is checked before anything is deleted. */
export function contentHash(row: ArtifactRow): string | null {
  return row.sha256 ?? row.claimedSha256;
}

function sameContent(rows: readonly ArtifactRow[]): ArtifactRow[][] {
  const groups = new Map<string, ArtifactRow[]>();
  for (const row of rows) {
    const hash = contentHash(row);
    if (hash === null) continue;
    const key = `${hash} ${row.sizeBytes}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Which copy is kept: the one that cannot be deleted here, then the one that most programs share. */
function rankOf(row: ArtifactRow): number {
  if (row.owner === 'bundled') return 0;
  if (isOtherApps(row.owner)) return 1;
  const order: readonly Owner[] = ['hub-cache', 'downloaded', 'folder', 'imported'];
  return 2 + order.indexOf(row.owner);
}

const isOurs = (row: ArtifactRow): boolean => row.owner === 'downloaded' || row.owner === 'imported';

function isNewerVersion(other: ArtifactRow, row: ArtifactRow): boolean {
  const [a, b] = [other.provenance, row.provenance];
  if (!a?.verifiedAt || !b?.verifiedAt || a.file === null || other.id === row.id) return false;
  return (
    a.repo === b.repo &&
    a.file === b.file &&
    a.revision === b.revision &&
    a.verifiedAt > b.verifiedAt &&
    contentHash(other) !== contentHash(row)
  );
}

function namedWithPlace(row: ArtifactRow): string {
  const name = row.nameInApp ?? row.name;
  if (row.owner === 'bundled') return `the built-in ${name}`;
  return isOtherApps(row.owner) || row.owner === 'hub-cache' ? `${name} in ${ownerLabel(row.owner)}` : name;
}

async function spareItem(kind: 'duplicate' | 'unused', row: ArtifactRow, reason: string): Promise<Reclaimable> {
  const path = row.files[0]?.path ?? '';
  const sizes = await Promise.all(row.files.map((file) => freedBytes(file.path)));
  const hint = howItsAppRemoves(toArtifact(row));
  const item: ReclaimItem = {
    id: reclaimId(kind, row.id),
    kind,
    name: row.nameInApp ?? (row.quant === null ? row.name : `${row.name} ${row.quant}`),
    path,
    owner: row.owner,
    sizeBytes: sizes.reduce((total, size) => total + size, 0),
    lastUsedAt: row.lastUsedAt,
    reason,
    artifactId: row.id,
    canDelete: hint === null,
    hint,
  };
  return { item, target: { kind: 'artifact', artifactId: row.id, isDuplicate: kind === 'duplicate' } };
}

/** Whether two artifacts are names of one file: then deleting one frees nothing. */
export async function isSameFile(a: ArtifactRow, b: ArtifactRow): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((row) => stat(row.files[0]?.path ?? '', { bigint: true }).catch(() => undefined)));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}
