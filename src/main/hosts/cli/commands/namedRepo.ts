import { asHubAddress } from '#core/names/asHubAddress.ts';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';
import type { Services } from '#main/services/createServices.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import { searchRepo } from './pullTarget.ts';

/** The repo that a name leads to, and what else the name says. */
export interface NamedRepo {
  readonly repo: CatalogRepo;
  readonly quant: string | null;
  readonly file: string | null;
}

/**
 * Finds the repo that a name means.
 * @param name in any form: `publisher/repo`, `publisher/repo:quant`, `publisher/repo/file.gguf`, an address, `llama3.2:3b`
 * @throws {RpcError} name-unclear and codes of `hubErrors`
 */
export async function findRepo(
  services: Pick<Services, 'catalog' | 'hub'>,
  name: string,
  options: { readonly signal: AbortSignal },
): Promise<NamedRepo> {
  const target = nameTarget(readName(asHubAddress(name, services.hub.endpoint().url)));
  const { signal } = options;
  if (target.kind === 'search') {
    const repo = await searchRepo(services, { query: target.query, typed: name, signal });
    return { repo: await services.catalog.repo({ repo, revision: 'main', refresh: false }, { signal }), quant: target.quant, file: null };
  }
  const asked = { repo: target.repo, revision: target.revision ?? 'main', refresh: false };
  return { repo: await services.catalog.repo(asked, { signal }), quant: target.quant, file: target.file };
}

/** The quant that the name says beside the repo; undefined where it says none, or none that is there. */
export function quantNamed(
  repo: CatalogRepo,
  named: { readonly quant: string | null; readonly file: string | null },
): CatalogQuant | undefined {
  const byFile = repo.quants.find((quant) => quant.files.some((file) => file.path === named.file));
  return byFile ?? repo.quants.find((quant) => named.quant !== null && quant.type?.toLowerCase() === named.quant.toLowerCase());
}
