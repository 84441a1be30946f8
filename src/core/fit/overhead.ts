import type { FitBackend } from './deviceRules.ts';

const mebibyte = 2 ** 20;

/**
 * What the driver keeps on the GPU for one process beside the engine's buffers. First values, to be replaced by what is measured on the
 * machine after loads. CUDA: 73 MiB on a Quadro P1000, about 153 on an 8 GB laptop GPU, 309 on a desktop card (published logs, read
 * 2026-11-21); the others are guesses from fewer logs.
 */
export const driverBytes: Readonly<Record<FitBackend, number>> = {
  cuda: 300 * mebibyte,
  vulkan: 150 * mebibyte,
  metal: 100 * mebibyte,
  cpu: 0,
};

/** Of the process itself, and of each entry of the vocabulary: tokenizer tables and the copies of them. */
const processBytes = 180e6;
const bytesPerToken = 1300;
const leastBytes = 48 * mebibyte;

/**
 * What the runner's process takes in RAM beside weights, cache and working space, less the part of the working space that is reserved but
 * stays untouched. Fitted over 127 measured loads of six shapes from 0.6B to 8B (2026-11-21): weights + cache + 180 MB + 1.3 kB a token is
 * the process's resident memory within 3.0 % at the 95th percentile, whatever the size of the working space.
 * @param of.computeBytes working space in RAM
 */
export function processOverheadBytes(of: { readonly vocabulary: number; readonly computeBytes: number }): number {
  return Math.max(processBytes + bytesPerToken * of.vocabulary - of.computeBytes, leastBytes);
}

/**
 * What is left free on a device before a fit is called more than tight: the desktop and other programs take and give memory all the time.
 * @param totalBytes of the device
 */
export function marginBytes(totalBytes: number): number {
  return Math.max(256 * mebibyte, 0.03 * totalBytes);
}
