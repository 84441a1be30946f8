interface TicksProps {
  /** The end of the scale in GiB. */
  readonly totalGib: number;
  /** Whose scale it is, where nothing else says so: `GPU`. */
  readonly of?: string;
}

/** Scale under a Tank: about twelve ticks, four of them labelled, the last with its unit. */
export function Ticks({ totalGib, of }: TicksProps) {
  const major = majorStep(totalGib);
  const minor = major / 4;
  const count = Math.floor(totalGib / minor + 1e-6);
  const marks = Array.from({ length: count + 1 }, (_, index) => index * minor);
  const end = `${totalGib >= 100 ? Math.round(totalGib) : Math.round(totalGib * 10) / 10} GiB${of === undefined ? '' : ` ${of}`}`;
  const percent = (value: number): string => `${(value / totalGib) * 100}%`;
  return (
    <div className="ticks" aria-hidden="true">
      {marks.map((value, index) => (
        <i key={value} className={index % 4 === 0 ? 'M' : undefined} style={{ left: percent(value) }} />
      ))}
      {marks
        .filter((value, index) => index % 4 === 0 && value < totalGib * (of === undefined ? 0.86 : 0.72))
        .map((value) => (
          <span
            key={value}
            className={value > totalGib * narrowRoom(end) ? 'near' : undefined}
            style={value === 0 ? { left: -1, transform: 'none' } : { left: percent(value) }}
          >
            {value}
          </span>
        ))}
      <span style={{ left: 'auto', right: 0, transform: 'none' }}>{end}</span>
    </div>
  );
}

/** How far along a narrow scale a number stays clear of the one at its end; on wider ones there is room. */
function narrowRoom(end: string): number {
  return 1 - (end.length * 6 + 14) / 210;
}

function majorStep(totalGib: number): number {
  const rough = totalGib / 4;
  const power = 2 ** Math.round(Math.log2(Math.max(rough, 0.25)));
  return power;
}
