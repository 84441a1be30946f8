import type { FitBackend } from './deviceRules.ts';
import type { FitCalibration, FitMachine } from './fitTypes.ts';
import type { ModelFacts } from './modelFacts.ts';
import { processBytes } from './processBytes.ts';

const mebibyte = 2 ** 20;

/**
 * What the driver keeps on one GPU for one process beside the engine's buffers, until loads on the machine have told. CUDA: 73 MiB on a Quadro
 * P1000, about 153 on an 8 GB laptop GPU, 309 on a desktop card (published logs, read 2026-11-21); the others are guesses from fewer logs.
 */
const driverBytes: Readonly<Record<FitBackend, number>> = {
  cuda: 300 * mebibyte,
  vulkan: 150 * mebibyte,
  metal: 100 * mebibyte,
  cpu: 0,
};

/** Beside the whole working space, where nearly all of it is touched. */
const leastProcessBytes = 48 * mebibyte;

/** Beyond these a correction tells of another program, not of this machine's driver or process. */
const mostDriverBytes = 2048 * mebibyte;
const mostProcessOffset = 1024 * mebibyte;

export interface MemoryOverhead {
  /** Of all devices together; 0 without a GPU. */
  readonly driver: number;
  readonly process: number;
  /**
   * Of the working space in RAM: reserved, and not touched before a long context needs it. Without flash attention the scores of a whole context are,
   * and a load that has answered took 325 MB beside weights and cache where 577 are reserved (measured, 2026-11-21). What a driver pins is all taken.
   */
  readonly untouched: number;
  /** How far the real figure may lie from the two, to either side. */
  readonly spread: number;
}

/**
 * What driver and process take beside the engine's buffers, corrected by what earlier loads on the machine took.
 *
 * Process: its resident memory beside weights, cache and working space, so less the part of the working space that is reserved but stays untouched.
 * @param of.computeBytes working space in RAM
 */
export function overheadOf(
  machine: FitMachine,
  of: { readonly backend: FitBackend; readonly facts: ModelFacts; readonly computeBytes: number },
): MemoryOverhead {
  const { backend, facts, computeBytes } = of;
  const { gpuOverheadBytes = null, gpuOverheadSpreadBytes = null, ...learned } = usableCalibration(machine);
  const processOffset = (backend === 'cpu' ? learned.ramOffsetBytes : learned.gpuRamOffsetBytes) ?? null;
  const devices = backend === 'cpu' ? 0 : deviceCountOf(machine);
  const driver = (gpuOverheadBytes ?? driverBytes[backend]) * devices;
  const beside = processBytes(facts) - computeBytes;
  const guessed = Math.max(beside, leastProcessBytes);
  const process = Math.max(guessed + (processOffset ?? 0), 0);
  // Loads of the same model on the same machine differ by some ten MB; first guesses are only right to about a half.
  const measuredSpread = 64 * mebibyte;
  return {
    driver,
    process,
    untouched: backend === 'cpu' ? Math.min(guessed - beside, computeBytes) : 0,
    spread:
      (gpuOverheadBytes === null ? driver / 2 : (gpuOverheadSpreadBytes ?? measuredSpread) * devices) +
      (processOffset === null ? process / 2 : Math.min(process / 2, measuredSpread)),
  };
}

/** Devices that share the layers; 1 where nothing is said. */
export function deviceCountOf({ gpu }: FitMachine): number {
  const count = gpu?.deviceCount ?? 1;
  return Number.isInteger(count) && count >= 1 && count <= 16 ? count : 1;
}

/** The corrections that can be true; what cannot is left out, as if nothing had been learnt. */
export function usableCalibration({ calibration }: FitMachine): Partial<FitCalibration> {
  if (!calibration) return {};
  const within = (value: number | null, range: { readonly least: number; readonly most: number }): number | null =>
    typeof value === 'number' && value >= range.least && value <= range.most ? value : null;
  const speed = { least: 0.05, most: 10 };
  return {
    gpuOverheadBytes: within(calibration.gpuOverheadBytes, { least: 0, most: mostDriverBytes }),
    gpuOverheadSpreadBytes: within(calibration.gpuOverheadSpreadBytes, { least: 0, most: mostDriverBytes }),
    ramOffsetBytes: within(calibration.ramOffsetBytes, { least: -mostProcessOffset, most: mostProcessOffset }),
    gpuRamOffsetBytes: within(calibration.gpuRamOffsetBytes, { least: -mostProcessOffset, most: mostProcessOffset }),
    cpuSpeedFactor: within(calibration.cpuSpeedFactor, speed),
    gpuSpeedFactor: within(calibration.gpuSpeedFactor, speed),
  };
}

/**
 * What is left free on a device before a fit is called more than tight: the desktop and other programs take and give memory all the time.
 * @param totalBytes of the device
 */
export function marginBytes(totalBytes: number): number {
  return Math.max(256 * mebibyte, 0.03 * totalBytes);
}

/** The same for the GPU; each of several keeps its own. 0 without one. */
export function gpuMarginBytes(machine: FitMachine): number {
  if (!machine.gpu) return 0;
  const devices = deviceCountOf(machine);
  return devices * marginBytes(machine.gpu.vramBytes / devices);
}
