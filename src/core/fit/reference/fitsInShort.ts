import type { GridQuant, WhatFits, WhatFitsCell, WhatFitsRow } from './whatFits.ts';

/** A size in a quant. */
export interface FittingSize {
  readonly size: string;
  readonly quant: string;
}

/** What a grid comes to. Null = nothing does. */
export interface FitsInShort {
  /**
   * The size to look for on this machine: the largest dense model at Q4_K_M that fits and is quick enough to chat; where none is, the smallest
   * that fits. `unknown` where the memory's speed decides and has not been measured.
   */
  readonly about: { readonly size: string; readonly isQuick: boolean } | 'unknown' | null;
  /** All layers on the GPU, in the best quant that does. */
  readonly largestOnGpu: FittingSize | null;
  readonly usualOnGpu: string | null;
  /** At Q4_K_M, some layers in RAM. */
  readonly withRam: string | null;
  /** In RAM alone: at Q4_K_M, where nothing fits so at the best quant that does. */
  readonly largestInRam: FittingSize | null;
  /** At Q4_K_M; a mixture of experts reads far less than its size for each token, so it is told apart. */
  readonly quickEnough: { readonly dense: string | null; readonly experts: string | null } | 'unknown';
}

/** Where sizes are compared: what most people take, nearly as good as larger ones. */
export const usualQuant: GridQuant = 'Q4_K_M';

/** Faster than people read, so that nobody waits for the next line. Estimates are compared rounded: this is no sharp line. */
export const chatTokensPerSecond = 9;

/** Draws the facts out of a grid that people ask for first. */
export function fitsInShort({ rows, onGpu }: WhatFits): FitsInShort {
  const usual = (row: WhatFitsRow): WhatFitsCell | null => row.cells.find((cell) => cell?.quant === usualQuant) ?? null;
  const fitting = rows.filter((row) => hasRoom(usual(row)));
  const isDense = (row: WhatFitsRow): boolean => row.model.experts === undefined;
  const isQuick = (row: WhatFitsRow): boolean => Math.round(usual(row)?.tokensPerSecond ?? 0) >= chatTokensPerSecond;
  const isSpeedUnknown = fitting.some((row) => usual(row)?.tokensPerSecond === null);
  const quick = fitting.filter(isQuick);
  // On a GPU of unknown speed the size that fits it is still the one to take.
  const sound = fitting.filter((row) => isQuick(row) || (isSpeedUnknown && usual(row)?.state === 'gpu'));
  const best = largest(sound.filter(isDense));
  const [smallest] = fitting;
  const onlyGpu = (cell: WhatFitsCell | null): boolean => cell?.state === 'gpu';
  const inRam = largest(fitting);
  return {
    about:
      best !== null
        ? { size: best, isQuick: true }
        : isSpeedUnknown
          ? 'unknown'
          : smallest
            ? { size: smallest.model.size, isQuick: false }
            : null,
    largestOnGpu: onGpu ? largestWhere(rows, onlyGpu) : null,
    usualOnGpu: onGpu ? largest(rows.filter((row) => onlyGpu(usual(row)))) : null,
    withRam: onGpu ? largest(fitting) : null,
    largestInRam: onGpu ? null : inRam === null ? largestWhere(rows, hasRoom) : { size: inRam, quant: usualQuant },
    quickEnough: isSpeedUnknown
      ? 'unknown'
      : { dense: largest(quick.filter(isDense)), experts: largest(quick.filter((row) => !isDense(row))) },
  };
}

function hasRoom(cell: WhatFitsCell | null): boolean {
  return cell !== null && cell.state !== 'none' && cell.state !== 'tight';
}

/** Rows come smallest first. */
function largest(rows: readonly WhatFitsRow[]): string | null {
  return rows.at(-1)?.model.size ?? null;
}

function largestWhere(rows: readonly WhatFitsRow[], fits: (cell: WhatFitsCell | null) => boolean): FittingSize | null {
  const row = rows.findLast(({ cells }) => cells.some(fits));
  const cell = row?.cells.findLast(fits);
  return row && cell ? { size: row.model.size, quant: cell.quant } : null;
}
