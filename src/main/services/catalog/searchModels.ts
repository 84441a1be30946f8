import { asHubAddress } from '#core/names/asHubAddress.ts';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';
import { type CatalogQuery, type CatalogSort, hubErrors } from '#shared/contract/catalog.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { Cancellable, HubClient, HubListQuery, HubModel } from '../hub/hubClient.ts';
import { catalogFilter } from './catalogFilter.ts';

/** Rows of one answer: as the hub sends them, with what it does not know filtered out. */
export interface FoundModels {
  readonly models: readonly HubModel[];
  readonly cursor: string | null;
}

/** Rows a screen can use; what is filtered is asked for in larger pieces, until as many remain or enough of the hub was looked through. */
const plainPage = 50;
const filteredPage = 200;
const enoughRows = 30;
const hubPagesAtMost = 5;
/** A name longer than this is no name, and an address longer than this no address. */
const searchLimit = 200;

const sorts: Readonly<Record<CatalogSort, HubListQuery['sort']>> = {
  trending: 'trendingScore',
  downloads: 'downloads',
  likes: 'likes',
  updated: 'lastModified',
  created: 'createdAt',
};

/** Where the next page goes on. */
interface Place {
  readonly hub: string;
  /** What is searched for: the first page decided it. */
  readonly search: string;
  /** The row that stood in front of the first page. */
  readonly exact: string | null;
}

/**
 * Asks the hub for one page of a query. A page may be short, even empty, while there is a cursor: then the filters let little through, and
 * the next one looks further.
 * @param request.parametersThatFit null unless the query asks for what fits
 * @throws {RpcError} codes of `hubErrors`; bad-input for a cursor that is none of ours
 */
export async function searchModels(
  request: {
    readonly query: CatalogQuery;
    readonly cursor: string | null;
    readonly parametersThatFit: number | null;
    readonly now: number;
  },
  hub: Pick<HubClient, 'endpoint' | 'listModels' | 'modelInfo'>,
  options: Cancellable,
): Promise<FoundModels> {
  const { query, parametersThatFit } = request;
  const filter = catalogFilter(query, { now: request.now, parametersThatFit });
  const start = request.cursor === null ? await firstPlace(query, hub, options) : { ...readCursor(request.cursor), models: [] };
  const hubQuery = toHubQuery(query, { search: start.search, limit: filter.isNeeded ? filteredPage : plainPage, parametersThatFit });
  const models: HubModel[] = [];
  let cursor = start.hub;
  for (let pages = 0; pages < hubPagesAtMost; pages += 1) {
    const page = await hub.listModels(hubQuery, { ...options, cursor });
    // The order of the hub changes between two of its pages.
    const isNew = ({ repo }: HubModel): boolean => repo !== start.exact && !models.some((model) => model.repo === repo);
    models.push(...page.models.filter((model) => isNew(model) && filter.passes(model)));
    cursor = page.models.some((model) => filter.ends(model)) ? null : page.cursor;
    if (cursor === null || models.length >= enoughRows) break;
  }
  return {
    models: [...start.models, ...models],
    cursor: cursor === null ? null : writeCursor({ hub: cursor, search: start.search, exact: start.exact }),
  };
}

/** A name that leads to one repo is looked up: the hub's search ranks by other things, and does not find every id. */
async function firstPlace(
  query: CatalogQuery,
  hub: Pick<HubClient, 'endpoint' | 'modelInfo'>,
  options: Cancellable,
): Promise<Omit<Place, 'hub'> & { readonly hub: null; readonly models: readonly HubModel[] }> {
  const text = query.text.trim();
  const target = text === '' ? null : nameTarget(readName(asHubAddress(text, hub.endpoint().url)));
  const none = { hub: null, exact: null, models: [] };
  if (target === null) return { ...none, search: '' };
  if (target.kind === 'search') return { ...none, search: searchable(target.query) };
  const exact = await lookUp(target.repo, hub, options);
  if (exact === null) return { ...none, search: searchable(target.repo) };
  // Others who publish the same model are what else is wanted.
  const name = exact.repo.slice(exact.repo.indexOf('/') + 1).replace(/(-i1)?[-_.]gguf$/i, '');
  return { hub: null, exact: exact.repo, models: [exact], search: searchable(name) };
}

/** @returns null where the hub knows no such repo, or does not let anybody see it */
async function lookUp(repo: string, hub: Pick<HubClient, 'modelInfo'>, options: Cancellable): Promise<HubModel | null> {
  try {
    const {
      commit: _commit,
      license: _license,
      licenseUrl: _url,
      baseModels: _bases,
      isDisabled: _disabled,
      ...model
    } = await hub.modelInfo(repo, { ...options, revision: 'main' });
    return model;
  } catch (error) {
    if (error instanceof RpcError && notThere.has(error.code)) return null;
    throw error;
  }
}

const notThere: ReadonlySet<string> = new Set([
  hubErrors.repoNotFound,
  hubErrors.revisionNotFound,
  hubErrors.gone,
  hubErrors.denied,
  hubErrors.tokenNeeded,
  hubErrors.licenceNotAccepted,
]);

function searchable(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, searchLimit);
}

function toHubQuery(
  query: CatalogQuery,
  more: { readonly search: string; readonly limit: number; readonly parametersThatFit: number | null },
): HubListQuery {
  const [publisher] = query.publishers;
  const most = [query.maxParameters, more.parametersThatFit].filter((limit) => limit !== null);
  return {
    search: more.search,
    author: query.publishers.length === 1 && publisher !== undefined ? publisher : null,
    tags: [...(query.library === 'gguf' ? ['gguf'] : []), ...(query.license === null ? [] : [`license:${query.license}`])],
    sort: sorts[query.sort],
    minParameters: query.minParameters,
    maxParameters: most.length === 0 ? null : wholeBillions(Math.min(...most)),
    limit: more.limit,
  };
}

/** The form that the hub's own page asks in; a model is never that near to a limit. */
function wholeBillions(parameters: number): number {
  return parameters >= 1e9 ? Math.floor(parameters / 1e9) * 1e9 : parameters;
}

function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.hub, place.search, place.exact])).toString('base64url');
}

function readCursor(cursor: string): Place {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    parts = null;
  }
  const [hub, search, exact] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (typeof hub !== 'string' || typeof search !== 'string' || (typeof exact !== 'string' && exact !== null)) {
    throw new RpcError(pipeErrors.badInput, 'This is no place in a list of models.', { hint: 'Search again.' });
  }
  return { hub, search, exact };
}
