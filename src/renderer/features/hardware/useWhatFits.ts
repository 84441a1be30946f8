import { useEffect, useState } from 'react';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { type WhatFits, type WhatFitsRow, whatFitsRows } from '#core/fit/reference/whatFits.ts';

/**
 * The grid of what fits, made row by row so that the page answers in between; the one before stays until the next is whole.
 * @param machine null while it has not been read
 * @returns null until there is one
 */
export function useWhatFits(
  machine: FitMachine | null,
  { contextTokens, withGpu }: { readonly contextTokens: number; readonly withGpu: boolean },
): WhatFits | null {
  const [grid, setGrid] = useState<WhatFits | null>(null);
  useEffect(() => {
    if (machine === null) return;
    const todo = whatFitsRows(machine, { contextTokens, withGpu });
    const rows: WhatFitsRow[] = [];
    let timer: ReturnType<typeof setTimeout>;
    const step = (): void => {
      const next = todo.next();
      if (next.done) return setGrid({ contextTokens, onGpu: withGpu && machine.gpu !== null, rows });
      rows.push(next.value);
      timer = setTimeout(step);
    };
    timer = setTimeout(step);
    return () => clearTimeout(timer);
  }, [machine, contextTokens, withGpu]);
  return grid;
}
