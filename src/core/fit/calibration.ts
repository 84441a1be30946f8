import { type FitCalibration, noCalibration } from './fitTypes.ts';
import { countDevices } from './jointDevice.ts';
import { expectedSeconds, type LoadBaseline } from './loadBaseline.ts';

/** One load that happened here, as far as anything is learned from it. Bytes. */
export interface CalibrationLoad {
  /** The model that was loaded. */
  readonly artifactId: string;
  readonly engine: string;
  readonly backend: 'cpu' | 'cuda' | 'vulkan' | 'metal';
  /** Name of the GPU, several joined; null on a CPU. */
  readonly device: string | null;
  readonly isWholeOnGpu: boolean;
  readonly gpuReservedBytes: number;
  /** What the GPU had less after the load; null where it cannot be told. */
  readonly gpuLostBytes: number | null;
  readonly residentBytes: number;
  readonly baseline: LoadBaseline;
  readonly answers: readonly MeasuredAnswer[];
}

/** Speed of generation, at the depth that was in the middle of it. */
export interface MeasuredAnswer {
  readonly tokensPerSecond: number;
  readonly depthTokens: number;
}

const mebibyte = 2 ** 20;
const lastLoads = 5;
/** One load says little of memory: any program may have taken or given some meanwhile. */
const leastLoads = 3;
const leastSpreadBytes = 64 * mebibyte;
/** Of a process's memory: what is the machine's shows in several models. */
const mostLoadsOfOneModel = 2;
/** The formula is as much off from one model to the next on the machine it was made on: less says nothing of this one. */
const leastOffsetBytes = 32 * mebibyte;
/** Driver contexts of 73 to 309 MiB are known (published logs, read 2026-11-21); outside of this, another process moved. */
const driverBounds = { least: -64 * mebibyte, most: 800 * mebibyte };
/** No process is so much smaller than expected, and a library of a GPU takes no more. Outside, the engine did something of its own. */
const processBounds = { least: -192 * mebibyte, most: 1024 * mebibyte };
const speedBounds = { least: 0.2, most: 5 };
/** What is further off is no answer of this machine. */
const possibleSpeeds = { least: 0.02, most: 50 };
/** Models that take less for a token are bound by starting kernels and by sampling, and say nothing of bandwidth. */
const leastSecondsPerToken = 0.0025;

/**
 * What loads on this machine teach about estimates. Only what the formulas cannot know is learned: the driver's share, the process's own memory,
 * and the part of the bandwidth that is reached. Medians of the last five loads of the newest engine, on the processor and on the GPU that was
 * used last; a sum that other programs have moved is left out. Speed needs one load only: the first guess is further off than any answer.
 * @param loads newest first
 * @param bandwidthBytesPerSecond of RAM, that estimates are made with now; null = not measured
 */
export function calibrate(loads: readonly CalibrationLoad[], bandwidthBytesPerSecond: number | null): FitCalibration {
  const engine = loads[0]?.engine;
  const current = loads.filter((load) => load.engine === engine);
  const onCpu = current.filter((load) => load.backend === 'cpu');
  const lastGpu = current.find((load) => load.device !== null);
  const onGpu = current.filter((load) => load.device !== null && load.device === lastGpu?.device && load.backend === lastGpu.backend);
  const overheads = lastWithin(onGpu.map(driverShare), driverBounds);
  const gpuOverheadBytes = overheads.length < leastLoads ? null : Math.max(0, median(overheads));
  const used = new Set([...onCpu, ...onGpu]);
  if (used.size === 0) return noCalibration;
  return {
    gpuOverheadBytes,
    gpuOverheadSpreadBytes: gpuOverheadBytes === null ? null : spreadOf(overheads),
    ramOffsetBytes: ramOffset(onCpu),
    // Shared memory is the process's and the GPU's at once: what is the process's own cannot be told.
    gpuRamOffsetBytes: ramOffset(onGpu.filter((load) => load.backend !== 'metal' && load.gpuLostBytes !== null)),
    cpuSpeedFactor: medianSpeed(onCpu, bandwidthBytesPerSecond),
    gpuSpeedFactor: medianSpeed(
      onGpu.filter((load) => load.isWholeOnGpu),
      bandwidthBytesPerSecond,
    ),
    loads: used.size,
  };
}

/**
 * Measured over expected speed of one load, the median of its answers. What was expected is what would be by the bandwidth of now: one that was
 * measured on a busy machine and again on a calm one must not count twice.
 * @param bandwidthBytesPerSecond of RAM, as now known
 * @returns null where there is no answer, or where it says nothing of bandwidth
 */
export function speedFactor(
  { baseline, answers }: Pick<CalibrationLoad, 'baseline' | 'answers'>,
  bandwidthBytesPerSecond: number | null,
): number | null {
  const then = baseline.bandwidthBytesPerSecond;
  const scale = then === null || bandwidthBytesPerSecond === null ? 1 : then / bandwidthBytesPerSecond;
  const factors = answers.flatMap(({ tokensPerSecond, depthTokens }) => {
    const seconds = expectedSeconds(baseline, depthTokens);
    return seconds === null || seconds * scale < leastSecondsPerToken ? [] : [tokensPerSecond * seconds * scale];
  });
  return factors.length === 0 ? null : median(factors);
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * What a load took of the GPUs, the driver's share included.
 * @returns null where it cannot be told: the driver does not say, or another program has taken or given memory meanwhile
 */
export function ownLossBytes(load: Pick<CalibrationLoad, 'gpuLostBytes' | 'gpuReservedBytes' | 'device'>): number | null {
  const share = driverShare(load);
  return share === null || share < driverBounds.least || share > driverBounds.most ? null : load.gpuLostBytes;
}

/** Of one GPU, beside the engine's buffers. */
function driverShare({
  gpuLostBytes,
  gpuReservedBytes,
  device,
}: Pick<CalibrationLoad, 'gpuLostBytes' | 'gpuReservedBytes' | 'device'>): number | null {
  return gpuLostBytes === null || device === null ? null : (gpuLostBytes - gpuReservedBytes) / countDevices(device);
}

function ramOffset(loads: readonly CalibrationLoad[]): number | null {
  const mixed = fewOfEach(loads);
  const offsets = lastWithin(
    (mixed.length < leastLoads ? loads : mixed).map((load) => load.residentBytes - load.baseline.ramBytes),
    processBounds,
  );
  if (offsets.length < leastLoads) return null;
  const offset = median(offsets);
  return Math.abs(offset) < leastOffsetBytes ? 0 : offset;
}

function fewOfEach(loads: readonly CalibrationLoad[]): CalibrationLoad[] {
  const counts = new Map<string, number>();
  return loads.filter(({ artifactId }) => {
    const count = (counts.get(artifactId) ?? 0) + 1;
    counts.set(artifactId, count);
    return count <= mostLoadsOfOneModel;
  });
}

function medianSpeed(loads: readonly CalibrationLoad[], bandwidthBytesPerSecond: number | null): number | null {
  const factors = lastWithin(
    loads.map((load) => speedFactor(load, bandwidthBytesPerSecond)),
    possibleSpeeds,
  );
  return factors.length === 0 ? null : Math.min(Math.max(median(factors), speedBounds.least), speedBounds.most);
}

function lastWithin(values: readonly (number | null)[], bounds: { readonly least: number; readonly most: number }): number[] {
  const plausible = values.filter((value): value is number => value !== null && value >= bounds.least && value <= bounds.most);
  return plausible.slice(0, lastLoads);
}

/** Three times the median deviation: 1.48 of them are one standard deviation of what is spread normally. */
function spreadOf(values: readonly number[]): number {
  const middle = median(values);
  return Math.max(leastSpreadBytes, 3 * median(values.map((value) => Math.abs(value - middle))));
}
