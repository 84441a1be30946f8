import { useState } from 'react';
import { addModelFolder, importModels } from '../stores/library.ts';
import { useSystem } from '../stores/system.ts';
import { showError } from '../ui/showError.ts';
import { showToast } from '../ui/toast.ts';

export type PathRequest = 'import' | 'folder';

export interface AddModels {
  readonly startImport: () => void;
  readonly startAddFolder: () => void;
  /** What a path is asked for, where the host has no file dialog. */
  readonly pathRequest: PathRequest | null;
  readonly cancelPath: () => void;
  /** @throws {RpcError} when the app refuses the path. */
  readonly submitPath: (path: string) => Promise<void>;
}

/** Import and Add folder: a file dialog in the desktop app, a typed path elsewhere. */
export function useAddModels(): AddModels {
  const canPickFiles = useSystem((state) => state.about?.canPickFiles ?? false);
  const [pathRequest, setPathRequest] = useState<PathRequest | null>(null);
  const start = (request: PathRequest): void => {
    if (!canPickFiles) return setPathRequest(request);
    add(request).catch((thrown: unknown) =>
      showError(request === 'import' ? 'The file was not imported' : 'The folder was not added', thrown),
    );
  };
  return {
    startImport: () => start('import'),
    startAddFolder: () => start('folder'),
    pathRequest,
    cancelPath: () => setPathRequest(null),
    submitPath: async (path) => {
      if (pathRequest !== null) await add(pathRequest, path);
      setPathRequest(null);
    },
  };
}

async function add(request: PathRequest, path?: string): Promise<void> {
  if (request === 'folder') {
    if (await addModelFolder(path)) showToast({ tone: 'done', title: 'Folder added', text: 'Its models appear as they are read.' });
    return;
  }
  const models = await importModels(path);
  if (models.length === 0) return;
  const names = models.map((model) => model.name).join(', ');
  showToast({ tone: 'done', title: `Imported ${names}` });
}
