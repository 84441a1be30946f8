import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { DatasetService } from './datasetService.ts';
import { toDatasetProblem } from './readDatasetRows.ts';

type DatasetRoutes = Extract<keyof Routes, `datasets.${string}`>;

/** The `datasets.*` routes over the service. Where the host has a file dialog, paths come from it and never from the page. */
export function createDatasetHandlers(
  datasets: DatasetService,
  ports: Pick<HostPorts, 'pickFiles'>,
): Pick<Handlers<Routes>, DatasetRoutes> {
  /** The chosen file that could not be taken whole: asked for again without its bad rows, nobody wants to find it twice. */
  let refusedPath: string | null = null;

  async function chosenPath(typed: string | undefined, skipBad: boolean): Promise<string | null> {
    if (ports.pickFiles === undefined) {
      if (typed !== undefined) return typed;
      throw new RpcError(pipeErrors.badInput, 'A path is needed: this host has no file dialog.', { hint: 'Type the full path.' });
    }
    if (skipBad && refusedPath !== null) return refusedPath;
    return (await ports.pickFiles({ kind: 'dataset' }))[0] ?? null;
  }

  return {
    async 'datasets.items'({ suiteId }) {
      const { items, problems, ...set } = await datasets.items(suiteId);
      return { ...set, items: [...items], problems: [...problems] };
    },
    async 'datasets.save'(draft) {
      const { problems, ...saved } = await datasets.save(draft);
      return { ...saved, problems: [...problems] };
    },
    'datasets.add': async (addition) => ({ suite: await datasets.add(addition) }),
    async 'datasets.import'({ path, skipBad }) {
      const chosen = await chosenPath(path, skipBad);
      refusedPath = null;
      if (chosen === null) return { suite: null, skipped: [] };
      try {
        const { suite, skipped } = await datasets.importFile(chosen, { skipBad });
        return { suite, skipped: skipped.map((problem) => toDatasetProblem(problem, 'line')) };
      } catch (error) {
        if (error instanceof RpcError && error.code === benchmarkErrors.datasetInvalid) refusedPath = chosen;
        throw error;
      }
    },
    async 'datasets.remove'({ suiteId }) {
      await datasets.remove(suiteId);
      return {};
    },
  };
}
