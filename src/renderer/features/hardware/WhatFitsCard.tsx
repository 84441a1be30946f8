import { useMemo } from 'react';
import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import { formatCount } from '#core/units.ts';
import { useLibrary } from '../../stores/library.ts';
import { useModels } from '../../stores/models.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { FitGrid } from './FitGrid.tsx';
import { loadedCells } from './loadedCell.ts';

interface WhatFitsCardProps {
  /** Null while it is made for the first time. */
  readonly grid: WhatFits | null;
  readonly contextTokens: number;
  readonly onContext: (tokens: number) => void;
  readonly withGpu: boolean;
  readonly onWithGpu: (withGpu: boolean) => void;
  /** Without one that can be planned for there is nothing to choose. */
  readonly hasGpu: boolean;
  /** Why a GPU that is there is not planned for; null where there is none, or it is. */
  readonly gpuLeftOut: string | null;
}

const usualContexts: readonly number[] = [2048, 4096, 8192, 16_384, 32_768];

/** Which sizes in which quants this machine takes, now. */
export function WhatFitsCard({ grid, contextTokens, onContext, withGpu, onWithGpu, hasGpu, gpuLeftOut }: WhatFitsCardProps) {
  const loaded = useModels((state) => state.loaded);
  const artifacts = useLibrary((state) => state.artifacts);
  const marked = useMemo(() => (grid === null ? [] : loadedCells(grid, { loaded, artifacts })), [grid, loaded, artifacts]);
  const contexts = [...new Set([...usualContexts, contextTokens])].toSorted((a, b) => a - b);
  return (
    <section className="card what-fits" aria-label="What fits">
      <header>
        <h2 className="h3">What fits</h2>
        <span className="note ell grow">{gpuLeftOut ?? 'all it takes in memory, with your other apps open'}</span>
        {hasGpu ? (
          <Segmented
            label="Plan with the GPU"
            value={withGpu ? 'with' : 'without'}
            onChange={(next) => onWithGpu(next === 'with')}
            options={[
              { value: 'with', label: 'With GPU' },
              { value: 'without', label: 'Without' },
            ]}
          />
        ) : null}
        <Select
          label="Context"
          size="sm"
          value={String(contextTokens)}
          onChange={(next) => onContext(Number(next))}
          options={contexts.map((tokens) => ({ value: String(tokens), label: `${formatCount(tokens)} context` }))}
        />
      </header>
      {grid === null ? <Skeleton label="Working out what fits" rows={10} /> : <FitGrid grid={grid} loaded={marked} />}
    </section>
  );
}
