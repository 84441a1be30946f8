import { rm, stat } from 'node:fs/promises';
import type { DownloadRow, StoredFile } from '#main/storage/downloadTable.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HubClient } from '../hub/hubClient.ts';
import type { DownloadedFiles } from '../library/libraryService.ts';
import type { Claims } from './claims.ts';
import { bytesOf, type LiveState } from './download.ts';
import { lackOfSpace, type ReadDiskSpace } from './freeSpace.ts';
import { copyVerified, type FindLocalCopies } from './localCopies.ts';
import { exists } from './placement/folderGuard.ts';
import type { Placement } from './placement/placement.ts';
import type { TransferFile, TransferProgress } from './transfer/transfer.ts';
import type { VerifiedFiles } from './verifiedFiles.ts';

/** The job that is run, and how to say how far it is. */
export interface RunningJob {
  row(): DownloadRow;
  /** Writes a change down. @throws {RpcError} disk-full of the data folder */
  save(patch: Partial<DownloadRow>): void;
  show(live: Partial<LiveState>): void;
  /** Of the file that is fetched. @param fetched what came since the last call, for the rate */
  progress(index: number, progress: { readonly bytesDone: number; readonly fetched: number }): void;
}

export interface RunTools {
  readonly hub: Pick<HubClient, 'resolve' | 'dispatcher'>;
  readonly placement: Placement;
  /** Removes what the job made and nobody needs. */
  readonly leaveFolders: (row: DownloadRow) => Promise<void>;
  readonly verified: VerifiedFiles;
  readonly claims: Claims;
  readonly transferFile: TransferFile;
  readonly localCopies: FindLocalCopies;
  readonly readDiskSpace: ReadDiskSpace;
  readonly maxConnections: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Verified bytes of one file, not yet at their final place. */
interface Fetched {
  readonly file: StoredFile;
  readonly from: string;
  readonly sha256: string;
  /** It lay at its place before, and this app did not put it there for this job. */
  readonly wasHere: boolean;
}

/**
 * Fetches every file of a job, and gives them their final names once all of them are whole: other programs never see half a split model.
 * @throws {RpcError} disk-full, folder-unwritable, file-in-the-way and what a transfer throws; the signal's reason when aborted.
 *   What was fetched is kept.
 */
export async function runDownload(job: RunningJob, tools: RunTools): Promise<DownloadedFiles> {
  const { placement, signal } = tools;
  await requireRoot(job.row(), placement.root);
  const releases: (() => void)[] = [];
  try {
    const fetched: Fetched[] = [];
    for (const index of job.row().files.keys()) {
      job.show({ current: index, phase: 'fetching', problem: null, retryAt: null });
      releases.push(await tools.claims.take(placement.place(fileAt(job, index)).contentPath, signal));
      fetched.push(await fetchOne(job, index, tools));
    }
    signal.throwIfAborted();
    return await settleAll(job.row(), fetched, tools);
  } finally {
    for (const release of releases) release();
  }
}

/** A disk that was unplugged leaves a name behind, where everything would be fetched again onto another disk. */
async function requireRoot(row: DownloadRow, root: string): Promise<void> {
  if (bytesOf(row).done === 0 || (await exists(root))) return;
  throw new RpcError(downloadErrors.folderUnwritable, 'The download folder is not there any more.', {
    hint: 'Connect its disk again, then resume. If you deleted it, ask for the same download again.',
    data: { folder: root },
  });
}

async function fetchOne(job: RunningJob, index: number, tools: RunTools): Promise<Fetched> {
  const { placement, signal } = tools;
  const file = fileAt(job, index);
  const place = placement.place(file);
  const made = await placement.makeFolders(file);
  if (made.length > 0) job.save({ madeFolders: [...new Set([...job.row().madeFolders, ...made])] });

  if (file.verified !== null && (await isUnchanged(place.partialPath, file, file.verified.modifiedAtMs)))
    return { file, from: place.partialPath, sha256: file.verified.sha256, wasHere: false };
  for (const path of await placement.candidates(file)) {
    job.show({ phase: 'verifying' });
    const sha256 = await tools.verified.check(path, file, { signal });
    if (sha256 === null) continue;
    job.progress(index, { bytesDone: file.sizeBytes, fetched: 0 });
    // What was fetched before a crash, and got its name then, is noted as verified in the job.
    return { file, from: path, sha256, wasHere: file.verified === null };
  }
  job.show({ phase: 'fetching' });
  await placement.requireFree(file);
  await requireSpace(job.row(), tools);

  const sha256 = (await copyLocal(job, index, tools)) ?? (await transfer(job, index, tools));
  const { mtimeMs } = await stat(place.partialPath);
  job.progress(index, { bytesDone: file.sizeBytes, fetched: 0 });
  const verified = { ...fileAt(job, index), verified: { sha256, modifiedAtMs: mtimeMs } };
  job.save({ files: job.row().files.with(index, verified) });
  return { file, from: place.partialPath, sha256, wasHere: false };
}

/** Takes the bytes from another place of this machine, unless some have come over the network already. @returns their hash */
async function copyLocal(job: RunningJob, index: number, tools: RunTools): Promise<string | null> {
  const file = fileAt(job, index);
  const { sizeBytes, sha256 } = file;
  const { partialPath, statePath } = tools.placement.place(file);
  if (sha256 === null || (await exists(statePath))) return null;
  for (const path of tools.localCopies(job.row().repo, file)) {
    if (!(await exists(path))) continue;
    job.show({ phase: 'verifying' });
    if (await copyVerified(path, partialPath, { sizeBytes, sha256, signal: tools.signal })) return sha256;
  }
  job.show({ phase: 'fetching' });
  return null;
}

async function transfer(job: RunningJob, index: number, tools: RunTools): Promise<string> {
  const file = fileAt(job, index);
  const place = tools.placement.place(file);
  const { sha256 } = await tools.transferFile({
    hub: tools.hub,
    repo: job.row().repo,
    commit: job.row().commit,
    path: file.file,
    sizeBytes: file.sizeBytes,
    sha256: file.sha256,
    gitSha1: file.gitSha1,
    partialPath: place.partialPath,
    statePath: place.statePath,
    maxConnections: tools.maxConnections,
    signal: tools.signal,
    onProgress: followTransfer(job, index),
  });
  return sha256;
}

/** Room for what is still to come. Bytes that are safe lie on the disk already. */
async function requireSpace(row: DownloadRow, tools: RunTools): Promise<void> {
  const neededBytes = row.files.reduce((sum, file) => sum + (file.sizeBytes - file.bytesDone), 0);
  const lack = await lackOfSpace(tools.readDiskSpace, { folder: row.folder, neededBytes, isBegun: true });
  if (lack !== null) throw lack;
}

/** Where a transfer begins is what an earlier one fetched: it does not count into the rate. */
function followTransfer(job: RunningJob, index: number): (progress: TransferProgress) => void {
  let last: number | null = null;
  return ({ phase, bytesDone, problem, retryAt }) => {
    job.progress(index, { bytesDone, fetched: bytesDone - (last ?? bytesDone) });
    last = bytesDone;
    job.show({ phase, problem, retryAt });
  };
}

/** The first file comes last: whoever finds it finds the others too. */
async function settleAll(row: DownloadRow, fetched: readonly Fetched[], tools: RunTools): Promise<DownloadedFiles> {
  const { placement } = tools;
  for (const { file, from, sha256 } of fetched.toReversed()) {
    await placement.settle(file, from);
    const [path] = await placement.candidates(file);
    if (path !== undefined) await tools.verified.note(path, sha256);
  }
  await placement.seal();
  await deletePartials(row, placement);
  // Those of a commit that was left for a newer one.
  await tools.leaveFolders(row);
  const projector = fetched.find(({ file }) => file.role === 'mmproj');
  return {
    repo: row.repo,
    revision: row.revision,
    commit: row.commit,
    files: fetched
      .filter(({ file }) => file.role === 'model')
      .map(({ file, sha256 }) => ({ path: placement.place(file).finalPath, file: file.file, sizeBytes: file.sizeBytes, sha256 })),
    projectorPath: projector === undefined ? null : placement.place(projector.file).finalPath,
    wasHere: fetched.every(({ file, wasHere }) => wasHere || file.role !== 'model'),
    verifiedAt: tools.now(),
  };
}

/** Deletes what carries this job's id, and nothing else. */
export async function deletePartials(row: DownloadRow, placement: Placement): Promise<void> {
  for (const file of row.files) for (const path of placement.place(file).ownPaths) await rm(path, { force: true });
}

async function isUnchanged(path: string, file: StoredFile, modifiedAtMs: number): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  return facts !== null && facts.size === file.sizeBytes && facts.mtimeMs === modifiedAtMs;
}

function fileAt(job: RunningJob, index: number): StoredFile {
  const file = job.row().files[index];
  if (file === undefined) throw new Error(`The job has no file ${index}.`);
  return file;
}
