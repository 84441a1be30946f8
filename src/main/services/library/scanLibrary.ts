import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ArtifactFile, ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { artifactId } from './artifactNames.ts';
import { describeGroup } from './describeGroup.ts';
import { missingProblem } from './fileProblem.ts';
import { type FoundFile, findModelFiles, foundFile } from './findModelFiles.ts';
import { type FileGroup, groupShards, parseShard } from './groupShards.ts';
import type { LibraryRows } from './libraryRows.ts';

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

/**
 * Brings the rows up to what lies on disk. Files whose size and time are as they were are not read again. A file that two roots reach
 * belongs to the first. What has vanished stays as `missing`; only what shipped with the app, and what was found in a folder that the
 * user has removed, is forgotten.
 * @param roots in order of precedence; imported files are looked at after all roots that are not folders.
 */
export async function scanLibrary(roots: readonly LibraryRoot[], options: ScanOptions): Promise<void> {
  const { rows, signal } = options;
  const claimed = new Set<string>();
  const seen = new Set<string>();
  const offline = new Set<string | null>();

  const takeAll = async (groups: readonly FileGroup[], root: LibraryRoot): Promise<void> => {
    for (const group of groups) {
      signal.throwIfAborted();
      if (group.files.some((file) => claimed.has(file.realPath))) continue;
      for (const file of group.files) claimed.add(file.realPath);
      seen.add(await takeGroup(group, root, options));
    }
  };
  const scanRoot = async (root: LibraryRoot): Promise<void> => {
    const files = await findModelFiles(root.path, { signal, onUnreadable: (_path, error) => options.onUnreadable?.(error) });
    options.onRoot?.(root, files !== null);
    if (files === null) offline.add(root.folderId);
    else await takeAll(groupShards(files), root);
  };

  for (const root of roots.filter((candidate) => candidate.folderId === null)) await scanRoot(root);
  for (const row of rows.all().filter((candidate) => candidate.owner === 'imported' && !seen.has(candidate.id))) {
    const group = await findGroup(firstPath(row));
    if (group !== undefined) await takeAll([group], { path: dirname(firstPath(row)), owner: 'imported', folderId: null });
  }
  for (const root of roots.filter((candidate) => candidate.folderId !== null)) await scanRoot(root);

  const folderIds = new Set(roots.map((root) => root.folderId));
  for (const row of rows.all().filter((candidate) => !seen.has(candidate.id))) {
    if (row.owner === 'bundled' || (row.owner === 'folder' && !folderIds.has(row.folderId))) rows.remove(row.id);
    else markMissing(row, { rows, isFolderOffline: row.folderId !== null && offline.has(row.folderId) });
  }
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
    rows.save({ ...before, ...origin, files: group.files.map(({ path, sizeBytes, modifiedAtMs }) => ({ path, sizeBytes, modifiedAtMs })) });
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
    ...origin,
    id,
    fileKey: key,
    nameInApp: before?.nameInApp ?? null,
    claimedSha256: isSame ? before.claimedSha256 : null,
    width: null,
    projectorPath: before?.projectorPath ?? null,
    provenance: isSame ? before.provenance : null,
    update: isSame ? before.update : null,
    isHidden: before?.isHidden ?? false,
    addedAt: before?.addedAt ?? options.now(),
    lastUsedAt: before?.lastUsedAt ?? null,
    // Another content under the old name: what was measured of the old one says nothing of it.
    sha256: isSame ? before.sha256 : null,
    speed: isSame ? before.speed : null,
    score: isSame ? before.score : null,
  });
  return id;
}

/** The file at a path, with all parts that lie beside it where it is one of a split file. @returns undefined when nothing is there. */
export async function findGroup(path: string): Promise<FileGroup | undefined> {
  const shard = parseShard(path);
  const paths = shard === undefined ? [path] : await shardPaths(path, shard);
  const files: FoundFile[] = [];
  for (const candidate of paths) {
    const file = await foundFile(candidate).catch(() => undefined);
    if (file !== undefined) files.push(file);
  }
  return groupShards(files)[0];
}

async function shardPaths(path: string, shard: { readonly base: string; readonly total: number }): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => {
      const other = parseShard(name);
      return other?.base === shard.base && other.total === shard.total;
    })
    .sort()
    .map((name) => join(dirname(path), name));
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

const firstPath = (row: ArtifactRow): string => row.files[0]?.path ?? '';
