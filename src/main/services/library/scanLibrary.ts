import { readdir } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import type { ArtifactFile, ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { AppAdapter } from './apps/appAdapter.ts';
import type { AppReport } from './apps/lookAtApp.ts';
import { artifactId } from './artifactNames.ts';
import { claimedFields } from './claimedFields.ts';
import { describeGroup } from './describeGroup.ts';
import { missingProblem } from './fileProblem.ts';
import { findGroup } from './findGroup.ts';
import { findModelFiles, foundFile } from './findModelFiles.ts';
import { type FileGroup, groupShards } from './groupShards.ts';
import type { LibraryRows } from './libraryRows.ts';
import { isBelow } from './ownFiles.ts';
import { pairProjectors } from './pairProjectors.ts';
import { reuniteLost } from './reuniteLost.ts';

/** Where models are looked for, and whose they are. */
export interface LibraryRoot {
  readonly path: string;
  readonly owner: ArtifactRow['owner'];
  readonly folderId: string | null;
}

export interface ScanOptions {
  readonly rows: LibraryRows;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told which roots are there. */
  readonly onRoot?: (root: LibraryRoot, isAvailable: boolean) => void;
  readonly onUnreadable?: (error: unknown) => void;
}

/** Where a scan looks, in the order of precedence: a file that two places reach belongs to the first. */
export interface ScanPlaces {
  /** Models that ship with the app. */
  readonly bundled: LibraryRoot;
  /** The app's own model folder. */
  readonly own: LibraryRoot;
  /** Folders that apps may use, listed or not: what lies there is theirs also where that is below the app's own. */
  readonly appFolders: () => Promise<readonly string[]>;
  readonly apps: readonly AppAdapter[];
  readonly lookAtApp: (adapter: AppAdapter) => Promise<AppReport>;
  readonly folders: readonly LibraryRoot[];
}

/**
 * Brings the rows up to what lies on disk. Files whose size and time are as they were are not read again. What this app downloaded and what
 * was imported is looked up where it was. What has vanished stays as `missing`, unless the same content was found elsewhere; only what
 * shipped with the app, what lay in a folder that the user has removed, and what another app has removed before it was ever used here, is
 * forgotten.
 */
export async function scanLibrary(places: ScanPlaces, options: ScanOptions): Promise<void> {
  const { rows, signal } = options;
  const claimed = new Set<string>();
  const seen = new Set<string>();
  const isNew = new Set<string>();
  const offline = new Set<string | null>();
  const reports: AppReport[] = [];

  const takeAll = async (groups: readonly FileGroup[], root: LibraryRoot): Promise<void> => {
    for (const group of groups) {
      signal.throwIfAborted();
      if (group.files.some((file) => claimed.has(file.realPath))) continue;
      if (rows.byKey(keyOf(group, root)) === undefined && (await isStillArriving(group))) continue;
      for (const file of group.files) claimed.add(file.realPath);
      const isKnown = rows.byKey(keyOf(group, root)) !== undefined;
      const id = await takeGroup(group, root, options);
      seen.add(id);
      if (!isKnown) isNew.add(id);
    }
  };
  const scanRoot = async (root: LibraryRoot, except: readonly string[] = []): Promise<void> => {
    const files = await findModelFiles(root.path, { signal, except, onUnreadable: (_path, error) => options.onUnreadable?.(error) });
    options.onRoot?.(root, files !== null);
    if (files === null) offline.add(root.folderId);
    else await takeAll(groupShards(files), root);
  };
  const lookAgainAt = async (owner: ArtifactRow['owner']): Promise<void> => {
    for (const row of rows.all().filter((candidate) => candidate.owner === owner && !seen.has(candidate.id))) {
      const group = await findGroup(firstPath(row));
      if (group !== undefined) await takeAll([group], { path: dirname(firstPath(row)), owner, folderId: null });
    }
  };

  await scanRoot(places.bundled);
  await lookAgainAt('downloaded');
  await scanRoot(places.own, await places.appFolders());
  for (const adapter of places.apps) {
    const report = await places.lookAtApp(adapter);
    reports.push(report);
    await takeAll(report.groups, { path: report.path ?? '', owner: adapter.app, folderId: null });
  }
  await lookAgainAt('imported');
  for (const root of places.folders) await scanRoot(root);

  const isOffline = (row: ArtifactRow): boolean => row.folderId !== null && offline.has(row.folderId);
  for (const id of reuniteLost(rows, { seen, isNew, isOffline })) seen.add(id);

  const folderIds = new Set(places.folders.map((root) => root.folderId));
  for (const row of rows.all().filter((candidate) => !seen.has(candidate.id))) {
    const report = reports.find((candidate) => candidate.app === row.owner);
    if (row.owner === 'bundled' || (row.owner === 'folder' && !folderIds.has(row.folderId))) rows.remove(row.id);
    else if (report !== undefined && hasLeft(row, report) && !wasUsed(row)) rows.remove(row.id);
    else if (!rows.isIgnored(row)) {
      markMissing(row, {
        rows,
        isFolderOffline: report === undefined ? isOffline(row) : !hasLeft(row, report),
      });
    }
  }
  pairProjectors(rows);
}

/** Parts of a split file that came before the others: not broken yet while an unfinished download lies beside them. */
async function isStillArriving(group: FileGroup): Promise<boolean> {
  const [first] = group.files;
  if (group.missingShards.length === 0 || first === undefined) return false;
  for (const folder of new Set([dirname(first.path), dirname(first.realPath)])) {
    const names = await readdir(folder).catch(() => []);
    if (names.some((name) => name.endsWith('.incomplete'))) return true;
  }
  return false;
}

/** Looks at the files of one row again. @returns the row as it is now. */
export async function refreshRow(row: ArtifactRow, options: ScanOptions & { readonly root: LibraryRoot }): Promise<void> {
  const group = await findGroup(firstPath(row));
  if (group === undefined) markMissing(row, { rows: options.rows, isFolderOffline: false });
  else await takeGroup(group, options.root, options);
}

/** Whether a row's files have the sizes and times that they had when they were read. */
export async function hasSameFiles(row: ArtifactRow): Promise<boolean> {
  const found = await Promise.all(row.files.map((file) => foundFile(file.path).catch(() => undefined)));
  return sameFiles(
    row.files,
    found.filter((file) => file !== undefined),
  );
}

/** Stores what a group of files says. @returns the id of its row. */
export async function takeGroup(group: FileGroup, root: LibraryRoot, options: ScanOptions): Promise<string> {
  const { rows } = options;
  const key = keyOf(group, root);
  const before = rows.byKey(key);
  const isSame = before !== undefined && sameFiles(before.files, group.files);
  const origin = { owner: root.owner, folderId: root.folderId };
  if (isSame && (before.state === 'ready' || (before.state === 'broken' && before.problem?.code !== modelErrors.fileMissing))) {
    const files = group.files.map(({ path, sizeBytes, modifiedAtMs }) => ({ path, sizeBytes, modifiedAtMs }));
    rows.save({ ...before, ...origin, ...claimedFields(group, before), files });
    return before.id;
  }
  const facts = await describeGroup(group, { signal: options.signal });
  const id =
    before?.id ??
    artifactId(
      { baseName: facts.role === 'model' ? group.baseName : `other:${group.baseName}`, key },
      (taken) => rows.get(taken) !== undefined,
    );
  rows.save({
    ...facts,
    // Looked at alone, a file that an app calls by another name says less than the app did.
    ...(before?.nameInApp ? { name: before.name, publisher: before.publisher, repo: before.repo } : {}),
    ...origin,
    id,
    fileKey: key,
    nameInApp: before?.nameInApp ?? null,
    isHidden: before?.isHidden ?? false,
    addedAt: before?.addedAt ?? options.now(),
    lastUsedAt: before?.lastUsedAt ?? null,
    // Another content under the old name: what was known of the old one says nothing of it.
    ...(isSame ? knownOfContent(before) : nothingKnown),
    ...claimedFields(group, isSame ? before : undefined),
  });
  return id;
}

type KnownOfContent = Pick<ArtifactRow, 'sha256' | 'claimedSha256' | 'provenance' | 'update' | 'projectorPath' | 'speed' | 'score'>;

const nothingKnown: KnownOfContent = {
  sha256: null,
  claimedSha256: null,
  provenance: null,
  update: null,
  projectorPath: null,
  speed: null,
  score: null,
};

function knownOfContent(row: ArtifactRow): KnownOfContent {
  const { sha256, claimedSha256, provenance, update, projectorPath, speed, score } = row;
  return { sha256, claimedSha256, provenance, update, projectorPath, speed, score };
}

function markMissing(row: ArtifactRow, options: { readonly rows: LibraryRows; readonly isFolderOffline: boolean }): void {
  options.rows.save({ ...row, state: 'missing', problem: missingProblem(options.isFolderOffline) });
}

/** What ships with the app may lie elsewhere at every start (a mounted image): it is known by its place within the folder. */
function keyOf(group: FileGroup, root: LibraryRoot): string {
  if (root.owner !== 'bundled') return group.key;
  return `bundled:${relative(root.path, group.files[0]?.path ?? '')
    .split(sep)
    .join('/')}`;
}

function sameFiles(before: readonly ArtifactFile[], now: readonly ArtifactFile[]): boolean {
  return (
    before.length === now.length &&
    before.every((file, index) => file.sizeBytes === now[index]?.sizeBytes && file.modifiedAtMs === now[index].modifiedAtMs)
  );
}

/** Whether an app has let a model go, and not just its folder away or closed to us. */
function hasLeft(row: ArtifactRow, report: AppReport): boolean {
  const liesIn = (folders: readonly string[]): boolean => folders.some((folder) => isBelow(firstPath(row), folder));
  if (report.folders.length === 0 || liesIn(report.unread)) return false;
  return report.unread.length === 0 || liesIn(report.folders);
}

/** Whether anything would be lost with the row that a scan cannot bring back. */
const wasUsed = (row: ArtifactRow): boolean => row.lastUsedAt !== null || row.speed !== null || row.score !== null || row.isHidden;
const firstPath = (row: ArtifactRow): string => row.files[0]?.path ?? '';
