import { join } from 'node:path';
import { type FileClaim, noClaim } from '../fileClaim.ts';
import { findGroup } from '../findGroup.ts';
import type { FileGroup } from '../groupShards.ts';
import { type AppAdapter, claimedGroup, joinFor, sha256OfDigest, shortLine } from './appAdapter.ts';
import { findPartials, isGguf, listAt, readSmallJson, textAt } from './readAppFile.ts';

const ggufLayers: ReadonlySet<string> = new Set([
  'application/vnd.docker.ai.gguf.v3',
  'application/vnd.cncf.model.weight.v1.gguf',
  'application/vnd.cncf.model.weight.v1.raw',
]);
const projectorLayers: ReadonlySet<string> = new Set(['application/vnd.docker.ai.mmproj', 'application/vnd.docker.ai.gguf.v3.mmproj']);

/**
 * Docker Model Runner: `models.json` lists ids and tags, `manifests/sha256/<hex>` name layers, `blobs/sha256/<hex>` hold them. A split model
 * can only be loaded from `bundles/sha256/<hex>/model`, where the same bytes have names (docker/model-runner, checked 2026-11-21).
 */
export const docker: AppAdapter = {
  app: 'docker',
  folders: async (machine) => [machine.env['MODELS_PATH'] || joinFor(machine, machine.home, '.docker', 'models')],
  async find(folder, { signal }) {
    const groups = new Map<string, FileGroup>();
    for (const entry of listAt(await readSmallJson(join(folder, 'models.json'), 16_777_216), 'models')) {
      signal.throwIfAborted();
      const group = await readEntry(folder, entry);
      if (group !== undefined && !groups.has(group.key)) groups.set(group.key, group);
    }
    return {
      groups: [...groups.values()],
      partials: await findPartials(join(folder, 'blobs', 'sha256'), (name) => name.endsWith('.incomplete')),
    };
  },
};

async function readEntry(folder: string, entry: unknown): Promise<FileGroup | undefined> {
  const id = sha256OfDigest(textAt(entry, 'id'));
  if (id === null) return undefined;
  const layers = listAt(await readSmallJson(join(folder, 'manifests', 'sha256', id)), 'layers');
  const models: string[] = [];
  let projectorPath: string | null = null;
  for (const layer of layers.slice(0, 1000)) {
    const mediaType = textAt(layer, 'mediaType') ?? '';
    const sha256 = sha256OfDigest(textAt(layer, 'digest'));
    if (sha256 === null || !(await isGguf(blobPath(folder, sha256)))) continue;
    if (ggufLayers.has(mediaType)) models.push(sha256);
    else if (projectorLayers.has(mediaType)) projectorPath = blobPath(folder, sha256);
  }
  const tags = listAt(entry, 'tags').filter((tag) => typeof tag === 'string');
  const nameInApp = shortLine(tags.map(shortTag).sort(byPrecision)[0]) ?? `sha256:${id.slice(0, 12)}`;
  const publisher = /^([\w.-]+)\//.exec(nameInApp)?.[1] ?? null;
  const claim: FileClaim = { ...noClaim, nameInApp, publisher, sha256: models.length === 1 ? (models[0] ?? null) : null, projectorPath };
  return await groupOf(folder, { id, models, claim });
}

async function groupOf(
  folder: string,
  entry: { readonly id: string; readonly models: readonly string[]; readonly claim: FileClaim },
): Promise<FileGroup | undefined> {
  const { id, models, claim } = entry;
  const baseName = (claim.nameInApp ?? id).replace(/^.*\//, '').replace(':', '-');
  const [only] = models;
  if (only === undefined) return undefined;
  if (models.length === 1) return await claimedGroup(blobPath(folder, only), { baseName, claim });
  const total = String(models.length).padStart(5, '0');
  const group = await findGroup(join(folder, 'bundles', 'sha256', id, 'model', `model-00001-of-${total}.gguf`));
  return group === undefined ? undefined : { ...group, baseName, claim };
}

const blobPath = (folder: string, sha256: string): string => join(folder, 'blobs', 'sha256', sha256);
/** As `docker model ls` prints it. */
const shortTag = (tag: string): string => tag.replace(/^(index\.)?docker\.io\//, '');
const byPrecision = (a: string, b: string): number => Number(a.endsWith(':latest')) - Number(b.endsWith(':latest')) || (a < b ? -1 : 1);
