import { publisherFacts } from '#core/names/publishers.ts';
import { readName } from '#core/names/readName.ts';
import type { CatalogModel } from '#shared/contract/catalog.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { HubModel } from '../hub/hubClient.ts';

/** What pictures, films and sounds are made with comes as GGUF too, for other programs. */
const otherPipelines: ReadonlySet<string> = new Set([
  'text-to-image',
  'image-to-image',
  'text-to-video',
  'image-to-video',
  'video-to-video',
  'image-to-3d',
  'text-to-3d',
  'text-to-audio',
  'automatic-speech-recognition',
  'image-segmentation',
  'object-detection',
]);

/**
 * A row of the catalog out of a row of the hub.
 * @param artifactIds of this repo that are in the library
 */
export function describeModel(model: HubModel, artifactIds: readonly string[]): CatalogModel {
  const publisher = publisherOf(model.repo);
  const name = readName(model.repo);
  return {
    repo: model.repo,
    publisher,
    isTrusted: publisherFacts(publisher).isTrusted,
    downloads: model.downloads,
    likes: model.likes,
    updatedAt: model.updatedAt,
    createdAt: model.createdAt,
    gated: model.gated,
    parameters: model.parameters ?? name.parameters.total,
    architecture: model.architecture,
    contextTokens: model.contextTokens ?? name.contextTokens,
    license: licenseIn(model.tags),
    pipeline: model.pipeline,
    library: model.library ?? name.library,
    isRunnable: isRunnable(model, name.runnable),
    artifactIds: [...artifactIds],
  };
}

/** Ids of the library's artifacts by their repo, in lower case: the hub takes either. */
export function artifactsByRepo(artifacts: readonly Artifact[]): ReadonlyMap<string, readonly Artifact[]> {
  return Map.groupBy(
    artifacts.filter((artifact) => repoOf(artifact) !== null),
    (artifact) => repoOf(artifact)?.toLowerCase() ?? '',
  );
}

function repoOf(artifact: Artifact): string | null {
  return artifact.provenance?.repo ?? artifact.repo;
}

export function publisherOf(repo: string): string {
  return repo.slice(0, repo.indexOf('/'));
}

/** The tag counts: the name may leave the format out, and other formats may mention GGUF. */
function isRunnable(model: HubModel, byName: boolean | null): boolean | null {
  if (!publisherFacts(publisherOf(model.repo)).isForThisEngine) return false;
  if (model.pipeline !== null && otherPipelines.has(model.pipeline)) return false;
  if (model.tags.includes('gguf')) return true;
  if (model.library !== null && model.library !== 'gguf') return false;
  return byName;
}

function licenseIn(tags: readonly string[]): string | null {
  return tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null;
}
