import type * as z from 'zod';
import type { Access, CatalogPage, CatalogQuery, CatalogRepo, ModelCard, RemoteHeader } from '#shared/contract/catalog.ts';
import type { Cancellable } from '../hub/hubClient.ts';

/** What there is on the hub, and what of it would run here. Answers from the cache, marked with its age, where there is no network. */
export interface CatalogService {
  /** @throws {RpcError} codes of `hubErrors` when there is neither hub nor cache */
  search(request: { readonly query: CatalogQuery; readonly cursor: string | null }, options?: Cancellable): Promise<CatalogPage>;
  /** @throws {RpcError} repo-not-found, revision-not-found, … */
  repo(
    request: { readonly repo: string; readonly revision: string; readonly refresh: boolean },
    options?: Cancellable,
  ): Promise<CatalogRepo>;
  card(request: { readonly repo: string; readonly commit: string }, options?: Cancellable): Promise<ModelCard>;
  /** @throws {RpcError} also the codes of bad GGUF files (contract/models.ts) */
  header(request: { readonly repo: string; readonly commit: string; readonly file: string }, options?: Cancellable): Promise<RemoteHeader>;
  access(repo: string, options?: Cancellable): Promise<z.infer<typeof Access>>;
  dispose(): Promise<void>;
}
