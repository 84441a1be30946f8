import type { WhatFitsCell, WhatFitsRow } from '#core/fit/reference/whatFits.ts';
import { formatTokensPerSecond, missing } from '#core/units.ts';
import { fitWords } from '../../ui/fitWords.ts';

const gibibyte = 2 ** 30;

/** The state as short as a cell is narrow. @returns such as `Fits GPU`, `23/37 layers` */
export function cellWords(cell: WhatFitsCell): string {
  return cell.state === 'partial' ? `${cell.gpuLayers}/${cell.layers} layers` : fitWords(cell).short;
}

/** Memory in a narrow cell. @returns such as `6.2 GiB`, `17 GiB` */
export function cellBytes(bytes: number): string {
  const size = bytes / gibibyte;
  return Number.isFinite(size) ? `${size < 9.95 ? size.toFixed(1) : Math.round(size)} GiB` : missing;
}

/** A cell in one sentence, for a screen reader. @returns such as `8B, Q4_K_M: fits GPU, 6.2 GiB` */
export function cellSentence(row: WhatFitsRow, cell: WhatFitsCell): string {
  return `${row.model.size}, ${cell.quant}: ${stateWords(cell)}, ${cellBytes(cell.totalBytes)}`;
}

/** What a pointer that rests on a cell is told. */
export function cellHint(row: WhatFitsRow, cell: WhatFitsCell): string {
  const speed = cell.tokensPerSecond === null ? null : `about ${formatTokensPerSecond(cell.tokensPerSecond, { kind: 'predicted' })}`;
  const facts = [fitWords(cell).words, cellBytes(cell.totalBytes), cell.state === 'none' ? null : speed].filter((fact) => fact !== null);
  return `${row.model.name} ${cell.quant}: ${facts.join(', ')}. Click to search for this size.`;
}

function stateWords(cell: WhatFitsCell): string {
  switch (cell.state) {
    case 'gpu':
      return 'fits GPU';
    case 'partial':
      return `${cell.gpuLayers} of ${cell.layers} layers on GPU`;
    case 'cpu':
      return 'RAM only';
    case 'tight':
      return 'tight, close other apps';
    case 'none':
      return "won't fit";
  }
}
