import { create } from 'zustand';
import type { AppSource, Artifact, LibraryChange, ModelFolder } from '#shared/contract/models.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { follow, rpc } from './rpc.ts';

interface LibraryState {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly artifacts: readonly Artifact[];
  readonly folders: readonly ModelFolder[];
  /** Other apps that were looked for, found or not. */
  readonly apps: readonly AppSource[];
  readonly scanning: boolean;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
  readonly problem: RpcErrorData | null;
}

export const useLibrary = create<LibraryState>(() => ({
  state: 'loading',
  artifacts: [],
  folders: [],
  apps: [],
  scanning: false,
  disk: null,
  problem: null,
}));

/** Keeps the list of models up to date. @returns how to stop. */
export function followLibrary(): () => void {
  return follow(
    'library.changes',
    {},
    {
      onItem: (change) => useLibrary.setState((library) => withChange(library, change)),
      onError: (problem) => useLibrary.setState({ state: 'failed', problem }),
    },
  );
}

function withChange(library: LibraryState, change: LibraryChange): Partial<LibraryState> {
  switch (change.kind) {
    case 'snapshot':
      return { ...change, state: 'ready', problem: null };
    case 'artifact':
      return { artifacts: withArtifact(library.artifacts, change.artifact) };
    case 'removed':
      return { artifacts: library.artifacts.filter((artifact) => artifact.id !== change.id) };
    case 'folders':
      return { folders: change.folders, apps: change.apps, scanning: change.scanning };
  }
}

function withArtifact(artifacts: readonly Artifact[], changed: Artifact): readonly Artifact[] {
  return artifacts.some((artifact) => artifact.id === changed.id)
    ? artifacts.map((artifact) => (artifact.id === changed.id ? changed : artifact))
    : [...artifacts, changed];
}

/** @returns the model of an id, or undefined when it is not in the library (any more). */
export function findArtifact(artifacts: readonly Artifact[], id: string | null): Artifact | undefined {
  return id === null ? undefined : artifacts.find((artifact) => artifact.id === id);
}

/** @param path typed by the user where the host has no file dialog. @returns the new models; none when the dialog was cancelled. */
export async function importModels(path?: string): Promise<readonly Artifact[]> {
  return (await rpc.call('library.import', path === undefined ? {} : { path })).artifacts;
}

/** @returns whether a folder was added; false when the dialog was cancelled. */
export async function addModelFolder(path?: string): Promise<boolean> {
  return (await rpc.call('library.addFolder', path === undefined ? {} : { path })).added;
}
