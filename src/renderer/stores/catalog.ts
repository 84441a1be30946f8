import { create } from 'zustand';
import type { Access, CatalogModel, CatalogQuery, CatalogRepo, Freshness, ModelCard, RemoteHeader } from '#shared/contract/catalog.ts';
import { pipeErrors, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { Loadable } from './benchmarks.ts';
import { rpc } from './rpc.ts';

/** Everything a list is asked by but the words. */
export type CatalogFilters = Omit<CatalogQuery, 'text'>;

/** What a name that was typed or pasted asks for within its repo. */
export interface WantedQuant {
  readonly repo: string;
  readonly quant: string | null;
  readonly file: string | null;
}

export interface CatalogList {
  /** `ready` also while a newer answer is on its way: `isStale` tells. */
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  readonly isStale: boolean;
  readonly isLoadingMore: boolean;
  /** Pages one after the other that the filters left nothing of. Then the list waits to be asked to look further. */
  readonly emptyPages: number;
  readonly models: readonly CatalogModel[];
  readonly cursor: string | null;
  readonly freshness: Freshness | null;
  /** Of the first page where `state` is failed, else of the next one. */
  readonly problem: RpcErrorData | null;
}

interface CatalogState {
  /** As it stands in the field. */
  readonly text: string;
  readonly filters: CatalogFilters;
  readonly list: CatalogList;
  readonly repos: Readonly<Record<string, Loadable<CatalogRepo>>>;
  readonly headers: Readonly<Record<string, Loadable<RemoteHeader>>>;
  readonly cards: Readonly<Record<string, Loadable<ModelCard>>>;
  readonly access: Readonly<Record<string, Access>>;
  readonly wanted: WantedQuant | null;
  /** The repo that was looked at last, to come back to. */
  readonly opened: { readonly repo: string; readonly revision: string | null } | null;
  /** First file of the quant that was picked by hand, by repo. */
  readonly picked: Readonly<Record<string, string>>;
  /** Downloads after which the setup of a benchmark is opened, by their id. */
  readonly benchmarkAfter: readonly string[];
}

export const plainFilters: CatalogFilters = {
  sort: 'trending',
  publishers: [],
  trustedOnly: false,
  library: 'gguf',
  minParameters: null,
  maxParameters: null,
  tune: null,
  license: null,
  updatedWithinDays: null,
  fits: false,
};

const emptyList: CatalogList = {
  state: 'idle',
  isStale: false,
  isLoadingMore: false,
  emptyPages: 0,
  models: [],
  cursor: null,
  freshness: null,
  problem: null,
};

export const useCatalog = create<CatalogState>(() => ({
  text: '',
  filters: { ...plainFilters, fits: true, trustedOnly: true },
  list: emptyList,
  repos: {},
  headers: {},
  cards: {},
  access: {},
  wanted: null,
  opened: null,
  picked: {},
  benchmarkAfter: [],
}));

const { getState: get, setState: set } = useCatalog;

/** How long the field rests before the hub is asked. */
export const searchRestMs = 250;
let restTimer: ReturnType<typeof setTimeout> | undefined;
let asked = new AbortController();
/** What the list answers, or will once its answer is here. What stands in the field may be newer. */
let question: CatalogQuery | null = null;
let answered: Promise<void> = Promise.resolve();

/** Takes what is typed at once; the hub is asked when it has rested. */
export function typeSearch(text: string): void {
  if (text === get().text) return;
  set({ text });
  clearTimeout(restTimer);
  restTimer = setTimeout(() => void search(), searchRestMs);
}

export function changeFilters(change: Partial<CatalogFilters>): void {
  set({ filters: { ...get().filters, ...change } });
  void search();
}

/** Takes every filter off; the order stays. */
export function clearFilters(): void {
  changeFilters({ ...plainFilters, sort: get().filters.sort });
}

/** Whether more may come by itself. */
export function looksFurther({ cursor, problem, emptyPages }: CatalogList): boolean {
  return cursor !== null && problem === null && emptyPages < emptyPagesAtMost;
}

/** Asks for the first page. An answer to an older question is cancelled at its source and dropped. */
export function search(): Promise<void> {
  question = { ...get().filters, text: get().text.trim() };
  answered = ask(question);
  return answered;
}

/** @returns the first model for what stands in the field, asked for at once where it was not yet; undefined where it was changed meanwhile */
export async function firstFound(): Promise<CatalogModel | undefined> {
  const { text, filters } = get();
  const isAsked = question?.text === text.trim() && get().list.state !== 'failed';
  await (isAsked ? answered : search());
  const now = get();
  return now.text === text && now.filters === filters ? now.list.models[0] : undefined;
}

async function ask(query: CatalogQuery): Promise<void> {
  clearTimeout(restTimer);
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const hasRows = get().list.models.length > 0;
  patchList({ state: hasRows ? 'ready' : 'loading', isStale: hasRows, isLoadingMore: false, problem: null });
  try {
    const page = await rpc.call('catalog.search', { query, cursor: null }, { signal });
    if (signal.aborted) return;
    set({ list: { ...emptyList, state: 'ready', models: page.models, cursor: page.cursor, freshness: page.freshness } });
  } catch (thrown) {
    if (!signal.aborted) set({ list: { ...emptyList, state: 'failed', problem: toRpcErrorData(thrown) } });
  }
}

/** Pages in a row that may come to nothing before the list waits. */
const emptyPagesAtMost = 2;

/** Asks for the next page unless it is on its way, failed, came to nothing, or there is none. */
export async function loadMore(options: { readonly again?: boolean } = {}): Promise<void> {
  const { list } = get();
  if (question === null || list.state !== 'ready' || list.isStale || list.isLoadingMore || list.cursor === null) return;
  if (options.again !== true && (list.problem !== null || list.emptyPages >= emptyPagesAtMost)) return;
  const { signal } = asked;
  patchList({ isLoadingMore: true, problem: null });
  try {
    const page = await rpc.call('catalog.search', { query: question, cursor: list.cursor }, { signal });
    if (signal.aborted) return;
    const { models, emptyPages } = get().list;
    patchList({
      models: withoutDoubles([...models, ...page.models]),
      emptyPages: page.models.length === 0 ? emptyPages + 1 : 0,
      cursor: page.cursor,
      freshness: page.freshness,
      isLoadingMore: false,
    });
  } catch (thrown) {
    if (!signal.aborted) patchList({ isLoadingMore: false, problem: toRpcErrorData(thrown) });
  }
}

/** The list moves between two pages: a repo that slid down comes twice. */
function withoutDoubles(models: readonly CatalogModel[]): readonly CatalogModel[] {
  const seen = new Set<string>();
  return models.filter((model) => !seen.has(model.repo) && seen.add(model.repo));
}

function patchList(change: Partial<CatalogList>): void {
  set({ list: { ...get().list, ...change } });
}

export function repoKey(repo: string, revision: string | null): string {
  return `${repo}@${revision ?? 'main'}`;
}
export function headerKey(repo: string, commit: string, file: string): string {
  return `${repo}@${commit}/${file}`;
}

interface Asking {
  readonly signal: AbortSignal;
  /** Asks again although there is an answer. */
  readonly refresh?: boolean;
}

/** Reads a repo unless it is here already. */
export async function loadRepo(repo: string, revision: string | null, { signal, refresh = false }: Asking): Promise<void> {
  const input = { repo, refresh, ...(revision === null ? {} : { revision }) };
  await load('repos', { key: repoKey(repo, revision), signal, refresh, ask: () => rpc.call('catalog.repo', input, { signal }) });
}

/** Reads the header of one file; it holds for every quant of its repo but for the weights. */
export async function loadHeader(repo: CatalogRepo, file: string, { signal, refresh = false }: Asking): Promise<void> {
  const input = { repo: repo.repo, commit: repo.commit, file };
  await load('headers', {
    key: headerKey(repo.repo, repo.commit, file),
    signal,
    refresh,
    ask: () => rpc.call('catalog.header', input, { signal }),
  });
}

export async function loadCard(repo: CatalogRepo, { signal, refresh = false }: Asking): Promise<void> {
  const input = { repo: repo.repo, commit: repo.commit };
  await load('cards', { key: repoKey(repo.repo, repo.commit), signal, refresh, ask: () => rpc.call('catalog.card', input, { signal }) });
}

/** Whether this account may fetch from a gated repo. Not knowing is an answer too. */
export async function loadAccess(repo: string, { signal }: Asking): Promise<void> {
  try {
    const { access } = await rpc.call('catalog.access', { repo }, { signal });
    set({ access: { ...get().access, [repo]: access } });
  } catch {
    if (!signal.aborted) set({ access: { ...get().access, [repo]: 'unknown' } });
  }
}

type LoadedKind = 'repos' | 'headers' | 'cards';
type ValueOf<Kind extends LoadedKind> = CatalogState[Kind] extends Readonly<Record<string, Loadable<infer Value>>> ? Value : never;

async function load<Kind extends LoadedKind>(
  kind: Kind,
  options: { readonly key: string; readonly signal: AbortSignal; readonly refresh: boolean; readonly ask: () => Promise<ValueOf<Kind>> },
): Promise<void> {
  const { key, signal, refresh, ask } = options;
  const known = get()[kind][key];
  if (known?.state === 'ready' && !refresh) return;
  if (known?.state !== 'ready') put(kind, key, { state: 'loading' });
  try {
    put(kind, key, { state: 'ready', value: await ask() } as Loadable<ValueOf<Kind>>);
  } catch (thrown) {
    const problem = toRpcErrorData(thrown);
    if (!signal.aborted && problem.code !== pipeErrors.cancelled) put(kind, key, { state: 'failed', problem });
  }
}

function put<Kind extends LoadedKind>(kind: Kind, key: string, value: Loadable<ValueOf<Kind>>): void {
  set({ [kind]: { ...get()[kind], [key]: value } } as unknown as Pick<CatalogState, Kind>);
}

/** Notes what a typed name asks for, before its repo is opened. Forgets what was picked there by hand. */
export function wantQuant(wanted: WantedQuant): void {
  const { [wanted.repo]: _forgotten, ...picked } = get().picked;
  set({ wanted, picked });
}

export function noteOpened(repo: string, revision: string | null): void {
  set({ opened: { repo, revision } });
}

export function pickQuant(repo: string, file: string): void {
  set({ picked: { ...get().picked, [repo]: file } });
}

export function wishBenchmark(downloadId: string, isWished: boolean): void {
  const others = get().benchmarkAfter.filter((id) => id !== downloadId);
  set({ benchmarkAfter: isWished ? [...others, downloadId] : others });
}
