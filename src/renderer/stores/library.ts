import { create } from 'zustand';
import type { AppSource, Artifact, LibraryChange, ModelFolder } from '#shared/contract/models.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { calmBatch } from './calmBatch.ts';
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

/** A scan or the reading of hashes tells of thousands of models one by one. */
const restMs = 250;

/** Keeps the list of models up to date. @returns how to stop. */
export function followLibrary(): () => void {
  const changes = calmBatch<LibraryChange>((items) => useLibrary.setState((library) => withChanges(library, items)), restMs);
  const unfollow = follow(
    'library.changes',
    {},
    {
      onItem: changes.add,
      onError: (problem) => useLibrary.setState({ state: 'failed', problem }),
    },
  );
  return () => {
    unfollow();
    changes.stop();
  };
}

/** @returns what changes leave different, the earliest first. Models that none of them names keep their identity and place. */
export function withChanges(library: LibraryState, changes: readonly LibraryChange[]): LibraryState {
  let state = library;
  let models = new Map(library.artifacts.map((artifact) => [artifact.id, artifact]));
  let isListed = true;
  for (const change of changes) {
    switch (change.kind) {
      case 'snapshot': {
        const { kind: _kind, ...snapshot } = change;
        state = { ...state, ...snapshot, state: 'ready', problem: null };
        models = new Map(change.artifacts.map((artifact) => [artifact.id, artifact]));
        isListed = true;
        break;
      }
      case 'artifact':
        models.set(change.artifact.id, change.artifact);
        isListed = false;
        break;
      case 'removed':
        isListed = !models.delete(change.id) && isListed;
        break;
      case 'folders':
        state = { ...state, folders: change.folders, apps: change.apps, scanning: change.scanning };
        break;
    }
  }
  return isListed ? state : { ...state, artifacts: [...models.values()] };
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
