import { formatCount, formatGibibytes, formatGigabytes } from '../units.ts';
import { cheapestChange, type FitChange } from './cheapestChange.ts';
import { estimateFit } from './estimateFit.ts';
import type { FitEstimate, FitMachine, FitOptions, FitShape } from './fitTypes.ts';
import { ifOthersClosed } from './ifOthersClosed.ts';
import { hasRoom } from './smallerOptions.ts';

/** What is to be known about one way to load a model, and what would help. */
export interface FitAdvice {
  readonly now: FitEstimate;
  /** As if other apps were closed; null where that makes nothing better. */
  readonly ifOthersClosed: FitEstimate | null;
  /** The cheapest change that makes it fit with room to spare; null where it does already, or nothing helps. */
  readonly change: (FitChange & { readonly words: string; readonly savedBytes: number }) | null;
}

const ranks = { none: 0, tight: 1, cpu: 2, partial: 3, gpu: 4 } as const;

/**
 * Says how a model fits now, how it would with other apps closed, and what the smallest change is that makes it fit.
 * @param options.weightBytes sizes of the other quants there are
 * @throws {FitInputError} as `estimateFit`
 */
export function adviseFit(
  shape: FitShape,
  machine: FitMachine,
  options: FitOptions & { readonly weightBytes?: readonly number[] },
): FitAdvice {
  const { weightBytes: _, ...asked } = options;
  const now = estimateFit(shape, machine, asked);
  const closed = estimateFit(shape, ifOthersClosed(machine), asked);
  const isBetter = ranks[closed.state] > ranks[now.state] || (closed.state === now.state && closed.gpuLayers > now.gpuLayers);
  const change = hasRoom(now) ? null : cheapestChange(shape, machine, options);
  const savedBytes = change ? now.bytes.total - change.fit.bytes.total : 0;
  return {
    now,
    ifOthersClosed: isBetter ? closed : null,
    change: change && { ...change, savedBytes, words: changeWords(asked, { ...change, savedBytes }) },
  };
}

function changeWords(asked: FitOptions, change: FitChange & { readonly savedBytes: number }): string {
  const { options, weightBytes, savedBytes } = change;
  const parts = [
    ...(weightBytes === null ? [] : [`a smaller quant of ${formatGigabytes(weightBytes)}`]),
    ...(options.kvType === asked.kvType ? [] : ['a cache in 8 bits']),
    ...(options.contextTokens === asked.contextTokens ? [] : [`${formatCount(options.contextTokens)} tokens of context`]),
  ];
  const less = savedBytes > 0 ? `, and needs ${formatGibibytes(savedBytes)} less` : '';
  return `With ${parts.join(' and ')} it fits${less}.`;
}
