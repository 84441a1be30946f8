import { beforeEach, describe, expect, it, vi } from 'vitest';
import { routes } from '#shared/contract/routes.ts';
import type { Settings } from '#shared/contract/settings.ts';
import type { FramePipe } from '#shared/rpc/frames.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';
import { createSampleHandlers } from '../../fixtures/page/sampleHandlers.ts';

/** A host that can be cut off and that refuses as often as it is told to. */
function createHost() {
  const handlers = createSampleHandlers({ state: 'ready', firstRun: false, theme: 'light', more: 0 }) as unknown as Handlers<typeof routes>;
  let cut: () => void = () => undefined;
  const host = {
    refusals: 0,
    opened: 0,
    open: (): Promise<FramePipe> => {
      if (host.refusals > 0) {
        host.refusals -= 1;
        return Promise.reject(new Error('refused'));
      }
      host.opened += 1;
      const [page, app] = createMemoryPipe();
      serveRpc(app, { routes, handlers });
      cut = () => page.close();
      return Promise.resolve(page);
    },
    cut: () => cut(),
  };
  return host;
}

// The store is one per page, so each test takes a page of its own.
async function openPage() {
  vi.resetModules();
  return await import('../../../src/renderer/stores/rpc.ts');
}

describe('the connection of a page', () => {
  let host: ReturnType<typeof createHost>;
  beforeEach(() => {
    host = createHost();
  });

  it('lets a call wait that was made before the first connection', async () => {
    const page = await openPage();
    const about = page.rpc.call('system.about', {});
    page.connectPage(host.open);
    expect((await about).host).toBe('serve');
    expect(page.useConnection.getState().state).toBe('open');
  });

  it('fails a call that is made while the connection is lost', async () => {
    const page = await openPage();
    page.connectPage(host.open);
    await page.rpc.call('system.about', {});
    host.refusals = Number.POSITIVE_INFINITY;
    host.cut();
    await expect(page.rpc.call('system.about', {})).rejects.toMatchObject({ code: 'pipe-closed' });
    expect(page.useConnection.getState().state).toBe('lost');
  });

  it('follows a stream again after the connection came back, without an error', async () => {
    const page = await openPage();
    const items: Settings[] = [];
    const errors: unknown[] = [];
    page.follow('settings.changes', {}, { onItem: (item) => items.push(item), onError: (error) => errors.push(error) });
    page.connectPage(host.open);
    await vi.waitUntil(() => items.length === 1);
    host.cut();
    page.reconnectNow();
    await vi.waitUntil(() => items.length === 2);
    expect(host.opened).toBe(2);
    expect(errors).toEqual([]);
  });

  it('does not follow again what nobody wants any more', async () => {
    const page = await openPage();
    let count = 0;
    const stop = page.follow('settings.changes', {}, { onItem: () => (count += 1) });
    page.connectPage(host.open);
    await page.rpc.call('system.about', {});
    stop();
    host.cut();
    page.reconnectNow();
    await vi.waitUntil(() => page.useConnection.getState().state === 'open');
    await page.rpc.call('system.about', {});
    expect(count).toBe(1);
  });

  it('says that the app does not answer when the first connections fail, and connects once it does', async () => {
    const page = await openPage();
    host.refusals = 2;
    page.connectPage(host.open);
    await vi.waitUntil(() => page.useConnection.getState().state === 'lost');
    page.reconnectNow();
    await vi.waitUntil(() => page.useConnection.getState().state === 'open');
    expect((await page.rpc.call('system.about', {})).host).toBe('serve');
  });
});
