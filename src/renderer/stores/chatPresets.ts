import { create } from 'zustand';
import type { ChatPreset } from '#shared/contract/chat.ts';
import { rpc } from './rpc.ts';

interface PresetsState {
  /** Null until they were read. */
  readonly presets: readonly ChatPreset[] | null;
}

export const usePresets = create<PresetsState>(() => ({ presets: null }));

/** Reads them anew. @throws {RpcError} */
export async function loadPresets(): Promise<void> {
  usePresets.setState({ presets: (await rpc.call('chat.presets', {})).presets });
}

/** Keeps a way to answer under a name; null id: a new one. @throws {RpcError} */
export async function savePreset(preset: Omit<ChatPreset, 'id' | 'isShipped'> & { readonly id: string | null }): Promise<void> {
  await rpc.call('chat.savePreset', preset);
  await loadPresets();
}

/** @throws {RpcError} preset-not-found */
export async function removePreset(id: string): Promise<void> {
  await rpc.call('chat.removePreset', { id });
  await loadPresets();
}
