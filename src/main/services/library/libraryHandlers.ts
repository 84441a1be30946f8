import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import { untilAborted } from '../untilAborted.ts';
import type { LibraryService } from './libraryService.ts';

type LibraryRoutes = Extract<keyof Routes, `library.${string}`>;

/** The `library.*` routes over the service. Where the host has a file dialog, paths come from it and never from the page. */
export function createLibraryHandlers(library: LibraryService, ports: Pick<HostPorts, 'pickFiles'>): Pick<Handlers<Routes>, LibraryRoutes> {
  async function chosenPaths(kind: 'folder' | 'gguf', typed: string | undefined): Promise<readonly string[]> {
    if (ports.pickFiles !== undefined) return await ports.pickFiles({ kind });
    if (typed !== undefined) return [typed];
    throw new RpcError(pipeErrors.badInput, 'A path is needed: this host has no file dialog.', { hint: 'Type the full path.' });
  }

  return {
    'library.changes': (_input, { emit, signal }) => untilAborted(signal, () => library.subscribe(emit)),
    'library.list': async () => ({ artifacts: library.list() }),
    'library.inspect': ({ id }) => library.inspect(id),
    async 'library.addFolder'({ path }) {
      let added = false;
      for (const chosen of await chosenPaths('folder', path)) added = (await library.addFolder(chosen)).added || added;
      return { added };
    },
    async 'library.removeFolder'({ folderId }) {
      await library.removeFolder(folderId);
      return {};
    },
    async 'library.rescan'() {
      await library.rescan();
      return {};
    },
    async 'library.import'({ path }) {
      const artifacts = [];
      for (const chosen of await chosenPaths('gguf', path)) artifacts.push(...(await library.importPath(chosen)));
      return { artifacts };
    },
    'library.remove': ({ id, deleteFile }) => library.remove(id, { deleteFile }),
    'library.reclaimable': async () => ({ items: await library.reclaimable() }),
    'library.reclaim': ({ ids }) => library.reclaim(ids),
    'library.checkUpdates': (_input, { signal }) => library.checkUpdates({ signal }),
  };
}
