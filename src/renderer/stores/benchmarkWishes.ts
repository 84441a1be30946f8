import { useCatalog, wishBenchmark } from './catalog.ts';
import { useDownloads } from './downloads.ts';

/**
 * Watches downloads that a benchmark was asked for. Nothing is started by itself.
 * @param onReady called once for each, with the model that is ready
 * @returns how to stop
 */
export function followBenchmarkWishes(
  onReady: (model: { readonly artifactId: string; readonly name: string; readonly repo: string }) => void,
): () => void {
  return useDownloads.subscribe(({ jobs }) => {
    for (const id of useCatalog.getState().benchmarkAfter) {
      const job = jobs[id];
      if (job === undefined || job.state === 'cancelled') wishBenchmark(id, false);
      else if (job.state === 'ready' && job.artifactId !== null) {
        wishBenchmark(id, false);
        onReady({ artifactId: job.artifactId, name: job.name, repo: job.repo });
      }
    }
  });
}
