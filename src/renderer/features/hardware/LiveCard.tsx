import type { ReactNode } from 'react';
import { Sparkline } from '../../charts/Sparkline.tsx';

interface LiveCardProps {
  readonly title: string;
  readonly note: ReactNode;
  readonly value: string;
  readonly unit: string;
  /** One a second, oldest first; null where nothing was told. */
  readonly values: readonly (number | null)[];
  /** The end of the scale; null lets the values decide. */
  readonly max: number | null;
  /** What the line shows now, in one sentence. */
  readonly label: string;
}

const slots = 61;

/** A number of the moment over its last minute. */
export function LiveCard({ title, note, value, unit, values, max, label }: LiveCardProps) {
  return (
    <div className="card">
      <div className="row spread">
        <h2 className="h3">{title}</h2>
        <span className="note ell">{note}</span>
      </div>
      <div className="v">
        {value} <small>{unit}</small>
      </div>
      <Sparkline values={values} slots={slots} max={max} label={label} />
      <div className="row spread ax">
        <span>60 s ago</span>
        <span>now</span>
      </div>
    </div>
  );
}
