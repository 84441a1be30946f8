import type { FitMachine } from '#core/fit/fitTypes.ts';

/** At Q3_K_M, the smallest quant that does not lose much. */
const leastBitsPerWeight = 4;
/** Beside the weights: cache, compute buffers, the engine; and what the system keeps for itself. */
const usableShare = { ram: 0.75, gpu: 0.9 };
const besidesWeights = { share: 0.1, bytes: 2 ** 29 };

/**
 * The largest model of which some quant would fit. By what the machine has, not by what is free now: a list should not change with every
 * window that is opened.
 * @returns number of weights
 */
export function parametersThatFit(machine: FitMachine): number {
  const gpuBytes = machine.gpu === null || machine.gpu.unified ? 0 : machine.gpu.vramBytes * usableShare.gpu;
  const usableBytes = machine.ramBytes * usableShare.ram + gpuBytes;
  const weightBytes = Math.max(0, usableBytes - besidesWeights.bytes) / (1 + besidesWeights.share);
  return Math.floor((weightBytes * 8) / leastBitsPerWeight);
}
