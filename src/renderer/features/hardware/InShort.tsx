import { chatTokensPerSecond, fitsInShort, usualQuant } from '#core/fit/reference/fitsInShort.ts';
import { inShortRows } from '#core/fit/reference/inShortRows.ts';
import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import { formatCount } from '#core/units.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { isSpeedLeast } from './isSpeedLeast.ts';

/** The grid in a few facts. */
export function InShort({ grid, hardware }: { readonly grid: WhatFits; readonly hardware: Hardware }) {
  const rows = inShortRows(fitsInShort(grid), { onGpu: grid.onGpu, isSpeedLeast: isSpeedLeast(hardware, grid) });
  return (
    <section
      className="card"
      aria-label="In short"
      title={`At ${usualQuant} and ${formatCount(grid.contextTokens)} context. Quick enough is about ${chatTokensPerSecond} tok/s, estimated.`}
    >
      <header>
        <h2 className="h3">In short</h2>
      </header>
      <dl className="kv">
        {rows.map(({ name, value, quant }) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>
              {value} {quant === null ? null : <span className="mono">{quant}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
