import type { FitMachine } from '#core/fit/fitTypes.ts';

/** What the system itself keeps, whatever is closed. */
const systemShare = { ram: 0.1, gpu: 0.03 };

/** The same machine with every other app closed: what then could be free at best. */
export function othersClosed(machine: FitMachine): FitMachine {
  const { gpu } = machine;
  return {
    ...machine,
    ramAvailableBytes: Math.max(machine.ramAvailableBytes, machine.ramBytes * (1 - systemShare.ram)),
    gpu: gpu && { ...gpu, freeBytes: Math.max(gpu.freeBytes, gpu.vramBytes * (1 - systemShare.gpu)) },
  };
}
