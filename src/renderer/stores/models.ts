import { create } from 'zustand';
import type { LoadedModel } from '#shared/contract/models.ts';
import { follow, rpc } from './rpc.ts';

interface ModelsState {
  readonly loaded: readonly LoadedModel[];
}

export const useModels = create<ModelsState>(() => ({ loaded: [] }));

/** Keeps the list of loaded models up to date. @returns how to stop. */
export function followLoadedModels(): () => void {
  return follow('models.loaded', {}, { onItem: ({ models }) => useModels.setState({ loaded: models }) });
}

export async function unloadModel(id: string): Promise<void> {
  await rpc.call('models.unload', { id });
}

export async function unloadAll(): Promise<void> {
  await Promise.all(useModels.getState().loaded.map((model) => unloadModel(model.artifactId)));
}
