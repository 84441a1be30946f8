import { expect, it, vi } from 'vitest';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { followBenchmarkWishes } from '../../../src/renderer/stores/benchmarkWishes.ts';
import { wishBenchmark } from '../../../src/renderer/stores/catalog.ts';
import { startDownload, useDownloads, withDownloadsChange } from '../../../src/renderer/stores/downloads.ts';
import { connectPage } from '../../../src/renderer/stores/rpc.ts';
import { downloadJob } from '../../fixtures/page/downloadData.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

it('keeps a wish for a download that was just started while others report', async () => {
  const started = downloadJob('new', { state: 'queued', repo: 'org/repo' });
  connectPage(() => {
    const [page, app] = createMemoryPipe();
    serveRpc(app, { routes, handlers: { 'downloads.start': () => Promise.resolve(started) } as unknown as Handlers<typeof routes> });
    return Promise.resolve(page);
  });
  const onReady = vi.fn();
  const stop = followBenchmarkWishes(onReady);
  const report = (job: typeof started): void => useDownloads.setState((state) => withDownloadsChange(state, { kind: 'job', job }));
  wishBenchmark((await startDownload({ repo: 'org/repo', file: 'a.gguf' })).id, true);
  report(downloadJob('other', { bytesDone: 5 }));
  report({ ...started, state: 'ready', artifactId: 'here' });
  expect(onReady).toHaveBeenCalledExactlyOnceWith({ artifactId: 'here', name: started.name, repo: 'org/repo' });
  stop();
});
