import type { LoadedModel } from '#shared/contract/models.ts';

/** What unloading every model of Rightsize would give back: measured where it was, else what its process holds, on the device it lies on. */
export function ownBytes(loaded: readonly LoadedModel[]): { readonly ramBytes: number; readonly gpuBytes: number } {
  const sum = (bytesOf: (model: LoadedModel) => number): number => loaded.reduce((total, model) => total + bytesOf(model), 0);
  const isOnGpu = (model: LoadedModel): boolean => (model.gpuLayers ?? 0) > 0;
  return {
    ramBytes: sum((model) => model.measured?.ramBytes ?? (isOnGpu(model) ? 0 : (model.memory?.residentBytes ?? 0))),
    gpuBytes: sum((model) => model.measured?.gpuBytes ?? (isOnGpu(model) ? (model.memory?.residentBytes ?? 0) : 0)),
  };
}
