import { ArrowDown, ArrowUp } from 'lucide-react';
import { Icon } from './Icon.tsx';
import type { Sort } from './sort.ts';

interface SortHeaderProps<Column extends string> {
  readonly column: Column;
  readonly label: string;
  readonly sort: Sort<Column>;
  readonly onSort: (sort: Sort<Column>) => void;
  readonly align?: 'left' | 'right';
  /** Direction of the first click: numbers start with the largest. */
  readonly first?: Sort<Column>['direction'];
  readonly title?: string;
  readonly className?: string;
}

/** A `th` that sorts; the second click turns the direction round. */
export function SortHeader<Column extends string>({
  column,
  label,
  sort,
  onSort,
  align = 'left',
  first = 'ascending',
  title,
  className,
}: SortHeaderProps<Column>) {
  const active = sort.column === column;
  const turned = sort.direction === 'ascending' ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={[align === 'right' ? 'r' : '', className ?? ''].filter(Boolean).join(' ') || undefined}
      aria-sort={active ? sort.direction : undefined}
      title={title}
    >
      <button type="button" className="s" onClick={() => onSort({ column, direction: active ? turned : first })}>
        {active ? <Icon of={sort.direction === 'ascending' ? ArrowUp : ArrowDown} size={12} /> : null}
        {label}
      </button>
    </th>
  );
}
