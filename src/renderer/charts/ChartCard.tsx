import { ChartNoAxesCombined, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';

interface ChartCardProps {
  readonly title: string;
  readonly note?: string;
  readonly legend?: ReactNode;
  readonly footnote?: ReactNode;
  readonly className?: string;
  readonly chart: ReactNode;
  /** The same numbers as a table. */
  readonly table: ReactNode;
}

/** A card with one chart that can always be read as a table instead. */
export function ChartCard({ title, note, legend, footnote, className, chart, table }: ChartCardProps) {
  const [isTable, setTable] = useState(false);
  const words = isTable ? 'View as chart' : 'View as table';
  return (
    <section className={className === undefined ? 'card chart-card' : `card chart-card ${className}`} aria-label={title}>
      <header>
        <h3 className="h3">{title}</h3>
        {note === undefined ? null : <span className="note ell">{note}</span>}
        <span className="grow" />
        {isTable ? null : legend}
        <button type="button" className="ib sm" aria-label={words} title={words} onClick={() => setTable(!isTable)}>
          {isTable ? <ChartNoAxesCombined size={14} aria-hidden="true" /> : <Table2 size={14} aria-hidden="true" />}
        </button>
      </header>
      <div className={isTable ? 'chart-body as-table' : 'chart-body'}>{isTable ? table : chart}</div>
      {footnote === undefined || isTable ? null : <p className="note chart-foot">{footnote}</p>}
    </section>
  );
}
