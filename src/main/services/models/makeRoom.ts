import { gpuMarginBytes, marginBytes } from '#core/fit/overhead.ts';
import type { Log } from '#shared/log.ts';
import type { LoadDecision } from './decideLoad.ts';
import { heldBytes, type RunnerEntry } from './runnerEntries.ts';

export interface RoomNeeds {
  readonly artifactId: string;
  readonly decision: LoadDecision;
  /** Models that nobody holds, longest unused first. */
  readonly idle: readonly RunnerEntry[];
  readonly availableMemory: () => Promise<number>;
  readonly stop: (entry: RunnerEntry) => Promise<void>;
  readonly log: Log;
}

/** Unloads idle models while memory is short for the next one, on the GPU or in RAM, with the same margin that it was planned with. Never refuses. */
export async function makeRoom({ artifactId, decision, idle, availableMemory, stop, log }: RoomNeeds): Promise<void> {
  const { plan } = decision;
  const machine = plan?.machine;
  const bytes = plan?.fit.bytes ?? { gpu: 0, ram: decision.weightBytes, untouched: 0 };
  const ramBytes = bytes.ram + (bytes.untouched ?? 0) + (machine?.gpu?.unified === true ? bytes.gpu : 0);
  const ramWanted = ramBytes + marginBytes(machine?.ramBytes ?? 0);
  const gpuWanted = machine === undefined || bytes.gpu === 0 ? 0 : bytes.gpu + gpuMarginBytes(machine);
  // It was planned as if they were all gone.
  let gpuFree = (machine?.gpu?.freeBytes ?? 0) - idle.reduce((sum, entry) => sum + heldBytes(entry).gpuBytes, 0);

  for (const entry of idle) {
    const isRamShort = ramWanted > (await availableMemory());
    // A chat may have taken it meanwhile.
    if (entry.users > 0 || entry.state !== 'ready') continue;
    const isGpuShort = gpuWanted > gpuFree;
    if (!isRamShort && !isGpuShort) return;
    const held = heldBytes(entry);
    if (!isRamShort && held.gpuBytes === 0) continue;
    await stop(entry);
    gpuFree += held.gpuBytes;
  }
  const availableBytes = await availableMemory();
  if (ramBytes > availableBytes) log.warn('model.memory-short', { artifactId, device: 'ram', neededBytes: ramBytes, availableBytes });
  if (bytes.gpu > gpuFree) log.warn('model.memory-short', { artifactId, device: 'gpu', neededBytes: bytes.gpu, availableBytes: gpuFree });
}
