import { isEngineArchitecture } from '#core/catalog/engineArchitectures.ts';
import { groupRepoFiles } from '#core/catalog/groupRepoFiles.ts';
import { quantQuality } from '#core/catalog/quantQuality.ts';
import { recommendQuant } from '#core/catalog/recommendQuant.ts';
import type { RepoFile, RepoQuant } from '#core/catalog/repoFile.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { publisherFacts } from '#core/names/publishers.ts';
import { readName } from '#core/names/readName.ts';
import type { CatalogQuant, CatalogRepo, Freshness } from '#shared/contract/catalog.ts';
import type { Artifact } from '#shared/contract/models.ts';
import type { HubModelInfo } from '../hub/hubClient.ts';
import { publisherOf } from './describeModel.ts';
import type { HeaderFacts } from './headerFacts.ts';

/** What a recommendation is for, unless somebody says otherwise: a long conversation, or some pages of text. */
export const recommendedContext = 8192;

/** A file with more for each weight holds something else as well. */
const mostBits = 33;

export interface RepoSource {
  readonly info: HubModelInfo;
  /** Of the commit. */
  readonly files: readonly RepoFile[];
  readonly revision: string;
  /** Page of the repo. */
  readonly url: string;
  readonly freshness: Freshness;
  /** Of this repo, in the library. */
  readonly artifacts: readonly Artifact[];
  /** What was read of a quant's header before; null = nothing. */
  readonly factsOf: (quant: RepoQuant) => HeaderFacts | null;
  /** Null where it is not known: then nothing is recommended. */
  readonly machine: FitMachine | null;
}

/** A repo as its page shows it. */
export function describeRepo(source: RepoSource): CatalogRepo {
  const { info } = source;
  const publisher = publisherOf(info.repo);
  const { quants, projectors } = groupRepoFiles(source.files);
  const facts = firstFacts(quants, source.factsOf);
  const architecture = info.architecture ?? facts?.architecture ?? null;
  return {
    repo: info.repo,
    publisher,
    isTrusted: publisherFacts(publisher).isTrusted,
    commit: info.commit,
    revision: source.revision,
    license: info.license ?? facts?.license ?? null,
    licenseUrl: info.licenseUrl,
    gated: info.gated,
    downloads: info.downloads,
    likes: info.likes,
    updatedAt: info.updatedAt,
    baseModels: [...info.baseModels],
    tags: [...info.tags],
    pipeline: info.pipeline,
    parameters: facts?.parameters ?? info.parameters ?? readName(info.repo).parameters.total,
    architecture,
    contextTokens: facts?.contextTokens ?? info.contextTokens,
    isArchitectureSupported: isEngineArchitecture(architecture),
    quants: describeQuants(quants, facts, source),
    projectors: [...projectors],
    url: source.url,
    freshness: source.freshness,
  };
}

function describeQuants(quants: readonly RepoQuant[], facts: HeaderFacts | null, source: RepoSource): CatalogQuant[] {
  const choice =
    source.machine === null
      ? null
      : recommendQuant(quants, { machine: source.machine, contextTokens: recommendedContext, shape: facts?.shape ?? null });
  return quants.map((quant) => ({
    ...quant,
    bitsPerWeight:
      source.factsOf(quant)?.bitsPerWeight ?? quant.bitsPerWeight ?? bitsBySize(quant, facts?.parameters ?? source.info.parameters),
    recommended: choice?.quant.file === quant.file ? choice.reason : null,
    quality: quant.type === null ? null : quantQuality(quant.type),
    artifactId: artifactOf(quant, source.artifacts)?.id ?? null,
  }));
}

/** For recipes of packagers, which have no published number: the header is a hundredth of a file at most. */
function bitsBySize(quant: RepoQuant, parameters: number | null): number | null {
  if (quant.type === null || parameters === null || parameters === 0 || quant.missingShards.length > 0) return null;
  const bits = (quant.sizeBytes * 8) / parameters;
  return bits <= mostBits ? bits : null;
}

/** One header tells what all quants of a repo share. */
function firstFacts(quants: readonly RepoQuant[], factsOf: RepoSource['factsOf']): HeaderFacts | null {
  for (const quant of quants) {
    const facts = factsOf(quant);
    if (facts !== null) return facts;
  }
  return null;
}

/** By content where both sides know it; else a file of this repo with this path, or this quant at this size. */
function artifactOf(quant: RepoQuant, artifacts: readonly Artifact[]): Artifact | undefined {
  return (
    artifacts.find((artifact) => quant.sha256 !== null && (artifact.sha256 ?? artifact.claimedSha256) === quant.sha256) ??
    artifacts.find((artifact) => artifact.sizeBytes === quant.sizeBytes && isNamedAs(artifact, quant))
  );
}

function isNamedAs(artifact: Artifact, quant: RepoQuant): boolean {
  return artifact.provenance?.file === quant.file || (quant.type !== null && artifact.quant === quant.type);
}
