import { realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors, type ReclaimItem } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { errorCode } from '../fileProblem.ts';
import { linkedBlobs } from '../hubCacheFiles.ts';
import type { LibraryRows } from '../libraryRows.ts';
import { freedBytes, liesBelow, realPlaces } from '../ownFiles.ts';
import { hasSameFiles } from '../scanLibrary.ts';
import { findLeftovers, type LeftoverPlaces, usedPaths } from './findLeftovers.ts';
import { findSpareArtifacts } from './findSpareArtifacts.ts';
import type { Reclaimable } from './reclaimable.ts';

export interface ReclaimOptions {
  readonly rows: LibraryRows;
  readonly now: () => number;
  readonly places: () => Omit<LeftoverPlaces, 'rows' | 'now' | 'partialPaths'>;
  readonly partialPaths: () => readonly string[];
  readonly whenHashed: (id: string) => Promise<string>;
  /** Deletes an artifact's files with its runner stopped. @throws {RpcError} model-in-use, not-owned, file-changed */
  readonly deleteArtifact: (row: ArtifactRow) => Promise<{ readonly freedBytes: number }>;
}

export interface Reclaim {
  list(): Promise<ReclaimItem[]>;
  /** Deletes items of the last listing one after another, each looked at again first. */
  free(ids: readonly string[]): Promise<{ freedBytes: number; failed: { id: string; message: string }[] }>;
}

/** Finds what takes space for nothing, and lets it go. */
export function createReclaim(options: ReclaimOptions): Reclaim {
  const { rows } = options;
  let listed = new Map<string, Reclaimable>();

  async function free({ item, target }: Reclaimable): Promise<number> {
    if (!item.canDelete) throw refused('It is not Rightsize’s to delete.', item.hint ?? undefined);
    if (target.kind === 'files') return await freeFiles(target);
    const row = rows.get(target.artifactId);
    if (row === undefined || row.state !== 'ready') throw refused('It is not there any more.');
    const twin = target.isDuplicate ? await requireTwin(row) : undefined;
    const { freedBytes: bytes } = await options.deleteArtifact(row);
    if (twin !== undefined) inherit(twin.id, row);
    return bytes;
  }

  /** Another copy that is there at this moment, both read to the end. @throws {RpcError} */
  async function requireTwin(row: ArtifactRow): Promise<ArtifactRow> {
    const sha256 = await options.whenHashed(row.id);
    for (const other of rows.models()) {
      if (other.id === row.id || other.state !== 'ready' || other.sizeBytes !== row.sizeBytes) continue;
      if ((other.sha256 ?? other.claimedSha256) !== sha256 || !(await hasSameFiles(other))) continue;
      if (await leadsTo(other, row)) continue;
      if ((await options.whenHashed(other.id)) === sha256) return other;
    }
    throw refused('No other copy of it is there any more, so it was kept.');
  }

  /** What was measured of the same bytes is true of the copy that stays. */
  function inherit(id: string, gone: ArtifactRow): void {
    const row = rows.get(id);
    if (row === undefined) return;
    rows.save({
      ...row,
      lastUsedAt: Math.max(row.lastUsedAt ?? 0, gone.lastUsedAt ?? 0) || null,
      provenance: row.provenance ?? gone.provenance,
      speed: row.speed ?? gone.speed,
      score: row.score ?? gone.score,
    });
  }

  async function freeFiles(target: Extract<Reclaimable['target'], { kind: 'files' }>): Promise<number> {
    const busy = new Set(await realPlaces(options.partialPaths()));
    const places = await realPlaces(target.files.map((file) => file.path));
    for (const [index, file] of target.files.entries()) {
      const facts = await stat(file.path).catch(() => undefined);
      if (facts === undefined) continue;
      if (busy.has(places[index] ?? '')) throw refused('A download is using it.');
      if (facts.size !== file.sizeBytes || facts.mtimeMs !== file.modifiedAtMs)
        throw refused('It has changed since it was listed, so it was kept.');
      if (!(await liesBelow(file.path, target.root))) throw refused('It lies behind a link that leads out of its folder.');
      if (target.isOrphan && (await isUsed(file.path))) throw refused('It is in use by now.');
    }
    let bytes = 0;
    for (const { path } of target.files) {
      const size = await freedBytes(path);
      await rm(path, { force: true });
      bytes += size;
    }
    return bytes;
  }

  async function isUsed(path: string): Promise<boolean> {
    if ((await usedPaths({ rows })).has(await realpath(path))) return true;
    const blobs = dirname(path);
    if (basename(blobs) !== 'blobs') return false;
    return (await linkedBlobs(dirname(blobs))).has(join(await realpath(blobs), basename(path)));
  }

  return {
    async list() {
      const now = options.now();
      const found = [
        ...(await findLeftovers({ ...options.places(), rows, now, partialPaths: new Set(await realPlaces(options.partialPaths())) })),
        ...(await findSpareArtifacts(rows.models(), now)),
      ];
      listed = new Map(found.map((entry) => [entry.item.id, entry]));
      return found.map((entry) => entry.item).sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
    },
    async free(ids) {
      const failed: { id: string; message: string }[] = [];
      let bytes = 0;
      for (const id of new Set(ids)) {
        const entry = listed.get(id);
        try {
          if (entry === undefined) throw refused('It is not in the last list.');
          bytes += await free(entry);
          listed.delete(id);
        } catch (error) {
          failed.push({ id, message: wordsOf(error) });
        }
      }
      return { freedBytes: bytes, failed };
    },
  };
}

/** Whether a file of one artifact is but a link to one of another: with that, its bytes would go too. A second name of its own keeps them. */
async function leadsTo(other: ArtifactRow, row: ArtifactRow): Promise<boolean> {
  const real = await Promise.all(
    [other, row].map((one) => Promise.all(one.files.map((file) => realpath(file.path).catch(() => file.path)))),
  );
  const targets = new Set(real[1]);
  return real[0]?.some((path) => targets.has(path)) ?? false;
}

function refused(message: string, hint?: string): RpcError {
  return new RpcError(modelErrors.notOwned, message, hint === undefined ? {} : { hint });
}

function wordsOf(error: unknown): string {
  if (error instanceof RpcError) return error.message;
  return `It could not be deleted (${errorCode(error)}).`;
}
