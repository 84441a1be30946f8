import { basename, join, relative, sep } from 'node:path';
import { hubCacheFolder } from '../../hub/hubCacheFolder.ts';
import { combinedHash } from '../combinedHash.ts';
import { noClaim } from '../fileClaim.ts';
import { findModelFiles } from '../findModelFiles.ts';
import type { FileGroup } from '../groupShards.ts';
import { type AppAdapter, type AppFindings, type AppPartial, claimedGroups, type FindOptions, isRepoId } from './appAdapter.ts';
import { findPartials, listFolder, listFolderQuietly, readSmallText } from './readAppFile.ts';

/**
 * The cache that the hub's own tools and llama.cpp share: `models--<org>--<repo>/{blobs,refs,snapshots/<commit>/<path>}`, where a snapshot's
 * entries are links into `blobs` (on Windows without the right to make links, plain files). A blob's name is its sha256.
 */
export const hubCache: AppAdapter = {
  app: 'hub-cache',
  folders: async (machine) => [hubCacheFolder(machine)],
  find: findInHubCache,
};

/** Everything of a cache in the hub's layout. @throws what the file system throws for the folder itself */
export async function findInHubCache(folder: string, options: FindOptions): Promise<AppFindings> {
  const groups: FileGroup[] = [];
  const partials: AppPartial[] = [];
  const { folders, links } = await listFolder(folder);
  // A repo that was moved to another drive is reached by a link.
  for (const name of [...folders, ...links]) {
    const repo = repoOfCacheFolder(name);
    if (repo === null) continue;
    options.signal.throwIfAborted();
    groups.push(...(await findSnapshots(join(folder, name), { ...options, repo })));
    partials.push(...(await findPartials(join(folder, name, 'blobs'), (file) => file.endsWith('.incomplete'))));
  }
  return { groups, partials };
}

/** `models--publisher--name` as the repo it holds. Old repos have no publisher. Null for anything else. */
export function repoOfCacheFolder(name: string): string | null {
  const [kind, ...parts] = name.split('--');
  const repo = parts.join('/');
  if (kind !== 'models' || parts.length > 2) return null;
  return parts.length === 1 ? (/^[\w.-]{1,96}$/.test(repo) ? repo : null) : isRepoId(repo) ? repo : null;
}

async function findSnapshots(repoFolder: string, options: FindOptions & { readonly repo: string }): Promise<FileGroup[]> {
  const { repo, signal, onUnreadable } = options;
  const revisions = await readRefs(join(repoFolder, 'refs'));
  const commits = (await listFolderQuietly(join(repoFolder, 'snapshots'))).folders;
  // A file of several commits is shown as the newest one has it.
  const ordered = commits.toSorted((a, b) => rankOf(revisions.get(a)) - rankOf(revisions.get(b)) || (a < b ? -1 : 1));
  const groups: FileGroup[] = [];
  for (const commit of ordered) {
    const snapshot = join(repoFolder, 'snapshots', commit);
    const files = await findModelFiles(snapshot, { signal, followFolders: false, onUnreadable: (_path, error) => onUnreadable(error) });
    for (const group of claimedGroups(files ?? [], () => noClaim)) {
      const [first] = group.files;
      if (first === undefined) continue;
      const file = relative(snapshot, first.path).split(sep).join('/');
      const provenance = { repo, revision: revisions.get(commit) ?? null, commit: /^[0-9a-f]{40}$/.test(commit) ? commit : null, file };
      const blobs = group.files.map((part) => basename(part.realPath));
      const areNamedByHash = group.files.every((part, index) => part.realPath !== part.path && /^[0-9a-f]{64}$/.test(blobs[index] ?? ''));
      groups.push({
        ...group,
        claim: {
          ...noClaim,
          publisher: repo.includes('/') ? (repo.split('/')[0] ?? null) : null,
          provenance: { ...provenance, verifiedAt: null },
          sha256: areNamedByHash ? combinedHash(blobs) : null,
        },
      });
    }
  }
  return groups;
}

const rankOf = (revision: string | undefined): number => (revision === 'main' ? 0 : revision === undefined ? 2 : 1);

/** Names of revisions by the commit that each stands for; `refs/pr/1` lies in a folder of its own. */
async function readRefs(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waiting = [''];
  for (let depth = 0; waiting.length > 0 && depth < 1000; depth++) {
    const here = waiting.shift() ?? '';
    const { folders, files } = await listFolderQuietly(join(folder, here));
    if (here.split('/').length < 5) waiting.push(...folders.map((name) => `${here}${name}/`));
    for (const name of files) {
      const commit = (await readSmallText(join(folder, here, name), 200))?.trim() ?? '';
      const revision = `${here}${name}`;
      if (/^[0-9a-f]{40}$/.test(commit) && (found.get(commit) === undefined || revision === 'main')) found.set(commit, revision);
    }
  }
  return found;
}
