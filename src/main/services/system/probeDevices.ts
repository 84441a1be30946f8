import { readdir } from 'node:fs/promises';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { RunnerRoutes } from '#shared/contract/runner.ts';
import type { OutputOf } from '#shared/rpc/routeTable.ts';

export type DeviceReport = OutputOf<RunnerRoutes['runner.devices']>;

/** The supervisor's key of the runner that is asked and thrown away: it opens the GPU libraries, which nothing here should keep open. */
const probeKey = 'device-probe';

/** Asks a throw-away runner for devices, CPU features and engine. @throws {RpcError} what starting a runner throws */
export async function probeDevices(supervisor: RunnerSupervisor): Promise<DeviceReport> {
  supervisor.clearBreaker(probeKey);
  const generation = await supervisor.start(probeKey);
  try {
    return await generation.devices();
  } finally {
    await generation.stop();
  }
}

/**
 * Whether asking for GPUs is worth a process. Only Linux tells without asking: by its device files. Someone who names a Vulkan device means
 * it, even one without a file: a software renderer.
 */
export async function mayHaveGpu(env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  if (process.platform !== 'linux' || (env['GGML_VK_VISIBLE_DEVICES'] ?? '') !== '') return true;
  const devices = await readdir('/dev').catch(() => []);
  if (devices.some((name) => /^nvidia\d+$|^kfd$|^dxg$/.test(name))) return true;
  const nodes = await readdir('/dev/dri').catch(() => []);
  return nodes.some((name) => name.startsWith('renderD'));
}
