import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import type * as Store from '../../../src/renderer/stores/datasets.ts';
import { createDatasetHandlers } from '../../fixtures/page/datasetHandlers.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

type Save = Handlers<typeof routes>['datasets.save'];

let store: typeof Store;
/** What was asked to be saved, and what stands in the way of it. */
let saved: { readonly suiteId: string | null; readonly items: readonly DatasetItem[]; readonly revision?: string | undefined }[];
let gate: Promise<void>;
let refusal: RpcError | null;

// The store is one per page, so each test takes a page of its own.
beforeEach(async () => {
  vi.resetModules();
  saved = [];
  gate = Promise.resolve();
  refusal = null;
  const handlers = createDatasetHandlers(new URLSearchParams());
  const save: Save = async (draft, context) => {
    saved.push(draft);
    await gate;
    if (refusal !== null) throw refusal;
    return await handlers['datasets.save'](draft, context);
  };
  const all = { ...handlers, 'datasets.save': save, 'benchmarks.suites': async () => ({ suites: [] }) };
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  rpc.connectPage(async () => {
    const [page, app] = createMemoryPipe();
    serveRpc(app, { routes, handlers: all as unknown as Handlers<typeof routes> });
    return page;
  });
  store = await import('../../../src/renderer/stores/datasets.ts');
});
afterEach(() => store.saveNow());

const open = () => {
  const set = store.useDatasets.getState().open;
  if (set === null) throw new Error('no set is open');
  return set;
};
const write = (text: string) => store.editRows((rows) => rows.with(0, { ...(rows[0] as DatasetItem), input: text }));

describe('a set that is edited', () => {
  it('is saved with rows that are not finished, each marked until it is changed', async () => {
    await store.openSet('triage');
    expect([...open().problems.keys()].map((row) => row.id)).toEqual(['item-5', 'item-6']);
    write('Changed');
    expect(open().save.state).toBe('waiting');
    await store.saveNow();
    expect(open()).toMatchObject({ save: { state: 'saved' }, usable: 4, revision: '1' });
    expect(saved).toMatchObject([{ suiteId: 'triage', revision: '0' }]);
    store.editRows((rows) => rows.with(4, { ...(rows[4] as DatasetItem), expected: 'billing' }));
    expect([...open().problems.keys()].filter((row) => open().rows.includes(row)).map((row) => row.id)).toEqual(['item-6']);
    store.undoEdit();
    expect(open().rows[4]?.expected).toBeNull();
  });

  it('keeps what is typed while it is being saved, and saves that too', async () => {
    await store.openSet('triage');
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    write('one');
    const saving = store.saveNow();
    await vi.waitFor(() => expect(saved).toHaveLength(1));
    write('two');
    resolve();
    await saving;
    expect(saved.map(({ items, revision }) => [items[0]?.input, revision])).toEqual([
      ['one', '0'],
      ['two', '1'],
    ]);
    expect(open()).toMatchObject({ save: { state: 'saved' }, revision: '2' });
  });

  it('is saved for everyone who waits for that, also what was typed while they waited', async () => {
    await store.openSet('triage');
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    write('one');
    void store.saveNow();
    await vi.waitFor(() => expect(saved).toHaveLength(1));
    write('two');
    const waiting = store.saveNow();
    resolve();
    await waiting;
    expect(open().save.state).toBe('saved');
    await store.openSet('routing');
    expect(saved.map(({ items }) => items[0]?.input)).toEqual(['one', 'two']);
  });

  it('that is new is not written down before there is something in it, and has one name from then on', async () => {
    await store.openSet(null);
    store.editRows((rows) => [...rows, ...rows]);
    await store.saveNow();
    expect(saved).toEqual([]);
    write('Hello');
    await store.saveNow();
    expect(saved).toMatchObject([{ suiteId: null, items: [{ input: 'Hello', expected: null }] }]);
    expect(open().suiteId).toBe('triage');
  });
});

describe('a set that cannot be saved', () => {
  it('stays on screen with its rows, also when another is to be opened, until it is saved or given up', async () => {
    refusal = new RpcError('disk-full', 'The disk is full.');
    await store.openSet('triage');
    write('Precious');
    expect(await store.openSet('routing')).toBe(false);
    expect(open()).toMatchObject({ suiteId: 'triage', save: { state: 'failed', problem: { code: 'disk-full' } } });
    await store.closeSet();
    expect(open().rows[0]?.input).toBe('Precious');
    refusal = null;
    await store.retrySave();
    expect(open().save.state).toBe('saved');
    expect(await store.openSet('routing')).toBe(true);
    expect(open()).toMatchObject({ suiteId: 'routing', isShipped: true });
  });

  it('because it was changed elsewhere is never written over that: it goes on as a copy, or is read anew', async () => {
    refusal = new RpcError('dataset-changed', 'Changed elsewhere.');
    await store.openSet('triage');
    write('Mine');
    await store.saveNow();
    refusal = null;
    write('Mine, too');
    await store.saveNow();
    expect(saved).toHaveLength(1);
    await store.saveAsCopy();
    expect(saved.at(-1)).toMatchObject({
      suiteId: null,
      name: 'Support triage (copy)',
      items: [{ input: 'Mine, too' }, {}, {}, {}, {}, {}],
    });
    expect(saved.at(-1)).not.toHaveProperty('revision');
    expect(open().save.state).toBe('saved');
  });
});
