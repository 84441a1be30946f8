import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogQuery } from '#shared/contract/catalog.ts';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { catalogModels, catalogRepo } from '../../fixtures/page/catalogData.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

type Search = (
  query: CatalogQuery,
  cursor: string | null,
  signal: AbortSignal,
) => Promise<{ readonly from: number; readonly to: number; readonly cursor: string | null }>;

const models = catalogModels(200);
const freshness = { source: 'hub', fetchedAt: 0, isOffline: false } as const;

/** A page of its own, connected to a hub that answers as it is told. */
async function openPage(search: Search) {
  vi.resetModules();
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  const catalog = await import('../../../src/renderer/stores/catalog.ts');
  const asked: { readonly text: string; readonly cursor: string | null; readonly signal: AbortSignal }[] = [];
  const handlers = {
    'catalog.search': async ({ query, cursor }: { query: CatalogQuery; cursor: string | null }, { signal }: { signal: AbortSignal }) => {
      asked.push({ text: query.text, cursor, signal });
      const { from, to, cursor: next } = await search(query, cursor, signal);
      return { models: models.slice(from, to), cursor: next, freshness };
    },
    'catalog.repo': ({ repo }: { repo: string }) =>
      repo.endsWith('nowhere')
        ? Promise.reject(new RpcError('repo-not-found', 'Nothing there.'))
        : Promise.resolve(catalogRepo(repo, null)),
  };
  rpc.connectPage(() => {
    const [page, app] = createMemoryPipe();
    serveRpc(app, { routes, handlers: handlers as unknown as Handlers<typeof routes> });
    return Promise.resolve(page);
  });
  return { ...catalog, asked, list: () => catalog.useCatalog.getState().list };
}

describe('searching the hub', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(250);

  it('shows a keystroke at once and asks only when the field has rested', async () => {
    const page = await openPage(() => Promise.resolve({ from: 0, to: 5, cursor: null }));
    for (const text of ['q', 'qw', 'qwe', 'qwen']) {
      page.typeSearch(text);
      expect(page.useCatalog.getState().text).toBe(text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(page.asked).toEqual([]);
    await rest();
    expect(page.asked.map(({ text }) => text)).toEqual(['qwen']);
    expect(page.list()).toMatchObject({ state: 'ready', cursor: null });
    expect(page.list().models).toHaveLength(5);
  });

  it('drops the answer to an older question, and cancels it at the other end', async () => {
    const slow = Promise.withResolvers<{ from: number; to: number; cursor: null }>();
    const page = await openPage(({ text }) => (text === 'old' ? slow.promise : Promise.resolve({ from: 10, to: 12, cursor: null })));
    page.typeSearch('old');
    await rest();
    page.typeSearch('new');
    await rest();
    slow.resolve({ from: 0, to: 50, cursor: null });
    await rest();
    expect(page.asked[0]?.signal.aborted).toBe(true);
    expect(page.list().models.map((model) => model.repo)).toEqual(models.slice(10, 12).map((model) => model.repo));
  });

  it('finds the first model for what stands in the field now, not for what was asked before it', async () => {
    const page = await openPage(({ text }) =>
      Promise.resolve(text === 'new' ? { from: 10, to: 12, cursor: null } : { from: 0, to: 5, cursor: null }),
    );
    page.typeSearch('old');
    await rest();
    page.typeSearch('new');
    expect(await page.firstFound()).toMatchObject({ repo: models[10]?.repo });
    await rest();
    expect(page.asked.map(({ text }) => text)).toEqual(['old', 'new']);
  });

  it('finds no first model for words that were changed while they were asked for', async () => {
    const slow = Promise.withResolvers<{ from: number; to: number; cursor: null }>();
    const page = await openPage(() => slow.promise);
    page.typeSearch('qwen');
    const first = page.firstFound();
    page.typeSearch('qwen3');
    slow.resolve({ from: 0, to: 5, cursor: null });
    expect(await first).toBeUndefined();
  });

  it('asks for the next page by the words of the first one while new ones are being typed', async () => {
    const page = await openPage((_, cursor) => Promise.resolve({ from: 0, to: 5, cursor: cursor === null ? 'next' : null }));
    page.typeSearch('old');
    await rest();
    page.typeSearch('new');
    await page.loadMore();
    expect(page.asked.at(-1)).toMatchObject({ text: 'old', cursor: 'next' });
  });

  it('keeps the rows, marked as old, while the next answer is on its way', async () => {
    const page = await openPage(({ text }) =>
      text === '' ? Promise.resolve({ from: 0, to: 5, cursor: null }) : new Promise(() => undefined),
    );
    await page.search();
    page.typeSearch('never');
    await rest();
    expect(page.list()).toMatchObject({ state: 'ready', isStale: true });
    expect(page.list().models).toHaveLength(5);
  });

  it('adds the next page once, without rows that came before', async () => {
    const page = await openPage((_query, cursor) =>
      Promise.resolve(cursor === null ? { from: 0, to: 50, cursor: 'next' } : { from: 45, to: 80, cursor: null }),
    );
    await page.search();
    await Promise.all([page.loadMore(), page.loadMore()]);
    expect(page.asked.map(({ cursor }) => cursor)).toEqual([null, 'next']);
    expect(page.list().models).toHaveLength(80);
    await page.loadMore();
    expect(page.asked).toHaveLength(2);
  });

  it('waits to be asked after pages that came to nothing, and goes on when it is', async () => {
    const page = await openPage((_query, cursor) => Promise.resolve({ from: 0, to: cursor === null ? 3 : 0, cursor: `${cursor ?? ''}x` }));
    await page.search();
    for (let time = 0; time < 5; time += 1) await page.loadMore();
    expect(page.asked).toHaveLength(3);
    expect(page.looksFurther(page.list())).toBe(false);
    await page.loadMore({ again: true });
    expect(page.asked).toHaveLength(4);
  });

  it('says why there is no list, and keeps the rows where only the next page failed', async () => {
    const failing = await openPage(() => Promise.reject(new RpcError('hub-unreachable', 'No answer.', { hint: 'Check the network.' })));
    await failing.search();
    expect(failing.list()).toMatchObject({ state: 'failed', problem: { code: 'hub-unreachable', hint: 'Check the network.' } });
    const page = await openPage((_query, cursor) =>
      cursor === null ? Promise.resolve({ from: 0, to: 50, cursor: 'next' }) : Promise.reject(new RpcError('hub-rate-limited', 'Wait.')),
    );
    await page.search();
    await page.loadMore();
    expect(page.list()).toMatchObject({ state: 'ready', problem: { code: 'hub-rate-limited' } });
    expect(page.list().models).toHaveLength(50);
  });

  it('asks again at once when a filter changes, and takes all of them off together', async () => {
    const page = await openPage(() => Promise.resolve({ from: 0, to: 1, cursor: null }));
    page.changeFilters({ tune: 'coder', sort: 'likes' });
    await vi.advanceTimersByTimeAsync(0);
    expect(page.asked).toHaveLength(1);
    page.clearFilters();
    await rest();
    expect(page.useCatalog.getState().filters).toEqual({ ...page.plainFilters, sort: 'likes' });
    expect(page.asked).toHaveLength(2);
  });
});

describe('reading a repo', () => {
  it('asks once, and again only when told to', async () => {
    const page = await openPage(() => Promise.reject(new Error('unused')));
    const signal = new AbortController().signal;
    await page.loadRepo('ada/Model-GGUF', null, { signal });
    const first = page.useCatalog.getState().repos[page.repoKey('ada/Model-GGUF', null)];
    await page.loadRepo('ada/Model-GGUF', null, { signal });
    expect(page.useCatalog.getState().repos[page.repoKey('ada/Model-GGUF', null)]).toBe(first);
    await page.loadRepo('ada/Model-GGUF', null, { signal, refresh: true });
    expect(page.useCatalog.getState().repos[page.repoKey('ada/Model-GGUF', null)]).not.toBe(first);
  });

  it('keeps what the hub refused with, in its own words', async () => {
    const page = await openPage(() => Promise.reject(new Error('unused')));
    await page.loadRepo('ada/nowhere', null, { signal: new AbortController().signal });
    expect(page.useCatalog.getState().repos['ada/nowhere@main']).toMatchObject({ state: 'failed', problem: { code: 'repo-not-found' } });
  });

  it('forgets what was picked by hand when a typed name asks for another quant', async () => {
    const page = await openPage(() => Promise.reject(new Error('unused')));
    page.pickQuant('ada/Model-GGUF', 'a.gguf');
    page.wantQuant({ repo: 'ada/Model-GGUF', quant: 'Q8_0', file: null });
    expect(page.useCatalog.getState().picked).toEqual({});
  });
});
