import { asHubAddress } from '#core/names/asHubAddress.ts';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';
import type { Services } from '#main/services/createServices.ts';
import { type CatalogModel, type CatalogQuant, CatalogQuery, type CatalogRepo, hubErrors } from '#shared/contract/catalog.ts';
import type { DownloadRequest } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** What a typed name leads to, and what to say where it was not plain. */
export interface PullTarget {
  readonly request: DownloadRequest;
  readonly note: string | null;
}

/** As many candidates as a person reads through. */
const candidateLimit = 8;

/**
 * Finds the quant that a name means: named in it, or else the recommended one of its repo.
 * @param text any name form: `publisher/repo`, `publisher/repo:quant`, `publisher/repo/file.gguf`, an address, `llama3.2:3b`
 * @throws {RpcError} name-unclear, quant-not-found and codes of `hubErrors`
 */
export async function findPullTarget(
  services: Pick<Services, 'catalog' | 'hub'>,
  text: string,
  options: { readonly signal: AbortSignal },
): Promise<PullTarget> {
  const target = nameTarget(readName(asHubAddress(text, services.hub.endpoint().url)));
  if (target.kind === 'repo' && target.file !== null && /\.gguf$/i.test(target.file))
    return { request: requestOf(target, target.file), note: null };
  if (target.kind === 'repo') {
    const revision = target.revision ?? 'main';
    const repo = await services.catalog.repo({ repo: target.repo, revision, refresh: true }, options);
    return chosen({ repo, revision, quant: target.quant, note: null });
  }
  const found = await searchRepo(services, { query: target.query, typed: text, signal: options.signal });
  const repo = await services.catalog.repo({ repo: found, revision: 'main', refresh: true }, options);
  return chosen({ repo, revision: 'main', quant: target.quant, note: `${text} is taken for ${found}` });
}

const requestOf = (of: { readonly repo: string; readonly revision: string | null }, file: string): DownloadRequest => ({
  repo: of.repo,
  revision: of.revision ?? 'main',
  file,
  withProjector: true,
});

function chosen(of: {
  readonly repo: CatalogRepo;
  readonly revision: string;
  readonly quant: string | null;
  readonly note: string | null;
}): PullTarget {
  const { repo, revision, note } = of;
  const quant = of.quant === null ? recommendedOf(repo) : namedOf(repo, of.quant);
  const why = of.quant === null ? `${quant.type ?? quant.file}: ${quant.recommended}` : null;
  const notes = [note, why].filter((line) => line !== null);
  return { request: requestOf({ repo: repo.repo, revision }, quant.file), note: notes.length === 0 ? null : notes.join('\n') };
}

function namedOf(repo: CatalogRepo, name: string): CatalogQuant {
  const wanted = name.toLowerCase();
  const named = repo.quants.filter((quant) => quant.type?.toLowerCase() === wanted);
  const whole = named.filter((quant) => quant.missingShards.length === 0);
  const [only, ...more] = whole.length > 0 ? whole : named;
  if (only === undefined) throw new RpcError(hubErrors.quantNotFound, `${repo.repo} has no quant ${name}.`, { hint: quantsHint(repo) });
  if (more.length === 0) return only;
  throw new RpcError(hubErrors.nameUnclear, `${repo.repo} has ${more.length + 1} files of the quant ${name}.`, {
    hint: `Name one of them: ${namesOf([only, ...more].map((quant) => `${repo.repo}/${quant.file}`))}.`,
  });
}

function recommendedOf(repo: CatalogRepo): CatalogQuant {
  const recommended = repo.quants.find((quant) => quant.recommended !== null) ?? (repo.quants.length === 1 ? repo.quants[0] : undefined);
  if (recommended !== undefined) return { ...recommended, recommended: recommended.recommended ?? 'the only one there is' };
  if (repo.quants.length === 0)
    throw new RpcError(hubErrors.quantNotFound, `${repo.repo} holds no GGUF model.`, {
      hint: 'Look for a GGUF packager of the same model: rightsize search NAME',
    });
  throw new RpcError(hubErrors.nameUnclear, `No quant of ${repo.repo} can be recommended for this machine.`, { hint: quantsHint(repo) });
}

const quantsHint = (repo: CatalogRepo): string =>
  repo.quants.length === 0
    ? 'It holds no GGUF model.'
    : `Name one: ${namesOf(repo.quants.map((quant) => (quant.type === null ? `${repo.repo}/${quant.file}` : `${repo.repo}:${quant.type}`)))}.`;

/** The repo that a search finds, where there can be no doubt which is meant. */
export async function searchRepo(
  services: Pick<Services, 'catalog'>,
  request: { readonly query: string; readonly typed: string; readonly signal: AbortSignal },
): Promise<string> {
  const { query, typed, signal } = request;
  const unclear = (hint: string): RpcError =>
    new RpcError(hubErrors.nameUnclear, `“${typed.slice(0, 200)}” names no model for certain.`, { hint });
  if (query.trim() === '') throw unclear('Write publisher/repo or publisher/repo:quant.');
  const { models } = await services.catalog.search({ query: CatalogQuery.parse({ text: query }), cursor: null }, { signal });
  if (models.length === 0) throw unclear('The hub has no GGUF model of this name. Look for it with: rightsize search NAME');
  const equal = models.filter((model) => bareName(model) === plain(query));
  const [only, ...more] = equal.length > 0 ? equal : models;
  if (only !== undefined && more.length === 0) return only.repo;
  throw unclear(`Perhaps ${namesOf(models.map((model) => model.repo))}.`);
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, '');
const bareName = (model: CatalogModel): string => plain((model.repo.split('/')[1] ?? '').replace(/-gguf$/i, ''));

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, candidateLimit).join(', ');
  return names.length > candidateLimit ? `${shown} and ${names.length - candidateLimit} more` : shown;
}
