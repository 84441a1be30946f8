import { formatGibibytes } from '#core/units.ts';
import { Legend } from '../ui/Legend.tsx';
import { memoryParts } from '../ui/shortForms.ts';
import { Tank } from '../ui/Tank.tsx';
import { Ticks } from '../ui/Ticks.tsx';
import type { MemoryBar, MemoryPlan } from './memoryBars.ts';

interface MemoryRulerProps {
  readonly bars: MemoryPlan;
  /** Without the figures at the right; of one bar alone the scale says what it is. */
  readonly isCompact?: boolean;
}

/** One bar for each memory of the machine, all on one scale. */
export function MemoryRuler({ bars: { bars, scaleBytes }, isCompact = false }: MemoryRulerProps) {
  const [only] = bars.length === 1 && isCompact ? bars : [];
  return (
    <div className={['tanks', isCompact ? 'compact' : '', only === undefined ? '' : 'single'].filter(Boolean).join(' ')}>
      {bars.map((bar) => (
        <div key={bar.place} className="contents">
          <span className="lab">{bar.place}</span>
          <div style={{ width: `${(bar.drawnBytes / scaleBytes) * 100}%` }}>
            <Tank parts={bar.parts} total={bar.drawnBytes} label={`${bar.place}: ${barWords(bar)}`} />
          </div>
          <span className="val" aria-hidden="true">
            <b>{memoryParts(bar.usedBytes).value}</b> of {formatGibibytes(bar.totalBytes)}
          </span>
        </div>
      ))}
      <span className="lab" />
      <Ticks totalGib={scaleBytes / 2 ** 30} {...(only === undefined || only.place === 'Memory' ? {} : { of: only.place })} />
      <span className="val" />
    </div>
  );
}

function barWords(bar: MemoryBar): string {
  const short = bar.usedBytes - bar.totalBytes;
  return `${formatGibibytes(bar.usedBytes)} of ${formatGibibytes(bar.totalBytes)}${short > 0 ? `, ${formatGibibytes(short)} short` : ''}`;
}

/** What the colours of the bars stand for, with their sizes. */
export function MemoryLegend({ bars }: { readonly bars: MemoryPlan }) {
  const value = (bytes: number): string => (bytes < 0.1 * 2 ** 30 ? formatGibibytes(bytes) : memoryParts(bytes).value);
  return (
    <Legend
      entries={[
        { kind: 'weights', label: 'Weights', value: value(bars.weights) },
        { kind: 'kv', label: 'KV cache', value: value(bars.kv) },
        { kind: 'compute', label: 'Compute', value: value(bars.compute) },
        { kind: 'other', label: 'Other apps', value: value(bars.other) },
        bars.missing > 0
          ? { kind: 'over', label: 'Missing', value: formatGibibytes(bars.missing) }
          : { kind: 'free', label: 'Free', value: formatGibibytes(bars.free) },
      ]}
    />
  );
}
