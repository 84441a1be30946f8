import type { TankKind } from './tankPart.ts';

interface LegendProps {
  readonly entries: readonly { readonly kind: TankKind; readonly label: string; readonly value?: string }[];
}

/** Direct words for a Tank's colours. */
export function Legend({ entries }: LegendProps) {
  return (
    <div className="legend">
      {entries.map((entry) => (
        <span key={entry.kind}>
          <i className={`m-${entry.kind}`} />
          {entry.label} {entry.value === undefined ? null : <b>{entry.value}</b>}
        </span>
      ))}
    </div>
  );
}
