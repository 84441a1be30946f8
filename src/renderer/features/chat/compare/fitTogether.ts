import type { FitEstimate, FitMachine } from '#core/fit/fitTypes.ts';
import { gpuMarginBytes, marginBytes } from '#core/fit/overhead.ts';
import { formatGibibytes } from '#core/units.ts';
import type { ComparisonDraft } from '#shared/contract/comparisons.ts';

/**
 * Whether the models of a comparison fit in memory side by side, and what that means for how they are asked.
 * @param options.fits of the models of this disk, each as if it were alone; null = not known (yet)
 * @param options.remoteCount models behind endpoints
 */
export function fitTogetherWords(options: {
  readonly fits: readonly (FitEstimate | null)[];
  readonly remoteCount: number;
  readonly machine: FitMachine | null;
  readonly pace: ComparisonDraft['pace'];
}): string {
  const { fits, remoteCount, machine, pace } = options;
  if (fits.length === 0) return 'None of them runs on this machine.';
  const known = fits.filter((fit) => fit !== null);
  if (machine === null || known.length < fits.length) return `How much memory they take is not known yet. ${paceWords(pace, true)}`;
  const { needed, free, fit } = sumOf(known, machine);
  const amount = `${formatGibibytes(needed)} of ${formatGibibytes(free)} free`;
  if (fits.length === 1) return `One of them runs here${fit ? '' : ' and does not fit'}: ${amount}. ${paceWords(pace, true)}`;
  const here = remoteCount === 0 ? '' : ' of this machine';
  if (fit) return `${countWords(fits.length)}${here} fit together: ${amount}. ${paceWords(pace, true)}`;
  return `They do not fit together: ${amount}. ${paceWords(pace, false)}`;
}

/** On the device that is shortest. */
function sumOf(
  fits: readonly FitEstimate[],
  machine: FitMachine,
): { readonly needed: number; readonly free: number; readonly fit: boolean } {
  const gpu = fits.reduce((sum, { bytes }) => sum + bytes.gpu, 0);
  const isShared = machine.gpu?.unified === true;
  const ram = fits.reduce((sum, { bytes }) => sum + bytes.ram + (bytes.untouched ?? 0), 0) + (isShared ? gpu : 0);
  const ramFits = ram + marginBytes(machine.ramBytes) <= machine.ramAvailableBytes;
  const gpuFree = machine.gpu?.freeBytes ?? 0;
  const gpuFits = gpu === 0 || gpu + gpuMarginBytes(machine) <= gpuFree;
  const isOfGpu = gpu > 0 && !isShared && (ramFits || !gpuFits);
  return { needed: isOfGpu ? gpu : ram, free: isOfGpu ? gpuFree : machine.ramAvailableBytes, fit: ramFits && gpuFits };
}

function paceWords(pace: ComparisonDraft['pace'], fit: boolean): string {
  if (pace === 'turns') return fit ? 'They take turns so speeds are comparable.' : 'They take turns, and each makes room for the next.';
  return fit ? 'They write at the same time, so speeds are not comparable.' : 'Those that do not fit beside the others wait for them.';
}

/** `Both`, `All three`, `All four`. */
export function countWords(count: number): string {
  return count === 2 ? 'Both' : `All ${['', 'one', 'two', 'three', 'four'][count] ?? count}`;
}
