import type { Dispatcher } from 'undici';
import type { RepoFile } from '#core/catalog/repoFile.ts';
import type { Access, HubAccount } from '#shared/contract/catalog.ts';

export interface Cancellable {
  readonly signal?: AbortSignal;
}

/** What a list of models is asked by. Everything the hub can filter itself. */
export interface HubListQuery {
  readonly search: string;
  readonly author: string | null;
  /** Tags that all must hold: `gguf`, `license:apache-2.0`, … */
  readonly tags: readonly string[];
  readonly sort: 'trendingScore' | 'downloads' | 'likes' | 'lastModified' | 'createdAt';
  readonly minParameters: number | null;
  readonly maxParameters: number | null;
  readonly limit: number;
}

/** A row of the hub's list, checked and with unknowns as null. Times in ms since 1970. */
export interface HubModel {
  readonly repo: string;
  readonly downloads: number | null;
  readonly likes: number | null;
  readonly updatedAt: number | null;
  readonly createdAt: number | null;
  readonly gated: 'no' | 'auto' | 'manual';
  readonly tags: readonly string[];
  readonly pipeline: string | null;
  readonly library: string | null;
  /** From the hub's header facts of one GGUF file of the repo. */
  readonly parameters: number | null;
  readonly architecture: string | null;
  readonly contextTokens: number | null;
}

export interface HubModelInfo extends HubModel {
  readonly commit: string;
  readonly license: string | null;
  readonly licenseUrl: string | null;
  readonly baseModels: readonly string[];
  readonly isDisabled: boolean;
}

/** One file at one commit, ready to be fetched. */
export interface ResolvedFile {
  readonly repo: string;
  readonly path: string;
  readonly commit: string;
  readonly sizeBytes: number;
  /** Of the content; null for a small git file. */
  readonly sha256: string | null;
  /** Git object id where there is no sha256. */
  readonly gitSha1: string | null;
  /** The hub's own entity tag (never the content network's). Another value means another file. */
  readonly etag: string;
  /** Where the bytes are: often a signed address on another host. Never logged. */
  readonly url: string;
  /** Headers for that address: the token only where it is the hub's own host. */
  readonly headers: Readonly<Record<string, string>>;
  /** When the address should be asked for anew, ms since 1970; null = it does not expire. */
  readonly expiresAt: number | null;
}

export interface HubEndpoint {
  /** Origin (and path prefix) without a slash at the end. */
  readonly url: string;
  readonly isMirror: boolean;
}

/**
 * The hub's HTTP face: every request this app sends to it. Retries what is worth it, waits where a limit says so, and throws RpcError with
 * codes of `hubErrors`. The token goes to the hub's own host and nowhere else; it is in no error, no log and no address.
 */
export interface HubClient {
  endpoint(): HubEndpoint;
  /** @param cursor of the page before; null for the first. */
  listModels(
    query: HubListQuery,
    options: Cancellable & { readonly cursor: string | null },
  ): Promise<{ models: HubModel[]; cursor: string | null }>;
  modelInfo(repo: string, options: Cancellable & { readonly revision: string }): Promise<HubModelInfo>;
  /** All files of a commit, folders followed. */
  listFiles(repo: string, options: Cancellable & { readonly commit: string }): Promise<RepoFile[]>;
  /** A small text file such as README.md, at most `limitBytes` of it. @returns null when the repo has none. */
  readText(
    file: { readonly repo: string; readonly commit: string; readonly path: string },
    options: Cancellable & { readonly limitBytes: number },
  ): Promise<{ text: string; isCut: boolean } | null>;
  checkAccess(repo: string, options?: Cancellable): Promise<Access>;
  /** One request without following redirects: commit, size, hash and the address of the bytes. */
  resolve(file: { readonly repo: string; readonly revision: string; readonly path: string }, options?: Cancellable): Promise<ResolvedFile>;
  /** For the bytes of a resolved file: HTTP/1.1, through the proxy in use, without the client's own retries. */
  dispatcher(url: string): Promise<Dispatcher>;
  account(options: Cancellable & { readonly verify: boolean }): Promise<HubAccount>;
  setToken(token: string | null): Promise<void>;
  dispose(): Promise<void>;
}
