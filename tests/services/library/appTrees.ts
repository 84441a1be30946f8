import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const sha256Of = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Writes a file with its folders. @returns the path */
export function put(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function copyTo(path: string, from: string): string {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(from, path);
  return path;
}

/** A model as Ollama stores it. @returns path of its blob */
export function putOllama(
  models: string,
  tag: { readonly name: string; readonly from: string; readonly host?: string; readonly projector?: string },
): string {
  const [model = '', version = 'latest'] = tag.name.split(':');
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', from: tag.from }];
  if (tag.projector !== undefined) layers.push({ mediaType: 'application/vnd.ollama.image.projector', from: tag.projector });
  const described = layers.map(({ mediaType, from }) => {
    const sha256 = sha256Of(from);
    copyTo(join(models, 'blobs', `sha256-${sha256}`), from);
    return { mediaType, digest: `sha256:${sha256}`, size: statSync(from).size };
  });
  const path = model.includes('/') ? model : `library/${model}`;
  put(
    join(models, 'manifests', tag.host ?? 'registry.ollama.ai', path, version),
    JSON.stringify({ schemaVersion: 2, config: { digest: `sha256:${'0'.repeat(64)}` }, layers: described }),
  );
  return join(models, 'blobs', `sha256-${sha256Of(tag.from)}`);
}

/** A file as the hub's tools cache it. @returns path of the link in the snapshot */
export function putHubFile(
  cache: string,
  file: { readonly repo: string; readonly file: string; readonly from: string; readonly commit?: string; readonly ref?: string | null },
): string {
  const repoFolder = join(cache, `models--${file.repo.replace('/', '--')}`);
  const commit = file.commit ?? 'a'.repeat(40);
  const blob = copyTo(join(repoFolder, 'blobs', sha256Of(file.from)), file.from);
  const path = join(repoFolder, 'snapshots', commit, file.file);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(relative(dirname(path), blob), path);
  if (file.ref !== null) put(join(repoFolder, 'refs', file.ref ?? 'main'), commit);
  return path;
}

/** A model as Docker Model Runner stores it. @returns path of its first blob */
export function putDocker(
  models: string,
  model: { readonly tags: readonly string[]; readonly from: readonly string[]; readonly projector?: string },
): string {
  const layerOf = (mediaType: string, from: string): { mediaType: string; digest: string; size: number } => {
    copyTo(join(models, 'blobs/sha256', sha256Of(from)), from);
    return { mediaType, digest: `sha256:${sha256Of(from)}`, size: statSync(from).size };
  };
  const layers = model.from.map((from) => layerOf('application/vnd.docker.ai.gguf.v3', from));
  if (model.projector !== undefined) layers.push(layerOf('application/vnd.docker.ai.mmproj', model.projector));
  const manifest = JSON.stringify({ schemaVersion: 2, layers });
  const id = createHash('sha256').update(manifest).digest('hex');
  put(join(models, 'manifests/sha256', id), manifest);
  const total = String(model.from.length).padStart(5, '0');
  for (const [index, from] of model.from.entries()) {
    const name = model.from.length === 1 ? 'model.gguf' : `model-${String(index + 1).padStart(5, '0')}-of-${total}.gguf`;
    copyTo(join(models, 'bundles/sha256', id, 'model', name), from);
  }
  const index = join(models, 'models.json');
  const before = readJson(index);
  put(
    index,
    JSON.stringify({ models: [...before.models, { id: `sha256:${id}`, tags: model.tags, files: layers.map((layer) => layer.digest) }] }),
  );
  return join(models, 'blobs/sha256', sha256Of(model.from[0] ?? ''));
}

function readJson(path: string): { models: unknown[] } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { models: unknown[] };
  } catch {
    return { models: [] };
  }
}

/** Every name below a folder with what it is, its bytes and its times: equal before and after means that nothing was touched. */
export function snapshotTree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path);
      if (entry.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      const facts = statSync(path);
      return entry.isFile() ? `${name} ${sha256Of(path)} ${facts.mtimeMs} ${facts.mode}` : `${name}/ ${facts.mtimeMs}`;
    })
    .sort();
}
