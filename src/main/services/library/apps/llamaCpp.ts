import { basename, join } from 'node:path';
import { type FileClaim, noClaim } from '../fileClaim.ts';
import { foundFile, isModelFileName } from '../findModelFiles.ts';
import { type AppAdapter, claimedGroups, isRepoId, joinFor, type Machine } from './appAdapter.ts';
import { findInHubCache } from './hubCache.ts';
import { at, findPartials, listFolder, readSmallJson, textAt } from './readAppFile.ts';

/**
 * llama.cpp: flat `<org>_<repo>_<file>.gguf` with `manifest=<org>=<repo>=<tag>.json` and `<file>.json` beside them. Since March 2026 it moves
 * these into the hub's cache at its start (ggml-org/llama.cpp#20775); with `LLAMA_CACHE` set, that layout is kept there.
 */
export const llamaCpp: AppAdapter = {
  app: 'llama-cpp',
  folders: async (machine) => [cacheFolder(machine)],
  async find(folder, options) {
    const { files, links } = await listFolder(folder);
    const claims = await readManifests(folder, files);
    const models = await Promise.all(
      [...files, ...links].filter(isModelFileName).map((name) => foundFile(join(folder, name)).catch(() => undefined)),
    );
    const groups = claimedGroups(
      models.filter((file) => file !== undefined),
      (path) => claims.get(basename(path)) ?? noClaim,
    );
    for (const [index, group] of groups.entries()) {
      const [first] = group.files;
      if (first !== undefined && group.claim === noClaim) groups[index] = { ...group, claim: await claimBeside(first.path) };
    }
    const inHubLayout = await findInHubCache(folder, options);
    const unfinished = await findPartials(folder, (name) => /\.(downloadInProgress|incomplete)$/.test(name));
    return { groups: [...groups, ...inHubLayout.groups], partials: [...unfinished, ...inHubLayout.partials] };
  },
};

function cacheFolder(machine: Machine): string {
  const { env, home, platform } = machine;
  if (env['LLAMA_CACHE']) return env['LLAMA_CACHE'];
  if (platform === 'darwin') return joinFor(machine, home, 'Library', 'Caches', 'llama.cpp');
  if (platform === 'win32') return joinFor(machine, env['LOCALAPPDATA'] || joinFor(machine, home, 'AppData', 'Local'), 'llama.cpp');
  return joinFor(machine, env['XDG_CACHE_HOME'] || joinFor(machine, home, '.cache'), 'llama.cpp');
}

/** What the manifests say of the files that they name, by the name on disk. */
async function readManifests(folder: string, names: readonly string[]): Promise<Map<string, FileClaim>> {
  const claims = new Map<string, FileClaim>();
  const onDisk = new Set(names);
  for (const name of names) {
    const parts = /^manifest=([^=]+)=([^=]+)=([^=]+)\.json$/.exec(name);
    const repo = `${parts?.[1]}/${parts?.[2]}`;
    if (parts === null || !isRepoId(repo)) continue;
    const manifest = await readSmallJson(join(folder, name));
    const model = fileOf(manifest, 'ggufFile', repo);
    const projector = fileOf(manifest, 'mmprojFile', repo);
    if (model === null) continue;
    claims.set(model.name, {
      ...noClaim,
      publisher: parts[1] ?? null,
      provenance: { repo, revision: 'main', commit: null, file: model.file, verifiedAt: null },
      sha256: model.sha256,
      projectorPath: projector !== null && onDisk.has(projector.name) ? join(folder, projector.name) : null,
    });
  }
  return claims;
}

function fileOf(manifest: unknown, key: string, repo: string): { name: string; file: string; sha256: string | null } | null {
  const file = textAt(manifest, key, 'rfilename');
  if (file === undefined || file.length > 1000) return null;
  const sha256 = textAt(at(manifest, key, 'lfs'), 'sha256') ?? '';
  return { name: `${repo}_${file}`.replaceAll('/', '_'), file, sha256: /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null };
}

/** Older versions wrote the address of a file beside it; without that, the name itself tells the repo where it ends in `-GGUF`. */
async function claimBeside(path: string): Promise<FileClaim> {
  const address = /^https?:\/\/[^/]+\/([^/]+)\/([^/]+)\/resolve\/([^/]+)\/([^?#]+)$/.exec(
    (textAt(await readSmallJson(`${path}.json`), 'url') ?? '').slice(0, 2000),
  );
  const named = /^([A-Za-z0-9-]+)_([\w.-]+?-GGUF)_(.+)$/i.exec(basename(path));
  const repo = address === null ? `${named?.[1]}/${named?.[2]}` : `${address[1]}/${address[2]}`;
  const file = address?.[4] ?? named?.[3];
  if ((address === null && named === null) || file === undefined || !isRepoId(repo)) return noClaim;
  const revision = address?.[3] ?? 'main';
  return { ...noClaim, publisher: repo.split('/')[0] ?? null, provenance: { repo, revision, commit: null, file, verifiedAt: null } };
}
