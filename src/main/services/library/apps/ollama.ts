import { join } from 'node:path';
import { noClaim } from '../fileClaim.ts';
import type { FileGroup } from '../groupShards.ts';
import {
  type AppAdapter,
  type AppFindings,
  claimedGroup,
  type FindOptions,
  isRepoId,
  joinFor,
  type Machine,
  sha256OfDigest,
  shortLine,
} from './appAdapter.ts';
import { entryLimit, findPartials, isGguf, listAt, listFolder, readSmallJson, textAt } from './readAppFile.ts';

const modelLayer = 'application/vnd.ollama.image.model';
const projectorLayer = 'application/vnd.ollama.image.projector';
/** Where the services of Linux packages keep theirs (installer, Arch, snap; checked 2026-11-21). */
const serviceFolders = [
  '/usr/share/ollama/.ollama/models',
  '/var/lib/ollama/.ollama/models',
  '/var/lib/ollama',
  '/var/snap/ollama/common/models',
];

/**
 * Ollama: `manifests/<host>/<namespace>/<model>/<tag>` name layers, `blobs/sha256-<hex>` hold them. A model's layer is a plain GGUF without
 * an extension. The server deletes what it does not know at its next start, so nothing is ever put there.
 */
export const ollama: AppAdapter = {
  app: 'ollama',
  async folders(machine: Machine) {
    const own = machine.env['OLLAMA_MODELS'] || joinFor(machine, machine.home, '.ollama', 'models');
    return machine.platform === 'linux' ? [own, ...serviceFolders] : [own];
  },
  async find(folder, options): Promise<AppFindings> {
    const byBlob = new Map<string, FileGroup>();
    for (const manifest of await listManifests(folder, options)) {
      const group = await readManifest(folder, manifest);
      const known = group === undefined ? undefined : byBlob.get(group.key);
      // One file under several tags is one model; `3b` says more than `latest`.
      if (group !== undefined && (known === undefined || known.claim?.nameInApp?.endsWith(':latest'))) byBlob.set(group.key, group);
    }
    const partials = await findPartials(join(folder, 'blobs'), (name) => /^sha256-[0-9a-f]{64}-partial$/.test(name));
    return { groups: [...byBlob.values()], partials };
  },
};

interface Manifest {
  readonly path: string;
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  readonly tag: string;
}

async function listManifests(folder: string, { signal, onUnreadable }: FindOptions): Promise<Manifest[]> {
  const root = join(folder, 'manifests');
  const found: Manifest[] = [];
  const below = (path: string): ReturnType<typeof listFolder> =>
    listFolder(path).catch((error: unknown) => {
      onUnreadable(error);
      return { folders: [], files: [], links: [] };
    });
  for (const host of (await below(root)).folders) {
    for (const namespace of (await below(join(root, host))).folders) {
      for (const model of (await below(join(root, host, namespace))).folders) {
        signal.throwIfAborted();
        for (const tag of (await below(join(root, host, namespace, model))).files) {
          if (found.length < entryLimit) found.push({ path: join(root, host, namespace, model, tag), host, namespace, model, tag });
        }
      }
    }
  }
  return found;
}

async function readManifest(folder: string, manifest: Manifest): Promise<FileGroup | undefined> {
  const layers = listAt(await readSmallJson(manifest.path), 'layers');
  const sha256 = digestOf(layers, modelLayer);
  if (sha256 === null) return undefined;
  const path = await blobPath(folder, sha256);
  if (path === undefined) return undefined;
  const projector = digestOf(layers, projectorLayer);
  const nameInApp = shortLine(nameOf(manifest)) ?? 'unnamed';
  const repo = repoOf(manifest);
  return await claimedGroup(path, {
    // `hf.co/publisher/Name-GGUF:Q8_0` makes a readable id without its address.
    baseName: (repo === null ? nameInApp : (nameInApp.split('/').at(-1) ?? nameInApp)).replace(/(-gguf)?:/i, '-'),
    claim: {
      ...noClaim,
      nameInApp,
      publisher: repo === null && manifest.namespace === 'library' ? null : shortLine(manifest.namespace),
      provenance: repo === null ? null : { repo, revision: null, commit: null, file: null, verifiedAt: null },
      sha256,
      projectorPath: projector === null ? null : ((await blobPath(folder, projector)) ?? null),
    },
  });
}

function digestOf(layers: readonly unknown[], mediaType: string): string | null {
  return sha256OfDigest(
    textAt(
      layers.find((layer) => textAt(layer, 'mediaType') === mediaType),
      'digest',
    ),
  );
}

/** Before 2024 blobs were called `sha256:<hex>` where the file system takes a colon. */
async function blobPath(folder: string, sha256: string): Promise<string | undefined> {
  for (const name of [`sha256-${sha256}`, `sha256:${sha256}`]) {
    const path = join(folder, 'blobs', name);
    if (await isGguf(path)) return path;
  }
  return undefined;
}

/** As `ollama list` prints it. */
function nameOf({ host, namespace, model, tag }: Manifest): string {
  if (host !== 'registry.ollama.ai') return `${host}/${namespace}/${model}:${tag}`;
  return namespace === 'library' ? `${model}:${tag}` : `${namespace}/${model}:${tag}`;
}

/** `ollama pull hf.co/publisher/repo:quant` comes from the hub. */
function repoOf({ host, namespace, model }: Manifest): string | null {
  const repo = `${namespace}/${model}`;
  return (host === 'hf.co' || host === 'huggingface.co') && isRepoId(repo) ? repo : null;
}
