import { basename, posix } from 'node:path';
import PQueue from 'p-queue';
import { safeRepoPath } from '#core/catalog/safeRepoPath.ts';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import type { HubClient, ResolvedFile } from '../hub/hubClient.ts';
import { isRepoId } from './apps/appAdapter.ts';
import { combinedHash } from './combinedHash.ts';
import type { LibraryRows } from './libraryRows.ts';

const simultaneousAsks = 4;

/**
 * Asks the hub for every listed artifact with a known origin whether its files are other ones there now. What cannot be asked for is
 * skipped; its last answer stands.
 * @throws the first failure when nothing at all could be asked
 */
export async function checkUpdates(options: {
  readonly rows: LibraryRows;
  readonly hub: Pick<HubClient, 'resolve'>;
  readonly now: () => number;
  readonly signal: AbortSignal;
}): Promise<{ checked: number; found: number }> {
  const { rows, signal } = options;
  const queue = new PQueue({ concurrency: simultaneousAsks });
  const asked = rows.models().filter((row) => row.state === 'ready' && canBeAskedFor(row.provenance));
  let checked = 0;
  let found = 0;
  let failure: unknown;
  await Promise.all(
    asked.map((row) =>
      queue.add(async () => {
        if (signal.aborted) return;
        try {
          const update = await newestOf(row, options);
          const current = rows.get(row.id);
          if (update === undefined || current === undefined) return;
          checked++;
          if (update !== null) found++;
          const isKnown = update !== null && current.update?.commit === update.commit;
          if (!isKnown) rows.save({ ...current, update });
        } catch (error) {
          failure ??= error;
        }
      }),
    ),
  );
  signal.throwIfAborted();
  if (checked === 0 && failure !== undefined) throw failure;
  return { checked, found };
}

/** Records of other apps may name anything, also a way out of the repo. */
function canBeAskedFor(provenance: ArtifactRow['provenance']): boolean {
  if (!provenance?.file || !isRepoId(provenance.repo)) return false;
  return safeRepoPath(provenance.file) !== null && safeRepoPath(provenance.revision ?? 'main') !== null;
}

/** @returns null when it is the newest, or the newest is here too; undefined when the hub, or this disk, does not tell enough to say. */
async function newestOf(
  row: ArtifactRow,
  { rows, hub, now, signal }: Parameters<typeof checkUpdates>[0],
): Promise<ArtifactRow['update'] | undefined> {
  const { provenance } = row;
  if (!provenance?.file) return undefined;
  const folder = posix.dirname(provenance.file);
  const revision = provenance.revision ?? 'main';
  const files: ResolvedFile[] = [];
  for (const [index, file] of row.files.entries()) {
    const name = index === 0 ? posix.basename(provenance.file) : basename(file.path);
    files.push(await hub.resolve({ repo: provenance.repo, revision, path: folder === '.' ? name : `${folder}/${name}` }, { signal }));
  }
  const [first] = files;
  if (first === undefined) return undefined;
  const sizeBytes = files.reduce((total, file) => total + file.sizeBytes, 0);
  const update = { commit: first.commit, sizeBytes, foundAt: now() };
  const hashes = files.map((file) => file.sha256).filter((hash) => hash !== null);
  const theirs = hashes.length === files.length ? combinedHash(hashes) : null;
  const ours = row.sha256 ?? row.claimedSha256;
  if (theirs === null || ours === null) return sizeBytes === row.sizeBytes ? undefined : update;
  if (theirs === ours) return null;
  return rows.models().some((other) => (other.sha256 ?? other.claimedSha256) === theirs) ? null : update;
}
