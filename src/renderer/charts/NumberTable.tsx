import { ScrollBox } from '../ui/ScrollBox.tsx';

interface NumberTableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    readonly label: string;
    readonly values: readonly string[];
    readonly isVerdict?: boolean;
  }[];
}

/** A plain table of a chart's numbers: names left, numbers right. */
export function NumberTable({ caption, columns, rows }: NumberTableProps) {
  return (
    <ScrollBox label={caption}>
      <table className="tbl pc">
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" className={index === 0 ? undefined : 'r'}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.isVerdict ? 'w' : undefined}>
              <th scope="row" title={row.label}>
                {row.label}
              </th>
              {row.values.map((value, index) => (
                <td key={columns[index + 1]} className="r">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
