import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Owner, ReclaimItem } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import type { AppReport } from '../apps/lookAtApp.ts';
import { linkedBlobs } from '../hubCacheFiles.ts';
import type { LibraryRows } from '../libraryRows.ts';
import { freedBytes, isBelow, realPlaces } from '../ownFiles.ts';
import { type LeftoverFile, type Reclaimable, reclaimId } from './reclaimable.ts';

/** Younger than this, a file in the shared cache may still be written by another program. */
const restMs = 24 * 3_600_000;
/** A partial, the notes on it, and notes that were just being written. */
const partialName = /\.incomplete(\.json(\.next|\.kept)?)?$/;
/** As this app's own downloads name it, with the id of the job. Other programs use the same ending. */
const ownPartialName = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.incomplete(\.json(\.next|\.kept)?)?$/;

export interface LeftoverPlaces {
  readonly hubCache: string;
  readonly ownModels: string;
  /** Where downloads go, when that is a plain folder of the user's. */
  readonly downloadFolder: string | null;
  readonly reports: readonly AppReport[];
  /** Folders that apps may use, listed or not. */
  readonly appFolders: () => Promise<readonly string[]>;
  readonly rows: LibraryRows;
  /** Files of downloads that are not finished, at their real places. */
  readonly partialPaths: ReadonlySet<string>;
  readonly now: number;
}

/** What downloads have left behind, and what in the app's own folder and in the hub's cache belongs to nothing. Folders that cannot be read have none. */
export async function findLeftovers(places: LeftoverPlaces): Promise<Reclaimable[]> {
  const found: Reclaimable[] = [];
  for (const name of await readdir(places.hubCache).catch(() => [])) {
    if (name.startsWith('models--')) found.push(...(await lookAtCachedRepo(join(places.hubCache, name), places)));
  }
  const appFolders = new Set(await Promise.all((await places.appFolders()).map((folder) => realpath(folder).catch(() => folder))));
  const folders = [places.ownModels, ...(places.downloadFolder === null ? [] : [places.downloadFolder])];
  for (const folder of new Set(folders)) found.push(...(await lookAtFolder(folder, { ...places, appFolders })));
  return [...found, ...places.reports.filter((report) => report.app !== 'hub-cache').flatMap((report) => appPartials(report, places))];
}

async function lookAtCachedRepo(repoFolder: string, places: LeftoverPlaces): Promise<Reclaimable[]> {
  const blobs = join(repoFolder, 'blobs');
  const files = await notInUse(await listFiles(blobs), places);
  const linked = await linkedBlobs(repoFolder).catch(() => null);
  const realBlobs = await realpath(blobs).catch(() => blobs);
  const orphans = linked === null ? [] : files.filter((file) => isBlobName(file.path) && !linked.has(join(realBlobs, basename(file.path))));
  const repo = basename(repoFolder).slice('models--'.length).replaceAll('--', '/');
  const isResting = (all: readonly LeftoverFile[]): boolean => all.every((file) => places.now - file.modifiedAtMs > restMs);
  const hint = 'It was written to less than a day ago: another program may be at work on it. Look again tomorrow.';
  return await Promise.all([
    ...groupPartials(files).map((group) =>
      leftover('partial', group, {
        root: blobs,
        owner: 'hub-cache',
        name: repo,
        reason: 'A download that was not finished',
        hint: isResting(group) ? null : hint,
      }),
    ),
    ...orphans
      .filter((file) => isResting([file]))
      .map((file) =>
        leftover('orphan', [file], { root: blobs, owner: 'hub-cache', name: repo, reason: 'No version in the cache uses it', hint: null }),
      ),
  ]);
}

/** In the app's own folder everything that belongs to no model is left over; in a folder of the user's only unfinished downloads are. */
async function lookAtFolder(
  folder: string,
  places: Omit<LeftoverPlaces, 'appFolders'> & { readonly appFolders: ReadonlySet<string> },
): Promise<Reclaimable[]> {
  const realFolder = await realpath(folder).catch(() => folder);
  const isOursAlone = folder === places.ownModels && ![...places.appFolders].some((other) => isBelow(realFolder, other));
  const files = await notInUse(await listFiles(folder, { below: { realFolder, except: places.appFolders } }), places);
  const partials = groupPartials(files.filter((file) => isOursAlone || ownPartialName.test(file.path)));
  const inPartials = new Set(partials.flat());
  const used = isOursAlone ? await usedPaths(places) : new Set<string>();
  // Parts that have arrived of a download that has not.
  const arriving = new Set([...places.partialPaths].map((path) => dirname(path)));
  const real = new Map(files.map((file) => [file, join(realFolder, relative(folder, dirname(file.path)))]));
  const strays = isOursAlone
    ? files.filter(
        (file) =>
          !inPartials.has(file) && !used.has(file.path) && !arriving.has(real.get(file) ?? '') && places.now - file.modifiedAtMs > restMs,
      )
    : [];
  return await Promise.all([
    ...partials.map((group) =>
      leftover('partial', group, {
        root: folder,
        owner: 'downloaded',
        name: basename(group[0]?.path ?? '').replace(/(\.[\w-]+)?\.incomplete.*$/, ''),
        reason: 'A download that was not finished',
        hint: null,
      }),
    ),
    ...strays.map((file) =>
      leftover('orphan', [file], {
        root: folder,
        owner: 'downloaded',
        name: basename(file.path),
        reason: 'It lies in Rightsize’s own folder and belongs to no model',
        hint: null,
      }),
    ),
  ]);
}

/** What models consist of, by the names they are reached by and by those they have. */
export async function usedPaths({ rows }: Pick<LeftoverPlaces, 'rows'>): Promise<Set<string>> {
  const named = rows
    .all()
    .flatMap((row) => [...row.files.map((file) => file.path), ...(row.projectorPath === null ? [] : [row.projectorPath])]);
  const real = await Promise.all(named.map((path) => realpath(path).catch(() => path)));
  return new Set([...named, ...real]);
}

function appPartials(report: AppReport, places: LeftoverPlaces): Reclaimable[] {
  const label = ownerLabel(report.app);
  return report.partials
    .filter((partial) => !places.partialPaths.has(partial.path))
    .map((partial) => ({
      item: {
        id: reclaimId('partial', partial.path),
        kind: 'partial',
        name: basename(partial.path),
        path: partial.path,
        owner: report.app,
        sizeBytes: partial.sizeBytes,
        lastUsedAt: null,
        reason: `A download that ${label} has not finished`,
        artifactId: null,
        canDelete: false,
        hint: `Finish or cancel it in ${label}.`,
      },
      target: { kind: 'files', files: [partial], root: '', isOrphan: false },
    }));
}

async function notInUse(files: readonly LeftoverFile[], { partialPaths }: Pick<LeftoverPlaces, 'partialPaths'>): Promise<LeftoverFile[]> {
  const real = await realPlaces(files.map((file) => file.path));
  return files.filter((_, index) => !partialPaths.has(real[index] ?? ''));
}

/** What belongs to one download: its partial and the notes beside it. */
function groupPartials(files: readonly LeftoverFile[]): LeftoverFile[][] {
  const groups = new Map<string, LeftoverFile[]>();
  for (const file of files.filter((candidate) => partialName.test(candidate.path))) {
    const key = file.path.replace(partialName, '');
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()];
}

async function leftover(
  kind: 'partial' | 'orphan',
  files: readonly LeftoverFile[],
  words: { readonly root: string; readonly owner: Owner; readonly name: string; readonly reason: string; readonly hint: string | null },
): Promise<Reclaimable> {
  const path = files[0]?.path ?? '';
  const sizes = await Promise.all(files.map((file) => freedBytes(file.path)));
  const item: ReclaimItem = {
    id: reclaimId(kind, path),
    kind,
    name: words.name,
    path,
    owner: words.owner,
    sizeBytes: sizes.reduce((total, size) => total + size, 0),
    lastUsedAt: null,
    reason: words.reason,
    artifactId: null,
    canDelete: words.hint === null,
    hint: words.hint,
  };
  return { item, target: { kind: 'files', files, root: words.root, isOrphan: kind === 'orphan' } };
}

/** Downloads go a few folders deep; what lies deeper in a folder of the user's is not theirs. */
const depthLimit = 8;

/** @param options.below looks into its folders too, but not into caches of the hub, nor into those of other apps (real paths) */
async function listFiles(
  folder: string,
  options: { readonly below?: { readonly realFolder: string; readonly except: ReadonlySet<string> } } = {},
): Promise<LeftoverFile[]> {
  const { below } = options;
  const found: LeftoverFile[] = [];
  const waiting = [{ here: folder, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { here, depth } = next;
    for (const entry of await readdir(here, { withFileTypes: true }).catch(() => [])) {
      const path = join(here, entry.name);
      if (entry.isDirectory() && below !== undefined && depth < depthLimit) {
        const isOthers = entry.name.startsWith('models--') || below.except.has(join(below.realFolder, relative(folder, path)));
        if (!isOthers) waiting.push({ here: path, depth: depth + 1 });
      }
      const facts = entry.isFile() ? await stat(path).catch(() => undefined) : undefined;
      if (facts !== undefined) found.push({ path, sizeBytes: facts.size, modifiedAtMs: facts.mtimeMs });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const isBlobName = (path: string): boolean => /^([0-9a-f]{64}|[0-9a-f]{40})$/.test(basename(path));
