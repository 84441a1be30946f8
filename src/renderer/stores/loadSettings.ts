import type { LoadPlan } from '#shared/contract/fit.ts';
import { type LoadOptions, ModelSettings } from '#shared/contract/models.ts';
import { rpc } from './rpc.ts';

/** Nothing is set: Rightsize decides everything. */
export const noModelSettings: ModelSettings = ModelSettings.parse({});

/** How the model is loaded when nothing else is asked for. */
export function readModelSettings(id: string, { signal }: { readonly signal: AbortSignal }): Promise<ModelSettings> {
  return rpc.call('models.settings', { id }, { signal });
}

/** Keeps it for the next load. */
export function saveModelSettings(id: string, settings: ModelSettings): Promise<ModelSettings> {
  return rpc.call('models.saveSettings', { id, settings });
}

/** How it would be loaded just so, whatever is saved for it. */
export function planLoadOf(id: string, options: LoadOptions, { signal }: { readonly signal: AbortSignal }): Promise<LoadPlan> {
  return rpc.call('models.plan', { id, options, usesSettings: false }, { signal });
}
