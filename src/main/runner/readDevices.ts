import type { GpuDevice } from '#shared/contract/runner.ts';
import { deviceMemory } from './deviceMemory.ts';

/**
 * What the engine could compute on. Opens GPU libraries, which can end the process: only for a runner that is thrown away.
 * @returns no device where the engine finds none, although a GPU library may be installed.
 */
export async function readDevices(): Promise<{ devices: GpuDevice[]; cpuFeatures: string[]; engine: string }> {
  const { getLlama, getModuleVersion, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: 'auto', build: 'never', skipDownload: true, progressLogs: false, logLevel: LlamaLogLevel.error });
  const engine = `node-llama-cpp ${await getModuleVersion()}, llama.cpp ${llama.llamaCppRelease.release}`;
  const backend = llama.gpu;
  const names = backend === false ? [] : await llama.getGpuDeviceNames();
  const memory = backend === false || names.length === 0 ? null : await llama.getVramState();
  const shares = deviceMemory(names, memory);
  const devices = names.flatMap((name, index): GpuDevice[] => {
    const share = shares[index];
    return backend === false || share === undefined
      ? []
      : [{ name, backend, ...share, bandwidthBytesPerSecond: null, bandwidthSource: null }];
  });
  return { devices, cpuFeatures: parseCpuFeatures(llama.systemInfo), engine };
}

/** `CPU : SSE3 = 1 | AVX = 1 | ...` as llama.cpp prints it. */
export function parseCpuFeatures(systemInfo: string): string[] {
  return [...systemInfo.matchAll(/([A-Z][A-Z0-9_]*) = 1\b/g)].map((match) => match[1] ?? '').filter((name) => name.length > 0);
}
